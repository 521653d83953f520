package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/** Writes GROUP BY and its aggregate functions. */
final class Groups {
  private final StatementWriter statement;

  Groups(StatementWriter statement) {
    this.statement = statement;
  }

  SelectBlock write(Aggregate aggregate) {
    SelectBlock ends = KeyGroups.write(statement, aggregate);
    if (ends == null) {
      ends = EndsByJoin.write(statement, aggregate);
    }
    if (ends != null) {
      return ends;
    }
    SelectBlock block = statement.visit(aggregate.getInput());
    if (block.compound != null) {
      block = statement.wrap(block);
    }
    List<String> constants = List.of();
    boolean inline = block.onlyRows() && !block.windowed && !block.volatileColumns;
    for (int key : aggregate.getGroupSet()) {
      String text = block.columns.get(key);
      inline &=
          text.indexOf(SqlPieces.ALIAS) >= 0
              && text.indexOf(SqlPieces.PARAMETER) < 0
              && !text.contains("SELECT ");
    }
    if (!inline) {
      constants = block.compound == null ? block.columns : List.of();
      block = statement.wrap(block);
    }
    // The order of rows means nothing to an aggregate, unless a limit depends on it.
    block.orderBy.clear();
    List<String> columns = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      columns.add(block.columns.get(key));
    }
    block.groupBy = groupBy(aggregate, block);
    keepConstants(block, constants, asked(aggregate));
    AggregateCalls calls = new AggregateCalls(statement.dialect(), block);
    for (AggregateCall call : aggregate.getAggCallList()) {
      columns.add(
          aggregate.getGroupType() == Aggregate.Group.SIMPLE
              ? calls.textOfOneSet(call, aggregate.getInput().getRowType())
              : calls.text(call, aggregate.getInput().getRowType()));
    }
    block.aggregated = true;
    block.replaceColumns(columns, StatementWriter.names(aggregate.getRowType()));
    return block;
  }

  /** The keys of which GROUPING may ask. */
  private static ImmutableBitSet asked(Aggregate aggregate) {
    boolean asks =
        aggregate.getAggCallList().stream()
            .anyMatch(call -> call.getAggregation().getKind() == SqlKind.GROUPING);
    return asks ? aggregate.getGroupSet() : ImmutableBitSet.of();
  }

  /**
   * Separators and fractions of quantiles must stay constants where a block has been wrapped; keys
   * that GROUPING asks for must not, as it takes what is grouped by.
   */
  private static void keepConstants(SelectBlock block, List<String> columns, ImmutableBitSet keys) {
    for (int i = 0; i < columns.size(); i++) {
      String text = columns.get(i);
      if (!keys.get(i) && SqlPieces.isConstant(text) && text.indexOf(SqlPieces.PARAMETER) < 0) {
        block.columns.set(i, text);
      }
    }
  }

  private static String groupBy(Aggregate aggregate, SelectBlock block) {
    if (aggregate.getGroupType() == Aggregate.Group.SIMPLE) {
      if (aggregate.getGroupSet().isEmpty()) {
        return aggregate.getAggCallList().isEmpty() ? "()" : "";
      }
      return aggregate.getGroupSet().asList().stream()
          .map(block.columns::get)
          .collect(Collectors.joining(", "));
    }
    List<String> sets = new ArrayList<>();
    for (ImmutableBitSet set : aggregate.getGroupSets()) {
      sets.add(
          set.asList().stream()
              .map(block.columns::get)
              .collect(Collectors.joining(", ", "(", ")")));
    }
    return "GROUPING SETS (" + String.join(", ", sets) + ")";
  }
}
