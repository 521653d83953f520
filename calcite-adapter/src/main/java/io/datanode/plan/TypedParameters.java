package io.datanode.plan;

import java.util.HashSet;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** Parameters whose type their place tells, where Calcite would find none or another. */
final class TypedParameters {
  private static final Set<SqlKind> CASTS = Set.of(SqlKind.CAST, SqlKind.SAFE_CAST);

  private TypedParameters() {}

  /** Parameters, by their index, of which the statement itself says the type: {@code CAST(?)}. */
  static Set<Integer> inCasts(SqlNode query) {
    Set<Integer> found = new HashSet<>();
    query.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            boolean cast = CASTS.contains(call.getKind()) && call.operandCount() > 0;
            if (cast && call.operand(0) instanceof SqlDynamicParam) {
              found.add(((SqlDynamicParam) call.operand(0)).getIndex());
            }
            return super.visit(call);
          }
        });
    return found;
  }

  /** A parameter as the number or the time that its place wants. */
  static SqlNode typed(SqlNode operand, boolean number) {
    if (!(operand instanceof SqlDynamicParam)) {
      return operand;
    }
    return number
        ? cast(operand, SqlTypeName.BIGINT, -1)
        : cast(operand, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6);
  }

  /** {@code ? - INTERVAL …} is a time, not an interval as Calcite would guess. */
  static SqlNode shifted(SqlCall call) {
    boolean sum = call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS;
    if (!sum
        || call.operandCount() != 2
        || !(call.operand(0) instanceof SqlDynamicParam)
        || !(call.operand(1) instanceof SqlIntervalLiteral)) {
      return call;
    }
    return call.getOperator()
        .createCall(
            call.getParserPosition(),
            cast(call.operand(0), SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6),
            call.operand(1));
  }

  /** A parameter that is a column by itself is text, as in PostgreSQL. */
  static void typeItems(SqlSelect select) {
    SqlNodeList items = select.getSelectList();
    for (int i = 0; i < items.size(); i++) {
      SqlNode item = items.get(i);
      if (item instanceof SqlDynamicParam) {
        items.set(i, cast(item, SqlTypeName.VARCHAR, -1));
      } else if (item.getKind() == SqlKind.AS
          && ((SqlCall) item).operand(0) instanceof SqlDynamicParam) {
        ((SqlCall) item).setOperand(0, cast(((SqlCall) item).operand(0), SqlTypeName.VARCHAR, -1));
      }
    }
  }

  /** A node as a value of another type. */
  static SqlNode cast(SqlNode node, SqlTypeName type, int precision) {
    SqlParserPos pos = node.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        pos, node, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, precision, pos), pos));
  }
}
