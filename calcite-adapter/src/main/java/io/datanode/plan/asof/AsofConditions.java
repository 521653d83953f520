package io.datanode.plan.asof;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.ParsedSqlException;
import io.datanode.schema.InvalidExpression;
import io.datanode.storage.sql.AsofMatch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in {@code ON} and in {@code MATCH_CONDITION} of an as-of join, and where it is
 * wrong.
 *
 * <p>Calcite takes one comparison and equalities of bare columns. Here MATCH_CONDITION takes
 * several comparisons and {@code NEAREST(right, left)}, and ON also conditions on one side and
 * comparisons.
 */
public final class AsofConditions {
  private static final String NEAREST = AsofMatch.NEAREST.getName();

  private static final Set<SqlKind> COMPARISONS =
      EnumSet.of(
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL);

  private static final String EXAMPLE = "for example f.time_index <= p.time_index";

  private final Columns columns;

  /**
   * A check of one join.
   *
   * @param columns tells about the columns of its sides
   */
  public AsofConditions(Columns columns) {
    this.columns = columns;
  }

  /** The columns of the two sides of a join. */
  public interface Columns {
    /** True for a column of the left side, false for one of the right, null if neither is known. */
    @Nullable Boolean isLeft(SqlIdentifier column);

    /** The type of a column. */
    RelDataType type(SqlIdentifier column);
  }

  /** MATCH_CONDITION with what it calls NEAREST named. */
  public static SqlNode named(SqlNode match) {
    SqlNode named =
        match.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                boolean nearest = call.getOperator().getName().equalsIgnoreCase(NEAREST);
                return nearest && call.operandCount() == 2
                    ? AsofMatch.NEAREST.createCall(call.getParserPosition(), call.getOperandList())
                    : super.visit(call);
              }
            });
    return named == null ? match : named;
  }

  /** Refuses a MATCH_CONDITION that does not say what is nearest, or says more than it may. */
  public void checkMatch(SqlNode match) {
    boolean says = false;
    for (SqlNode term : terms(match)) {
      checkWhole(term, "MATCH_CONDITION");
      boolean nearest = ((SqlCall) term).getOperator() == AsofMatch.NEAREST;
      boolean strict = term.isA(EnumSet.of(SqlKind.NOT_EQUALS));
      boolean comparison = nearest || strict || isComparison((SqlCall) term);
      if (!comparison || !comparesSides((SqlCall) term)) {
        throw InvalidExpression.at(
            term,
            "MATCH_CONDITION compares values of the two sides with <, <=, >, >= or NEAREST, "
                + EXAMPLE
                + "; put other conditions into ON");
      }
      checkTypes((SqlCall) term);
      says |= !strict;
    }
    if (!says) {
      throw InvalidExpression.at(
          match,
          "MATCH_CONDITION must say with <, <=, >, >= or NEAREST which right row is nearest, "
              + EXAMPLE);
    }
  }

  /** Refuses conditions of ON that would make more than one row of the right side meet. */
  public void checkOn(SqlNode on) {
    for (SqlNode term : terms(on)) {
      Sides sides = new Sides(term);
      if (!sides.left || !sides.right) {
        if (term instanceof SqlCall) {
          checkWhole(term, "ON");
        }
        continue;
      }
      checkWhole(term, "ON");
      boolean allowed = term.getKind() == SqlKind.EQUALS || isComparison((SqlCall) term);
      if (!allowed || !comparesSides((SqlCall) term)) {
        throw InvalidExpression.at(
            term,
            "ON of an ASOF JOIN takes conditions on one side, and equalities and comparisons of one"
                + " side with the other, combined with AND");
      }
      checkTypes((SqlCall) term);
    }
  }

  private static List<SqlNode> terms(SqlNode condition) {
    List<SqlNode> terms = new ArrayList<>();
    if (condition.getKind() == SqlKind.AND) {
      ((SqlCall) condition).getOperandList().forEach(operand -> terms.addAll(terms(operand)));
    } else {
      terms.add(condition);
    }
    return terms;
  }

  private static boolean isComparison(SqlCall term) {
    boolean between =
        term.getKind() == SqlKind.BETWEEN
            && !((SqlBetweenOperator) term.getOperator()).isNegated()
            && term.getOperator() == SqlStdOperatorTable.BETWEEN;
    return between || COMPARISONS.contains(term.getKind());
  }

  /** True if the first operand is of one side and all others are of the other. */
  private boolean comparesSides(SqlCall term) {
    Sides first = new Sides(term.operand(0));
    for (SqlNode operand : term.getOperandList().subList(1, term.operandCount())) {
      Sides other = new Sides(operand);
      boolean unknown = first.unknown || other.unknown;
      boolean apart =
          (first.left && !first.right && other.right && !other.left)
              || (first.right && !first.left && other.left && !other.right);
      if (!unknown && !apart) {
        return false;
      }
    }
    return true;
  }

  private static void checkWhole(SqlNode term, String clause) {
    if (!(term instanceof SqlCall)) {
      throw InvalidExpression.at(term, clause + " takes comparisons, " + EXAMPLE);
    }
    term.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (call.isA(SqlKind.QUERY)) {
              throw InvalidExpression.at(
                  call,
                  "A sub-query cannot stand in "
                      + clause
                      + " of an ASOF JOIN; join it in FROM, or put it into WHERE");
            }
            if (call.getKind() == SqlKind.OVER || !call.getOperator().isDeterministic()) {
              throw InvalidExpression.at(
                  call,
                  clause
                      + " of an ASOF JOIN must mean the same for each row: no window functions, no"
                      + " random numbers");
            }
            return super.visit(call);
          }
        });
  }

  /** Columns are compared only with columns of their kind; Calcite would read text as numbers. */
  private void checkTypes(SqlCall term) {
    SqlNode first = term.operand(0);
    for (SqlNode second : term.getOperandList().subList(1, term.operandCount())) {
      if (!(first instanceof SqlIdentifier) || !(second instanceof SqlIdentifier)) {
        continue;
      }
      RelDataType one = columns.type((SqlIdentifier) first);
      RelDataType two = columns.type((SqlIdentifier) second);
      if (term.getOperator() == AsofMatch.NEAREST && !(hasDistance(one) && hasDistance(two))) {
        throw InvalidExpression.at(
            term,
            "NEAREST compares two times or two numbers; "
                + first
                + " is "
                + one.getSqlTypeName().getName()
                + " and "
                + second
                + " is "
                + two.getSqlTypeName().getName());
      }
      if (!kind(one).equals(kind(two))) {
        throw InvalidExpression.at(
            term,
            "An ASOF JOIN compares columns of one kind; "
                + first
                + " is "
                + one.getSqlTypeName().getName()
                + " and "
                + second
                + " is "
                + two.getSqlTypeName().getName()
                + "; write a CAST");
      }
    }
  }

  private static boolean hasDistance(RelDataType type) {
    return SqlTypeFamily.NUMERIC.contains(type) || SqlTypeFamily.DATETIME.contains(type);
  }

  private static String kind(RelDataType type) {
    for (SqlTypeFamily family :
        List.of(SqlTypeFamily.NUMERIC, SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME)) {
      if (family.contains(type)) {
        return family.name();
      }
    }
    return type.getSqlTypeName().getName();
  }

  /** What the parser is given for USING behind MATCH_CONDITION, of which it knows only ON. */
  public static final String USING = "ON \"using\"";

  /**
   * Makes {@code MATCH_CONDITION … USING (a, b)} the condition of an as-of join.
   *
   * @throws DataNodeException 42601 if it names anything but columns
   */
  public static void readUsing(SqlJoin join) {
    SqlNode condition = join.getCondition();
    boolean using =
        join instanceof SqlAsofJoin
            && condition instanceof SqlCall
            && ((SqlCall) condition).getOperator() instanceof SqlUnresolvedFunction
            && ((SqlCall) condition).getOperator().getName().equals("using");
    if (!using) {
      return;
    }
    for (SqlNode column : ((SqlCall) condition).getOperandList()) {
      if (!(column instanceof SqlIdentifier) || !((SqlIdentifier) column).isSimple()) {
        throw new ParsedSqlException(
            SqlState.SYNTAX_ERROR,
            "USING takes names of columns that both sides have, for example USING"
                + " (asset_identifier), not "
                + column,
            column.getParserPosition());
      }
    }
    SqlParserPos pos = condition.getParserPosition();
    join.setOperand(4, JoinConditionType.USING.symbol(pos));
    join.setOperand(5, new SqlNodeList(((SqlCall) condition).getOperandList(), pos));
  }

  /** Of which sides an expression has columns. */
  private final class Sides {
    private boolean left;
    private boolean right;
    private boolean unknown;

    Sides(SqlNode expression) {
      expression.accept(
          new SqlBasicVisitor<Void>() {
            @Override
            public Void visit(SqlIdentifier column) {
              Boolean isLeft = columns.isLeft(column);
              unknown |= isLeft == null;
              left |= Boolean.TRUE.equals(isLeft);
              right |= Boolean.FALSE.equals(isLeft);
              return null;
            }
          });
    }
  }

  /**
   * Refuses an as-of join that does not say which rows match.
   *
   * @throws DataNodeException 42601 saying how to write it
   */
  public static void requireMatch(SqlJoin join) {
    boolean asof = join.getJoinType() == JoinType.ASOF || join.getJoinType() == JoinType.LEFT_ASOF;
    boolean matched =
        join instanceof SqlAsofJoin && ((SqlAsofJoin) join).getMatchCondition() != null;
    if (asof && !matched) {
      throw new ParsedSqlException(
          SqlState.SYNTAX_ERROR,
          "ASOF JOIN needs MATCH_CONDITION, then ON, for example ASOF JOIN fundamentals f"
              + " MATCH_CONDITION f.time_index <= p.time_index"
              + " ON f.asset_identifier = p.asset_identifier",
          join.getRight().getParserPosition());
    }
  }
}
