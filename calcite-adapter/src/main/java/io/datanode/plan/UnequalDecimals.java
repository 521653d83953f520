package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.Plan.ParameterSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;

/**
 * Compares with decimals that the type of what they are compared with does not hold. A parameter
 * has that type, and a storage would round its value to it; but {@code amount < 0.00014} is asked
 * of a DECIMAL(18, 4) as {@code amount <= 0.0001}, and nothing equals it.
 *
 * <p>A plan holds no values, only the {@link DecimalPlace} of each, so it serves other values too.
 * Another use of such a parameter is refused with 22003.
 */
final class UnequalDecimals extends ExpressionRules {
  private static final Set<SqlKind> COMPARISONS =
      Set.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL);
  private static final Set<SqlKind> NULL_TESTS = Set.of(SqlKind.IS_NULL, SqlKind.IS_NOT_NULL);

  private final RexBuilder builder;
  private final Map<Integer, DecimalPlace> places;
  private final List<ParameterSource> sources;

  /**
   * Rewrites comparisons with some parameters.
   *
   * @param places of the values of these parameters
   * @param sources the user's parameters; what follows from them is added
   */
  UnequalDecimals(
      RexBuilder builder, Map<Integer, DecimalPlace> places, List<ParameterSource> sources) {
    this.builder = builder;
    this.places = places;
    this.sources = sources;
  }

  @Override
  public RexNode visitCall(RexCall call) {
    if (COMPARISONS.contains(call.getKind()) && call.getOperands().size() == 2) {
      RexNode left = call.getOperands().get(0);
      RexNode right = call.getOperands().get(1);
      SqlOperator turned = call.getOperator().reverse();
      if (isUnequal(right)) {
        return compared(left.accept(this), call.getKind(), (RexDynamicParam) right);
      } else if (isUnequal(left) && turned != null) {
        return compared(right.accept(this), turned.getKind(), (RexDynamicParam) left);
      }
    }
    // What Calcite makes of IS DISTINCT FROM asks whether the parameter is NULL, which it is not.
    if (call.isA(NULL_TESTS) && isUnequal(call.getOperands().get(0))) {
      return builder.makeLiteral(call.isA(SqlKind.IS_NOT_NULL));
    }
    return super.visitCall(call);
  }

  private boolean isUnequal(RexNode node) {
    return node instanceof RexDynamicParam
        && places.containsKey(((RexDynamicParam) node).getIndex());
  }

  @Override
  public RexNode visitDynamicParam(RexDynamicParam parameter) {
    if (isUnequal(parameter)) {
      throw new DataNodeException(
          SqlState.NUMERIC_OUT_OF_RANGE,
          "Parameter "
              + (parameter.getIndex() + 1)
              + " has more digits than the "
              + parameter.getType()
              + " it stands beside; write CAST(? AS DECIMAL(precision, scale)) with the digits it"
              + " is to have");
    }
    return parameter;
  }

  private RexNode compared(RexNode value, SqlKind comparison, RexDynamicParam parameter) {
    ParameterSource.User user = (ParameterSource.User) sources.get(parameter.getIndex());
    return places
        .get(parameter.getIndex())
        .compared(
            builder,
            value,
            comparison,
            () -> {
              sources.add(new ParameterSource.Floor(user.index(), user.type()));
              return builder.makeDynamicParam(parameter.getType(), sources.size() - 1);
            });
  }
}
