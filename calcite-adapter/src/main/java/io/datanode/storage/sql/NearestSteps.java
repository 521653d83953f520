package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * The nearest right row on either side in time: the nearer of the nearest before and the nearest
 * after, the one before if both are as near, which is the rule of {@code pandas.merge_asof(…,
 * direction='nearest')}.
 */
final class NearestSteps {
  private static final SqlFunction TIMESTAMP_DIFF =
      SqlBasicFunction.create("TIMESTAMPDIFF", ReturnTypes.BIGINT_NULLABLE, OperandTypes.VARIADIC);

  private final AsofMatch join;
  private final MatchTerms terms;
  private final RexBuilder rex;
  private final int leftFields;
  private final int rightFields;
  private final boolean strict;

  NearestSteps(AsofMatch join) {
    this.join = join;
    this.terms = MatchTerms.of(join);
    this.rex = join.getCluster().getRexBuilder();
    this.leftFields = join.getLeft().getRowType().getFieldCount();
    this.rightFields = join.getRight().getRowType().getFieldCount();
    this.strict = terms.bounds().stream().anyMatch(term -> term.isA(SqlKind.NOT_EQUALS));
  }

  /** The join as two that each look in one direction, with the columns of the one. */
  RelNode rows() {
    RexNode time = RexUtil.shift(terms.rightTime(), -leftFields);
    // A time that is NULL says that nothing matched, which an expression over NULLs may not.
    RelNode right = RowColumns.add(rex, join.getRight(), time, "matched");
    RelNode back = look(join.getLeft(), right, true, 0);
    RelNode both = look(back, right, false, rightFields + 1);
    int earlier = leftFields + rightFields;
    int later = earlier + rightFields + 1;
    RexNode before = rex.makeInputRef(both, earlier);
    RexNode after = rex.makeInputRef(both, later);
    if (join.getJoinType() == JoinRelType.ASOF) {
      both =
          LogicalFilter.create(
              both,
              rex.makeCall(
                  SqlStdOperatorTable.OR,
                  rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, before),
                  rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, after)));
    }
    RelNode chosen = RowColumns.add(rex, both, isNearer(before, after), "earlier");
    RexNode takesEarlier = rex.makeInputRef(chosen, later + 1);
    List<RexNode> columns = new ArrayList<>();
    for (RelDataTypeField field : join.getRowType().getFieldList()) {
      int place = field.getIndex();
      columns.add(
          place < leftFields
              ? rex.makeInputRef(chosen, place)
              : rex.makeCall(
                  field.getType(),
                  SqlStdOperatorTable.CASE,
                  List.of(
                      takesEarlier,
                      rex.makeInputRef(chosen, place),
                      rex.makeInputRef(chosen, place + rightFields + 1))));
    }
    return LogicalProject.create(
        chosen, List.of(), columns, join.getRowType().getFieldNames(), Set.of());
  }

  /**
   * The join in one direction, which keeps all left rows.
   *
   * @param between how many columns are between those of the left side and those of the right
   */
  private RelNode look(RelNode left, RelNode right, boolean back, int between) {
    RexNode leftTime = terms.leftTime();
    SqlOperator operator =
        back
            ? strict ? SqlStdOperatorTable.GREATER_THAN : SqlStdOperatorTable.GREATER_THAN_OR_EQUAL
            : strict ? SqlStdOperatorTable.LESS_THAN : SqlStdOperatorTable.LESS_THAN_OR_EQUAL;
    RexCall nearest = (RexCall) rex.makeCall(operator, leftTime, terms.rightTime());
    List<RexNode> match = new ArrayList<>();
    for (RexCall bound : terms.bounds()) {
      if (bound.isA(SqlKind.NOT_EQUALS)) {
        continue;
      }
      RexCall tighter = MatchTerms.tighter(nearest, bound);
      if (tighter == null) {
        match.add(bound);
      } else {
        nearest = tighter;
      }
    }
    match.add(0, nearest);
    return AsofMatch.create(
        left,
        right,
        behind(join.getCondition(), between),
        behind(RexUtil.composeConjunction(rex, match), between),
        JoinRelType.LEFT_ASOF,
        join.ties());
  }

  /** The condition with the columns of the right side further behind; they may be NULL by now. */
  private RexNode behind(RexNode condition, int between) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return ref.getIndex() < leftFields
                ? ref
                : new RexInputRef(ref.getIndex() + between, ref.getType());
          }
        });
  }

  private RexNode isNearer(RexNode before, RexNode after) {
    RexNode time = terms.leftTime();
    RexNode yes = rex.makeLiteral(true);
    RexNode no = rex.makeLiteral(false);
    return rex.makeCall(
        rex.getTypeFactory().createSqlType(SqlTypeName.BOOLEAN),
        SqlStdOperatorTable.CASE,
        List.of(
            rex.makeCall(SqlStdOperatorTable.IS_NULL, after),
            yes,
            rex.makeCall(SqlStdOperatorTable.IS_NULL, before),
            no,
            // What is equal may be infinite, and has no distance then.
            rex.makeCall(SqlStdOperatorTable.EQUALS, before, time),
            yes,
            rex.makeCall(SqlStdOperatorTable.EQUALS, after, time),
            no,
            rex.makeCall(
                SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
                distance(rex, before, time),
                distance(rex, time, after)),
            yes,
            no));
  }

  /** How far it is from one value to a later one: days, microseconds, or a difference. */
  static RexNode distance(RexBuilder rex, RexNode from, RexNode to) {
    RelDataType type = from.getType();
    if (SqlTypeUtil.isDatetime(type)) {
      String unit = type.getSqlTypeName() == SqlTypeName.DATE ? "DAY" : "MICROSECOND";
      return rex.makeCall(
          nullable(rex, rex.getTypeFactory().createSqlType(SqlTypeName.BIGINT)),
          TIMESTAMP_DIFF,
          List.of(rex.makeLiteral(unit), from, to));
    }
    int scale = Math.max(type.getScale(), to.getType().getScale());
    RelDataType wide =
        nullable(
            rex,
            SqlTypeUtil.isExactNumeric(type) && SqlTypeUtil.isExactNumeric(to.getType())
                ? rex.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, 38, scale)
                : rex.getTypeFactory().createSqlType(SqlTypeName.DOUBLE));
    return rex.makeCall(
        wide,
        SqlStdOperatorTable.MINUS,
        List.of(rex.makeAbstractCast(wide, to, false), rex.makeAbstractCast(wide, from, false)));
  }

  private static RelDataType nullable(RexBuilder rex, RelDataType type) {
    return rex.getTypeFactory().createTypeWithNullability(type, true);
  }
}
