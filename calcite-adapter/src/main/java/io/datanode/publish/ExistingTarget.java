package io.datanode.publish;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import io.datanode.node.RoleInference;
import io.datanode.node.TableSource;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.NewRows;
import io.datanode.storage.NewRows.Field;
import io.datanode.storage.StorageColumn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table of a node that is published already. */
final class ExistingTarget {
  private ExistingTarget() {}

  /**
   * The table of a node.
   *
   * @throws DataNodeException 42P01 if there is no such node; 0A000 if what it shows is not what is
   *     stored, or what identifies its rows is not known
   */
  static Target of(Nodes nodes, NodeName name) {
    ResolvedNode node = nodes.resolve(found(nodes.snapshot(), name)).orElseThrow();
    if (node.stitched()) {
      throw refused(node, "is made of other nodes; publish to one of them");
    }
    checkKey(node);
    checkColumns(node);
    return new Target(
        node.storage(),
        Writers.of(node.storage()),
        node.node().source(),
        node.columns().stream().map(column -> new Field(column.name(), column.type())).toList(),
        String.valueOf(node.timeIndex()),
        node.identity(),
        node.asset(),
        node.knowledgeTime(),
        node.columns().stream().filter(column -> !column.nullable()).map(NodeColumn::name).toList(),
        null);
  }

  private static NodeName found(CatalogSnapshot snapshot, NodeName name) {
    if (snapshot.find(name).isPresent()) {
      return name;
    }
    List<NodeName> same = snapshot.namesIgnoringCase(name);
    if (same.size() == 1) {
      return same.get(0);
    }
    List<String> known = snapshot.nodes().keySet().stream().map(NodeName::toString).toList();
    throw new DataNodeException(
        SqlState.UNDEFINED_NODE,
        "There is no node '"
            + name
            + "' yet, so mode create is what publishes it"
            + Nearest.hint(name.toString(), "the nodes", known));
  }

  /** What is only guessed to identify a row may be too little, and rows would be lost. */
  private static void checkKey(ResolvedNode node) {
    if (node.timeIndex() == null) {
      throw refused(node, "has no time index");
    }
    boolean guessed = RoleInference.isGuess(node.inferred().get(RoleInference.TIME_INDEX));
    if (guessed || node.key().isEmpty()) {
      throw refused(
          node, "does not say what identifies its rows; declare index_names in the catalog");
    }
    List<String> ties = node.tieBreak();
    if (ties != null && !ties.isEmpty()) {
      throw refused(
          node, "has rows that only " + String.join(", ", ties) + " tells apart, by its tie_break");
    }
  }

  private static void checkColumns(ResolvedNode node) {
    TableSource shown = node.node().source();
    TableSource stored =
        shown instanceof TableSource.Files files ? files.withHidden(List.of()) : shown;
    Map<String, ColumnType> types = new HashMap<>();
    for (StorageColumn column :
        node.storage().describe(stored.withConversions(Map.of())).columns()) {
      types.put(column.name(), column.type());
    }
    for (NodeColumn column : node.columns()) {
      if (!NewRows.isWritten(column.type())) {
        throw refused(node, "has a column '" + column.name() + "' of type " + column.nativeType());
      }
      ColumnType storedType = types.remove(column.storedName());
      if (!column.name().equals(column.storedName()) || !column.type().equals(storedType)) {
        throw refused(
            node,
            "shows the stored column '"
                + column.storedName()
                + "' as '"
                + column.name()
                + "' of type "
                + column.type()
                + (column.type().equals(storedType) ? "" : ", which is " + storedType));
      }
    }
    if (!types.isEmpty()) {
      throw refused(node, "does not show the stored columns " + String.join(", ", types.keySet()));
    }
  }

  private static DataNodeException refused(ResolvedNode node, String why) {
    return new DataNodeException(
        SqlState.NOT_SUPPORTED, "Node '" + node.node().name() + "' is not written to: it " + why);
  }
}
