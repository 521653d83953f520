package io.datanode.search;

import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the node that a request means. */
public final class NodeLookup {
  private final Nodes nodes;
  private final Map<NodeName, DataNode> published;

  /** Among nodes as they are published now. */
  public NodeLookup(Nodes nodes) {
    this.nodes = nodes;
    this.published = nodes.snapshot().nodes();
  }

  /**
   * The node that is meant.
   *
   * @param pointer place of the object that holds the target
   * @throws InvalidSearchException 42P01 with the nearest names if there is none or there are
   *     several
   */
  ResolvedNode find(Target target, String pointer) {
    String place = pointer + "/" + target.key();
    NodeName name =
        target.storageHash() != null
            ? byHash(target.text(), place)
            : byIdentifier(target.text(), place);
    return nodes
        .resolve(name)
        .orElseThrow(() -> missing(target.text(), "node", identifiers(), place));
  }

  /**
   * The node that a text names.
   *
   * @param identifier of a node, with its namespace or without
   * @throws InvalidSearchException 42P01 with the nearest names if there is none or there are
   *     several
   */
  public ResolvedNode named(String identifier) {
    return nodes
        .resolve(byIdentifier(identifier, ""))
        .orElseThrow(() -> missing(identifier, "node", identifiers(), ""));
  }

  private NodeName byIdentifier(String identifier, String place) {
    NodeName inDefault = new NodeName(NodeName.DEFAULT_NAMESPACE, identifier);
    if (published.containsKey(inDefault)) {
      return inDefault;
    }
    NodeName found =
        firstOf(
            identifier,
            place,
            name -> name.toString().equals(identifier),
            name -> name.identifier().equals(identifier),
            name -> name.toString().equalsIgnoreCase(identifier),
            name -> name.identifier().equalsIgnoreCase(identifier));
    if (found == null) {
      throw missing(identifier, "node", identifiers(), place);
    }
    return found;
  }

  private NodeName byHash(String hash, String place) {
    NodeName found =
        firstOf(
            hash,
            place,
            name -> hash.equals(node(name).storageHash()),
            name -> hash.equals(tableOf(node(name))),
            // Nodes that are found in a folder have the name of their table or folder.
            name -> node(name).storageHash() == null && name.identifier().equals(hash));
    if (found == null) {
      TreeSet<String> hashes = new TreeSet<>();
      published.forEach((name, node) -> hashes.add(hashOf(node)));
      throw missing(hash, "node with storage hash", hashes, place);
    }
    return found;
  }

  /** Identity of the stored table: as declared, or else the table's name, as in the reference. */
  static String hashOf(DataNode node) {
    if (node.storageHash() != null) {
      return node.storageHash();
    }
    String table = tableOf(node);
    return table != null ? table : node.name().identifier();
  }

  private static @Nullable String tableOf(DataNode node) {
    return node.source() instanceof TableSource.Table table
        ? table.path().get(table.path().size() - 1)
        : null;
  }

  private DataNode node(NodeName name) {
    return published.get(name);
  }

  /** The one node that meets the first of the conditions that any node meets. */
  @SafeVarargs
  private @Nullable NodeName firstOf(
      String wanted, String place, Predicate<NodeName>... conditions) {
    for (Predicate<NodeName> condition : conditions) {
      List<NodeName> found = new ArrayList<>();
      published.keySet().stream().filter(condition).forEach(found::add);
      if (found.size() > 1 && !sameTable(found)) {
        throw new InvalidSearchException(
            SqlState.UNDEFINED_NODE,
            place,
            "'" + wanted + "' could be any of the nodes " + found + "; give the whole name");
      }
      if (!found.isEmpty()) {
        return found.get(0);
      }
    }
    return null;
  }

  private boolean sameTable(List<NodeName> names) {
    DataNode first = node(names.get(0));
    return names.stream()
        .map(this::node)
        .allMatch(
            other ->
                other.storage().equals(first.storage()) && other.source().equals(first.source()));
  }

  private List<String> identifiers() {
    return published.keySet().stream().map(NodeName::toString).toList();
  }

  private static InvalidSearchException missing(
      String wanted, String what, java.util.Collection<String> known, String place) {
    return new InvalidSearchException(
        SqlState.UNDEFINED_NODE,
        place,
        "There is no "
            + what
            + " '"
            + wanted
            + "'"
            + Nearest.hint(wanted, "those there are", known));
  }
}
