package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.NodeName;
import io.datanode.plan.MetadataTables;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * Finds which nodes cannot be read after a statement over {@code metadata.node_status} has failed,
 * so that it can be answered for the others. Nothing is asked of nodes before that.
 */
final class UnreadableNodes {
  private final Nodes nodes;

  UnreadableNodes(Nodes nodes) {
    this.nodes = nodes;
  }

  /** True if a statement may have failed because some node cannot be read. */
  static boolean mayExplain(DataNodeException failure, String sql) {
    return !SqlState.QUERY_CANCELED.code().equals(failure.sqlState())
        && sql.toLowerCase(Locale.ROOT).contains(MetadataTables.NODE_STATUS);
  }

  /**
   * The nodes that cannot be described, or whose rows cannot be read, and why.
   *
   * @param read runs a query; fails as the query does
   * @throws DataNodeException 57014 if the statement was cancelled meanwhile
   */
  Map<NodeName, String> found(Consumer<String> read) {
    Map<NodeName, String> found = new LinkedHashMap<>();
    for (NodeName name : nodes.snapshot().nodes().keySet()) {
      try {
        nodes
            .resolve(name)
            .filter(node -> node.timeIndex() != null)
            .ifPresent(node -> read.accept(allRows(node)));
      } catch (DataNodeException e) {
        if (SqlState.QUERY_CANCELED.code().equals(e.sqlState())) {
          throw e;
        }
        found.put(name, e.getMessage());
      }
    }
    return found;
  }

  /**
   * Reads what the status tells of, to the last row: a later file may be the one that is broken.
   */
  private static String allRows(ResolvedNode node) {
    StringJoiner counts = new StringJoiner(", ", "SELECT ", "");
    counts.add("COUNT(" + quoted(String.valueOf(node.timeIndex())) + ")");
    node.identity().forEach(column -> counts.add("COUNT(" + quoted(column) + ")"));
    if (node.knowledgeTime() != null) {
      counts.add("COUNT(" + quoted(node.knowledgeTime()) + ")");
    }
    NodeName name = node.node().name();
    return counts + " FROM " + quoted(name.namespace()) + '.' + quoted(name.identifier());
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
