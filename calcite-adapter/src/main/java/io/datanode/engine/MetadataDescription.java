package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnType;
import java.util.List;

/** What the tables of schema {@code metadata} and their columns are called, hold and mean. */
final class MetadataDescription {
  private static final ColumnType TEXT = ColumnType.VARCHAR;

  static final List<Table> TABLES =
      List.of(
          new Table(
              "assets",
              "The assets that the assets node of the catalog lists. Reads that node.",
              List.of(
                  column("asset_identifier", TEXT, false, "Its key in the assets node."),
                  column("asset_id", ColumnType.BIGINT, true, "Its number, as of ASSET_ID."),
                  column("exchange", TEXT, true, "Exchange of a full symbol, else NULL."),
                  column("symbol", TEXT, true, "Symbol of a full symbol, else NULL."))),
          new Table(
              "nodes",
              "The published nodes, one row each.",
              List.of(
                  column("namespace", TEXT, false, "Schema of the node."),
                  column("identifier", TEXT, false, "Published name, unique in its namespace."),
                  column("description", TEXT, true, "What a row is."),
                  column("storage", TEXT, false, "Name of the storage that holds the rows."),
                  column("source", TEXT, false, "Table or files within the storage."),
                  column("storage_hash", TEXT, true, "Identity of the stored table."),
                  column("time_index", TEXT, true, "Column that says when a row holds."),
                  column(
                      "identity",
                      TEXT,
                      true,
                      "Columns that with the time index identify a row, separated by commas."),
                  column(
                      "knowledge_time",
                      TEXT,
                      true,
                      "Column, or rule, that says when a row became known."),
                  column(
                      "snapshot_by",
                      TEXT,
                      true,
                      "Columns that name what is published as a whole, separated by commas."),
                  column(
                      "tie_break",
                      TEXT,
                      true,
                      "Columns that decide between versions of one time, separated by commas."),
                  column("cadence", TEXT, true, "Usual distance between rows, such as 1d."),
                  column("labels", TEXT, true, "Words for searching, separated by commas."),
                  column("row_estimate", ColumnType.BIGINT, true, "About how many rows it has."),
                  column(
                      "inferred",
                      TEXT,
                      true,
                      "How time index, identity and knowledge time were inferred, if not declared."),
                  column("declared_in", TEXT, true, "File and line, path, or row of a table."),
                  column("error", TEXT, true, "Why the node cannot be read, if it cannot."))),
          new Table(
              "columns",
              "The columns of all nodes that can be read.",
              List.of(
                  column("namespace", TEXT, false, "Schema of the node."),
                  column("identifier", TEXT, false, "Published name of the node."),
                  column("column_name", TEXT, false, "Published name of the column."),
                  column("ordinal_position", ColumnType.INTEGER, false, "Its place, from 1."),
                  column("sql_type", TEXT, false, "Its SQL type."),
                  column("dtype", TEXT, false, "Its type token in the catalog."),
                  column("nullable", ColumnType.BOOLEAN, false, "False if it is never NULL."),
                  column(
                      "role", TEXT, true, "time_index, identity or knowledge_time, if it is one."),
                  column("label", TEXT, true, "Short title for people."),
                  column("description", TEXT, true, "What it means."),
                  column("unit", TEXT, true, "Unit of its values, such as USD."),
                  column("stored_name", TEXT, false, "Its name in the storage."),
                  column("native_type", TEXT, false, "Its type in the storage."))),
          new Table(
              "node_status",
              "How far each series of the nodes with a time index reaches. Reads the nodes.",
              List.of(
                  column("namespace", TEXT, false, "Schema of the node."),
                  column("identifier", TEXT, false, "Published name of the node."),
                  column(
                      "asset_identifier",
                      TEXT,
                      true,
                      "The asset, or what identifies the series, separated by commas."),
                  column("first_time", ColumnType.INSTANT, true, "Its first time index."),
                  column("last_time", ColumnType.INSTANT, true, "Its last time index."),
                  column("row_count", ColumnType.BIGINT, true, "How many rows it has."),
                  column(
                      "last_knowledge_time",
                      ColumnType.INSTANT,
                      true,
                      "When the last of them became known."),
                  column(
                      "last_time_any",
                      ColumnType.INSTANT,
                      true,
                      "The last time index of any series of the node."),
                  column(
                      "last_time_all",
                      ColumnType.INSTANT,
                      true,
                      "Up to when all series of the node reach that had rows in the last 30 bars."),
                  column("lag_seconds", ColumnType.BIGINT, true, "From last_time until now."),
                  column(
                      "is_online",
                      ColumnType.BOOLEAN,
                      true,
                      "True if last_time is in this bar or the one before; NULL without cadence."),
                  column("is_online_any", ColumnType.BOOLEAN, true, "The same of last_time_any."),
                  column("is_online_all", ColumnType.BOOLEAN, true, "The same of last_time_all."),
                  column("error", TEXT, true, "Why the node cannot be read, if it cannot."))),
          new Table(
              "storages",
              "The storages that the catalog declares.",
              List.of(
                  column("name", TEXT, false, "Name that nodes refer to."),
                  column("type", TEXT, false, "Kind of storage, such as duckdb."),
                  column("location", TEXT, true, "Where it is, if opened."),
                  column("open", ColumnType.BOOLEAN, false, "True once a statement has used it."),
                  column("declared_in", TEXT, true, "File and line, path, or row of a table."),
                  column("error", TEXT, true, "Why it or its catalog could not be read, if so."))),
          new Table(
              "queries",
              "The last " + QueryLog.SIZE + " statements, running ones included.",
              List.of(
                  column("id", TEXT, false, "Statement id, as cancel takes it."),
                  column("user_name", TEXT, true, "Who ran it."),
                  column("application", TEXT, true, "Application that ran it."),
                  column("started_at", ColumnType.INSTANT, false, "When it began."),
                  column("sql", TEXT, false, "Its text."),
                  column("storage_sql", TEXT, true, "What was sent to the storages."),
                  column("row_count", ColumnType.BIGINT, false, "Rows handed out so far."),
                  column(
                      "shipped_rows",
                      ColumnType.BIGINT,
                      false,
                      "Rows moved into the embedded DuckDB first."),
                  column("pieces", TEXT, true, "What was moved, from where, in what time."),
                  column(
                      "milliseconds",
                      ColumnType.DOUBLE,
                      false,
                      "Time until its end, or until now."),
                  column("outcome", TEXT, false, "running, ok, error or cancelled."),
                  column("sql_state", TEXT, true, "SQLSTATE of its error."),
                  column("error", TEXT, true, "Message of its error."),
                  column("settings", TEXT, false, "Session settings then, as JSON."))));

  private MetadataDescription() {}

  /** A table of the schema. */
  record Table(String name, String description, List<TableColumn> columns) {
    Table {
      columns = List.copyOf(columns);
    }
  }

  /** A column of such a table. */
  record TableColumn(String name, ColumnType type, boolean nullable, String description) {}

  private static TableColumn column(
      String name, ColumnType type, boolean nullable, String description) {
    return new TableColumn(name, type, nullable, description);
  }

  /** The tables, in the order of their names. */
  static List<Table> tables() {
    return TABLES.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }
}
