package io.datanode.server.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.node.DataNode;
import io.datanode.node.Dtype;
import io.datanode.node.ForeignKey;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.ResolvedNode;
import io.datanode.search.FoundNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes as JSON, with the names that the reference has for what it has too. */
final class NodeJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NodeJson() {}

  /** What the catalog declares; no storage is asked. */
  static ObjectNode declared(DataNode node) {
    ObjectNode json = JSON.createObjectNode();
    json.put("identifier", node.name().identifier());
    json.put("namespace", node.name().namespace());
    json.put("description", node.description());
    json.set("labels", names(node.labels()));
    json.put("cadence", node.cadence());
    json.put("storage", node.storage());
    json.put("storage_hash", node.storageHash());
    return json;
  }

  /** A node that was found by words, with the columns that were. */
  static ObjectNode found(FoundNode found) {
    ObjectNode json = declared(found.node());
    json.put("description", found.description());
    if (!found.columns().isEmpty()) {
      json.set("matched_columns", names(found.columns()));
    }
    return json;
  }

  /** Nodes in the envelope of the reference's lists, which come in pages; ours is one page. */
  static ObjectNode list(List<ObjectNode> nodes) {
    ObjectNode json = JSON.createObjectNode();
    json.put("count", nodes.size()).putNull("next").putNull("previous");
    json.putArray("results").addAll(nodes);
    return json;
  }

  /**
   * All that is known of a node.
   *
   * @param source where its rows are, as the reader may see it
   * @param past true for a reader in the past, who is not told how many rows there are now
   */
  static ObjectNode resolved(ResolvedNode node, String source, boolean past) {
    ObjectNode json = declared(node.node());
    if (node.node().description() == null) {
      json.put("description", node.table().comment());
    }
    json.put("source", source);
    json.put("time_index", node.timeIndex());
    json.set("index_names", names(indexNames(node)));
    json.put("asset", node.asset());
    json.put("knowledge_time", node.knowledgeTime());
    json.set("snapshot_by", namesOrNull(node.snapshotBy()));
    json.set("tie_break", namesOrNull(node.tieBreak()));
    ArrayNode columns = json.putArray("columns");
    for (NodeColumn column : node.columns()) {
      columns.add(column(node, column));
    }
    ArrayNode keys = json.putArray("foreign_keys");
    for (ForeignKey key : node.foreignKeys()) {
      ObjectNode foreign = keys.addObject().put("name", key.name());
      foreign.set("source_columns", names(key.columns()));
      foreign.put("target_namespace", key.target().namespace());
      foreign.put("target_identifier", key.target().identifier());
      foreign.set("target_columns", names(key.targetColumns()));
    }
    json.putPOJO("inferred", node.inferred());
    long rows = past ? -1 : node.table().rowEstimate();
    json.put("row_estimate", rows < 0 ? null : rows);
    return json;
  }

  private static @Nullable ArrayNode namesOrNull(@Nullable List<String> names) {
    return names == null ? null : names(names);
  }

  private static ObjectNode column(ResolvedNode node, NodeColumn column) {
    return JSON.createObjectNode()
        .put("name", column.name())
        .put("dtype", dtype(column))
        .put("type", column.type().toString())
        .put("nullable", column.nullable())
        .put("role", role(node, column.name()))
        .put("label", column.label())
        .put("description", column.description())
        .put("unit", column.unit());
  }

  /** The token of a column's type, which the reference knows whatever the publisher wrote. */
  static String dtype(NodeColumn column) {
    return Dtype.parse(column.dtype())
        .map(Dtype::token)
        .orElseGet(() -> Dtype.token(column.type()));
  }

  private static @Nullable String role(ResolvedNode node, String column) {
    if (column.equals(node.timeIndex())) {
      return "time_index";
    }
    if (node.identity().contains(column)) {
      return "identity";
    }
    return column.equals(node.knowledgeTime()) ? "knowledge_time" : null;
  }

  /** The time index and the identity, as far as there are any. */
  static List<String> indexNames(ResolvedNode node) {
    List<String> names = new ArrayList<>();
    if (node.timeIndex() != null) {
      names.add(node.timeIndex());
    }
    names.addAll(node.identity());
    return names;
  }

  private static ArrayNode names(List<String> names) {
    ArrayNode array = JSON.createArrayNode();
    names.forEach(array::add);
    return array;
  }
}
