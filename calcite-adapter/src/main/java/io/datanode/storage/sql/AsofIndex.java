package io.datanode.storage.sql;

import io.datanode.storage.TableDescription.Index;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * The index that leads from a left row of an as-of join to its right row: one of the right table on
 * the keys of the join, in any order, and then the time.
 */
final class AsofIndex {
  private final StatementWriter statement;
  private final AsofMatch join;
  private final MatchTerms terms;
  private final int leftFields;

  AsofIndex(StatementWriter statement, AsofMatch join, MatchTerms terms) {
    this.statement = statement;
    this.join = join;
    this.terms = terms;
    this.leftFields = join.getLeft().getRowType().getFieldCount();
  }

  boolean exists() {
    Set<String> keys = new HashSet<>();
    for (RexNode equality : terms.equalities()) {
      List<RexNode> sides = ((RexCall) equality).getOperands();
      boolean rightFirst = AsofSides.isRight(sides.get(0), leftFields);
      String key = column(rightFirst ? sides.get(0) : sides.get(1));
      if (key == null) {
        return false;
      }
      keys.add(key);
    }
    String time = column(terms.rightTime());
    StoredTable table = table();
    return time != null
        && table != null
        && table.indexes().stream().anyMatch(index -> leads(index, keys, time));
  }

  private static boolean leads(Index index, Set<String> keys, String time) {
    int count = keys.size();
    return index.columns().size() > count
        && new HashSet<>(index.columns().subList(0, count)).equals(keys)
        && index.columns().get(count).equals(time);
  }

  private @Nullable StoredTable table() {
    RelNode rel = join.getRight();
    while (passes(rel)) {
      rel = rel.getInput(0);
    }
    StoredTable table = rel instanceof TableScan ? statement.table((TableScan) rel) : null;
    return table == null || table.query() != null ? null : table;
  }

  private static boolean passes(RelNode rel) {
    return rel instanceof Project
        || (rel instanceof Filter && ((Filter) rel).getVariablesSet().isEmpty());
  }

  /** The stored name of the column that a value of the right side is; null if it is computed. */
  private @Nullable String column(RexNode value) {
    if (!value.isA(SqlKind.INPUT_REF)) {
      return null;
    }
    int index = ((RexInputRef) value).getIndex() - leftFields;
    RelNode rel = join.getRight();
    while (passes(rel)) {
      if (rel instanceof Project) {
        RexNode below = ((Project) rel).getProjects().get(index);
        if (!below.isA(SqlKind.INPUT_REF)) {
          return null;
        }
        index = ((RexInputRef) below).getIndex();
      }
      rel = rel.getInput(0);
    }
    return rel instanceof TableScan ? statement.table((TableScan) rel).columns().get(index) : null;
  }
}
