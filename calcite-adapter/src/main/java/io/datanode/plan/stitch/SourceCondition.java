package io.datanode.plan.stitch;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Decides conditions on where rows come from: {@code _source = 'prices_live'} and the like. */
public final class SourceCondition {
  private static final Set<SqlKind> COMPARISONS = Set.of(SqlKind.EQUALS, SqlKind.NOT_EQUALS);

  private final int column;
  private final String name;

  private SourceCondition(int column, String name) {
    this.column = column;
    this.name = name;
  }

  /**
   * Whether a condition is true of all rows of a part, or of none.
   *
   * @param column place of the name of the part
   * @param name of the part
   * @return empty if that depends on anything else
   */
  public static Optional<Boolean> known(RexNode condition, int column, String name) {
    return new SourceCondition(column, name).known(condition);
  }

  private Optional<Boolean> known(RexNode condition) {
    if (!(condition instanceof RexCall)) {
      return Optional.empty();
    }
    List<RexNode> operands = ((RexCall) condition).getOperands();
    switch (condition.getKind()) {
      case AND:
        return combined(operands, false);
      case OR:
        return combined(operands, true);
      case NOT:
        return known(operands.get(0)).map(truth -> !truth);
      default:
        return COMPARISONS.contains(condition.getKind())
            ? compared((RexCall) condition)
            : Optional.empty();
    }
  }

  /** The result of AND or OR: {@code decisive} as soon as one operand is so. */
  private Optional<Boolean> combined(List<RexNode> operands, boolean decisive) {
    boolean all = true;
    for (RexNode operand : operands) {
      Optional<Boolean> truth = known(operand);
      if (truth.isPresent() && truth.get() == decisive) {
        return truth;
      }
      all &= truth.isPresent();
    }
    return all ? Optional.of(!decisive) : Optional.empty();
  }

  private Optional<Boolean> compared(RexCall comparison) {
    String left = text(comparison.getOperands().get(0));
    String right = text(comparison.getOperands().get(1));
    return left == null || right == null
        ? Optional.empty()
        : Optional.of(left.equals(right) == comparison.isA(SqlKind.EQUALS));
  }

  private @Nullable String text(RexNode operand) {
    if (operand instanceof RexInputRef) {
      return ((RexInputRef) operand).getIndex() == column ? name : null;
    }
    return operand instanceof RexLiteral && SqlTypeUtil.isCharacter(operand.getType())
        ? ((RexLiteral) operand).getValueAs(String.class)
        : null;
  }
}
