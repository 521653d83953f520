package io.datanode.plan.leakage;

import io.datanode.plan.MetadataTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the rows of a relational expression.
 *
 * @param columns what each column tells of time, null for those that tell nothing
 * @param nodes the nodes with a time index whose values are in it
 * @param versions those of them of which every version is in it
 * @param bounded true if an outer row bounds their time from above
 * @param at where the first of the nodes is named
 */
record Rows(
    List<@Nullable TimeColumn> columns,
    Set<String> nodes,
    Set<String> versions,
    boolean bounded,
    @Nullable SqlParserPos at) {
  /** What rows that tell how far nodes reach are of. */
  static final Set<String> STATUS =
      Set.of(MetadataTables.SCHEMA + '.' + MetadataTables.NODE_STATUS);

  /** Rows of no node. */
  static Rows none(int columns) {
    return new Rows(
        new ArrayList<>(Collections.nCopies(columns, null)), Set.of(), Set.of(), false, null);
  }

  Rows with(List<@Nullable TimeColumn> others) {
    return new Rows(others, nodes, versions, bounded, at);
  }

  Rows bounded(boolean now) {
    return new Rows(columns, nodes, versions, bounded || now, at);
  }

  /** The rows of both, side by side. */
  Rows beside(Rows right) {
    List<@Nullable TimeColumn> both = new ArrayList<>(columns);
    both.addAll(right.columns);
    return new Rows(
        both,
        union(nodes, right.nodes),
        union(versions, right.versions),
        bounded || right.bounded,
        at == null ? right.at : at);
  }

  static Set<String> union(Set<String> first, Set<String> second) {
    Set<String> both = new TreeSet<>(first);
    both.addAll(second);
    return both;
  }

  boolean timed() {
    return !nodes.isEmpty();
  }

  String names() {
    return String.join(", ", nodes);
  }
}
