package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelOptUtil.InputFinder;
import org.apache.calcite.plan.Strong;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * Writes a condition on the number of an asset, {@code ASSET_ID(s) = n}, so that each symbol is
 * hashed once and not each row: as those of the different symbols that meet it, which an index can
 * then find.
 */
final class AssetNumbers {
  private static final String FUNCTION = "ASSET_ID";

  private final StatementWriter writer;
  private final Filter filter;
  private final List<RexNode> others = new ArrayList<>();

  AssetNumbers(StatementWriter writer, Filter filter) {
    this.writer = writer;
    this.filter = filter;
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      if (!hashes(term)
          && RexUtil.isDeterministic(term)
          && RexUtil.SubQueryFinder.find(term) == null) {
        others.add(term);
      }
    }
  }

  /**
   * A term of the filter in that form; null if it is none such, or the symbols take a long scan.
   */
  @Nullable String condition(RexNode term, ExpressionWriter expressions) {
    ImmutableBitSet columns = InputFinder.bits(term);
    if (columns.cardinality() != 1
        || !hashes(term)
        || !RexUtil.isDeterministic(term)
        || RexUtil.SubQueryFinder.find(term) != null
        || !isStrict(term)) {
      return null;
    }
    RexInputRef symbol =
        ExpressionWriter.REX.makeInputRef(filter.getInput(), columns.nextSetBit(0));
    RelNode rows = SqlTypeUtil.inCharFamily(symbol.getType()) ? rows(symbol) : null;
    return rows == null
        ? null
        : expressions.text(symbol) + " IN (" + writer.subQuery(symbols(rows, symbol, term)) + ")";
  }

  /** Rows among which are those of all symbols that count; null if none are found quickly. */
  private @Nullable RelNode rows(RexInputRef symbol) {
    RelNode table = filter.getInput();
    if (!(table instanceof TableScan) || !filter.getVariablesSet().isEmpty()) {
      return null;
    }
    if (writer.dialect().picksByIndex()) {
      return KeyWalk.keys(writer, table, List.of(symbol), null) == null ? null : table;
    }
    // Found among the rows that meet the other conditions, they cost no more than these.
    return !writer.dialect().picksByOneKey()
        ? null
        : others.isEmpty()
            ? table
            : LogicalFilter.create(table, RexUtil.composeConjunction(ExpressionWriter.REX, others));
  }

  private static RelNode symbols(RelNode rows, RexInputRef symbol, RexNode term) {
    RelNode different =
        LogicalAggregate.create(
            LogicalProject.create(rows, List.of(), List.of(symbol), List.of("symbol"), Set.of()),
            List.of(),
            ImmutableBitSet.of(0),
            null,
            List.of());
    RexNode condition =
        term.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef column) {
                return ExpressionWriter.REX.makeInputRef(different, 0);
              }
            });
    return LogicalFilter.create(different, condition);
  }

  /** True if the term does not hold where the symbol, and so its number, is NULL. */
  private boolean isStrict(RexNode term) {
    int number = filter.getRowType().getFieldCount();
    RexNode ofNumber =
        term.accept(
            new RexShuttle() {
              @Override
              public RexNode visitCall(RexCall call) {
                return call.getOperator().getName().equals(FUNCTION)
                    ? new RexInputRef(number, call.getType())
                    : super.visitCall(call);
              }
            });
    ImmutableBitSet numbers = ImmutableBitSet.of(number);
    return InputFinder.bits(ofNumber).equals(numbers) && Strong.isNotTrue(ofNumber, numbers);
  }

  private static boolean hashes(RexNode term) {
    try {
      term.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitCall(RexCall call) {
              if (call.getOperator().getName().equals(FUNCTION)) {
                throw new Util.FoundOne(call);
              }
              return super.visitCall(call);
            }
          });
      return false;
    } catch (Util.FoundOne found) {
      return true;
    }
  }
}
