package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds nodes by one text: an identifier, or {@code namespace.identifier}. Either part may hold
 * dots itself. Upper and lower case are ignored unless two nodes differ in nothing else.
 */
public final class NodeLookup {
  private final Nodes nodes;
  private final String namespace;

  /**
   * A lookup.
   *
   * @param namespace where a node is looked for first if none is written
   */
  public NodeLookup(Nodes nodes, String namespace) {
    this.nodes = nodes;
    this.namespace = namespace;
  }

  /**
   * The node a text names.
   *
   * @throws DataNodeException 42P01 with the nearest names if there is none
   */
  public ResolvedNode node(String text) {
    CatalogSnapshot snapshot = nodes.snapshot();
    for (NodeName candidate : candidates(text)) {
      Optional<NodeName> name = spelled(snapshot, candidate);
      if (name.isPresent()) {
        Optional<ResolvedNode> found = nodes.resolve(name.get());
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    List<String> known =
        snapshot.nodesIn(namespace).stream().map(DataNode::name).map(NodeName::identifier).toList();
    throw new DataNodeException(
        SqlState.UNDEFINED_NODE,
        "There is no node '"
            + text
            + "' in schema '"
            + namespace
            + "'"
            + Nearest.hint(text, "its nodes", known));
  }

  private List<NodeName> candidates(String text) {
    List<NodeName> candidates = new ArrayList<>();
    candidates.add(new NodeName(namespace, text));
    for (int dot = text.indexOf('.'); dot > 0; dot = text.indexOf('.', dot + 1)) {
      candidates.add(new NodeName(text.substring(0, dot), text.substring(dot + 1)));
    }
    return candidates;
  }

  private static Optional<NodeName> spelled(CatalogSnapshot snapshot, NodeName name) {
    if (snapshot.find(name).isPresent()) {
      return Optional.of(name);
    }
    List<NodeName> alike = snapshot.namesIgnoringCase(name);
    return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
  }
}
