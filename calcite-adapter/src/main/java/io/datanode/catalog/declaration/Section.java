package io.datanode.catalog.declaration;

import java.util.List;

/** The parts of a catalog file and the keys each may have. */
enum Section {
  CATALOG("the catalog", "storages", "nodes", "assets"),
  NODE(
      "a node",
      "identifier",
      "namespace",
      "description",
      "storage",
      "files",
      "table",
      "format",
      "hidden",
      "partitioned",
      "time_index",
      "index_names",
      "identity",
      "asset",
      "knowledge_time",
      "snapshot_by",
      "tie_break",
      "cadence",
      "labels",
      "storage_hash",
      "stitch",
      "columns",
      "only_declared_columns",
      "foreign_keys"),
  COLUMN("a column", "dtype", "label", "description", "unit", "stored_name", "epoch", "nullable"),
  FOREIGN_KEY("a foreign key", "name", "columns", "node", "node_columns"),
  STITCH("'stitch'", "parts", "boundary", "zone", "overlap", "side_by_side"),
  ASSETS("assets", "node", "key");

  private final String title;
  private final List<String> keys;

  Section(String title, String... keys) {
    this.title = title;
    this.keys = List.of(keys);
  }

  /** What it is, for error messages. */
  String title() {
    return title;
  }

  List<String> keys() {
    return keys;
  }
}
