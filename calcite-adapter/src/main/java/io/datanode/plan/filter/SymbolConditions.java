package io.datanode.plan.filter;

import io.datanode.schema.AssetFunctions;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Says conditions on the exchange and the symbol of a full symbol as conditions on the full symbol
 * itself, which a storage finds by its index, its partitions or its statistics.
 *
 * <p>{@code EXCHANGE(s) = 'binance'} holds only between {@code 'binance::'} and {@code
 * 'binance:;'}, and is still checked there; with {@code SYMBOL(s) = 'BTC_USDT'} both are {@code s =
 * 'binance::BTC_USDT'}.
 */
public final class SymbolConditions {
  /** The code point behind the colon, so that what begins with two colons is less. */
  private static final String BEHIND = ":;";

  private final RexBuilder rex;

  /** Of the expressions that this makes. */
  public SymbolConditions(RexBuilder rex) {
    this.rex = rex;
  }

  /** The same query with such conditions. */
  public RelNode apply(RelNode query) {
    return query.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(LogicalFilter filter) {
            RelNode input = filter.getInput().accept(this);
            RexNode condition = rewritten(filter.getCondition());
            return filter.copy(filter.getTraitSet(), input, condition);
          }
        });
  }

  private RexNode rewritten(RexNode condition) {
    List<RexNode> terms = new ArrayList<>();
    List<RexNode> given = RelOptUtil.conjunctions(condition);
    for (RexNode term : given) {
      RexNode whole = whole(term, given);
      if (whole != null) {
        terms.add(whole);
        continue;
      }
      RexNode range = range(term);
      if (range != null) {
        terms.add(range);
      }
      terms.add(term);
    }
    return terms.size() == given.size() && terms.equals(given)
        ? condition
        : RexUtil.composeConjunction(rex, terms.stream().distinct().toList());
  }

  /** What both parts say together, for a term about one of them; null if one is not said. */
  private @Nullable RexNode whole(RexNode term, List<RexNode> terms) {
    Part mine = part(term);
    if (mine == null) {
      return null;
    }
    for (RexNode other : terms) {
      Part theirs = part(other);
      if (theirs != null && theirs.function() != mine.function() && theirs.of().equals(mine.of())) {
        boolean exchange = mine.function() == AssetFunctions.EXCHANGE;
        String symbol =
            (exchange ? mine : theirs).value()
                + AssetFunctions.SEPARATOR
                + (exchange ? theirs : mine).value();
        return AssetFunctions.isFullSymbol(symbol)
            ? compared(SqlStdOperatorTable.EQUALS, mine.of(), symbol)
            : null;
      }
    }
    return null;
  }

  /** Where a condition on the exchange can hold; null if that is anywhere. */
  private @Nullable RexNode range(RexNode term) {
    if (term.isA(SqlKind.OR)) {
      List<RexNode> ranges = new ArrayList<>();
      for (RexNode choice : RelOptUtil.disjunctions(term)) {
        RexNode range = range(choice);
        if (range == null) {
          return null;
        }
        ranges.add(range);
      }
      return RexUtil.composeDisjunction(rex, ranges);
    }
    Part part = part(term);
    if (part == null || part.function() != AssetFunctions.EXCHANGE) {
      return null;
    }
    return rex.makeCall(
        SqlStdOperatorTable.AND,
        compared(
            SqlStdOperatorTable.GREATER_THAN_OR_EQUAL,
            part.of(),
            part.value() + AssetFunctions.SEPARATOR),
        compared(SqlStdOperatorTable.LESS_THAN, part.of(), part.value() + BEHIND));
  }

  private RexNode compared(SqlOperator operator, RexNode text, String value) {
    return rex.makeCall(
        operator,
        text,
        rex.makeLiteral(value, rex.getTypeFactory().createSqlType(SqlTypeName.VARCHAR), false));
  }

  /** {@code EXCHANGE(s) = 'x'} or {@code SYMBOL(s) = 'x'}. */
  private record Part(SqlOperator function, RexNode of, String value) {}

  private static @Nullable Part part(RexNode term) {
    if (!term.isA(SqlKind.EQUALS)) {
      return null;
    }
    List<RexNode> sides = ((RexCall) term).getOperands();
    Part part = part(sides.get(0), sides.get(1));
    return part == null ? part(sides.get(1), sides.get(0)) : part;
  }

  private static @Nullable Part part(RexNode call, RexNode constant) {
    RexNode literal =
        constant.isA(SqlKind.CAST) && SqlTypeUtil.inCharFamily(constant.getType())
            ? ((RexCall) constant).getOperands().get(0)
            : constant;
    boolean text =
        literal instanceof RexLiteral
            && !((RexLiteral) literal).isNull()
            && SqlTypeUtil.inCharFamily(literal.getType());
    String value = text ? ((RexLiteral) literal).getValueAs(String.class) : null;
    SqlOperator function = call instanceof RexCall ? ((RexCall) call).getOperator() : null;
    boolean known = function == AssetFunctions.EXCHANGE || function == AssetFunctions.SYMBOL;
    return known && value != null
        ? new Part(function, ((RexCall) call).getOperands().get(0), value)
        : null;
  }
}
