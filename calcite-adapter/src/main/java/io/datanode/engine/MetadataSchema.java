package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.node.DataNode;
import io.datanode.node.NameList;
import io.datanode.node.NodeName;
import io.datanode.plan.MetadataTables;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of schema {@code metadata}: nodes, their columns, storages, and the last statements.
 *
 * <p>A node whose storage is broken is listed with its error.
 */
final class MetadataSchema implements MetadataTables {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataSchema.class);

  private static final ColumnType TEXT = ColumnType.VARCHAR;

  private static final List<Table> TABLES =
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

  /** What can only be told by asking the storage. */
  private static final Set<String> NEEDS_STORAGE =
      Set.of(
          "time_index",
          "identity",
          "knowledge_time",
          "snapshot_by",
          "tie_break",
          "row_estimate",
          "inferred",
          "error");

  private final Nodes nodes;
  private final QueryLog queryLog;
  private final @Nullable String onlyUser;

  MetadataSchema(Nodes nodes, QueryLog queryLog) {
    this(nodes, queryLog, null);
  }

  private MetadataSchema(Nodes nodes, QueryLog queryLog, @Nullable String onlyUser) {
    this.nodes = nodes;
    this.queryLog = queryLog;
    this.onlyUser = onlyUser;
  }

  /** The same, with the statements of one user only. */
  MetadataSchema withStatementsOf(String user) {
    return new MetadataSchema(nodes, queryLog, user);
  }

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

  @Override
  public Map<String, List<ResultColumn>> columns() {
    Map<String, List<ResultColumn>> columns = new LinkedHashMap<>();
    for (Table table : TABLES) {
      columns.put(
          table.name(),
          table.columns().stream()
              .map(
                  column ->
                      new ResultColumn(
                          column.name(),
                          column.type(),
                          column.nullable(),
                          SCHEMA,
                          table.name(),
                          column.name()))
              .toList());
    }
    return columns;
  }

  /**
   * The rows a table has now.
   *
   * @param wanted names of columns, in the order wanted
   * @param read says of a column whether its values count; storages are not asked for others, which
   *     may then be NULL
   * @param past true for a session in the past, which is not told how many rows there are now
   */
  List<ColumnBatch> rows(
      String tableName, List<String> wanted, Predicate<String> read, boolean past) {
    Table table =
        TABLES.stream()
            .filter(each -> each.name().equals(tableName))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataNodeException(
                        SqlState.UNDEFINED_NODE, "There is no table metadata." + tableName));
    List<String> names = table.columns().stream().map(TableColumn::name).toList();
    int[] positions = wanted.stream().mapToInt(names::indexOf).toArray();
    RowsBuilder rows =
        new RowsBuilder(
            java.util.Arrays.stream(positions)
                .mapToObj(position -> table.columns().get(position).type())
                .toList());
    Consumer<@Nullable Object[]> sink =
        row -> {
          @Nullable Object[] picked = new Object[positions.length];
          for (int i = 0; i < positions.length; i++) {
            picked[i] = row[positions[i]];
          }
          rows.add(picked);
        };
    switch (tableName) {
      case "nodes":
        nodes(
            sink,
            wanted.stream().filter(NEEDS_STORAGE::contains).anyMatch(read),
            read.test("description"),
            past);
        break;
      case "columns":
        columns(sink);
        break;
      case "storages":
        storages(sink);
        break;
      case "queries":
        queries(sink);
        break;
      default:
        throw new DataNodeException(
            SqlState.INTERNAL_ERROR, "The rows of metadata." + tableName + " are those of a query");
    }
    return rows.batches();
  }

  private void nodes(
      Consumer<@Nullable Object[]> sink, boolean askAll, boolean askForDescriptions, boolean past) {
    CatalogSnapshot snapshot = nodes.snapshot();
    Map<NodeName, String> errors = new HashMap<>();
    Map<NodeName, ResolvedNode> asked =
        nodes.resolveAll(
            snapshot.nodes().values().stream()
                .filter(node -> askAll || (askForDescriptions && node.description() == null))
                .map(DataNode::name)
                .toList(),
            (name, e) -> errors.put(name, e.getMessage()));
    for (DataNode node : snapshot.nodes().values()) {
      ResolvedNode resolved = asked.get(node.name());
      String error = errors.get(node.name());
      sink.accept(
          new Object[] {
            node.name().namespace(),
            node.name().identifier(),
            resolved == null ? node.description() : description(resolved),
            storages(node, snapshot),
            node.source().toString(),
            node.storageHash(),
            resolved == null ? node.timeIndex() : resolved.timeIndex(),
            list(resolved == null ? node.identity() : resolved.identity()),
            resolved == null ? node.knowledgeTime() : resolved.knownBy(),
            joined(resolved == null ? node.snapshotBy() : resolved.snapshotBy()),
            joined(resolved == null ? node.tieBreak() : resolved.tieBreak()),
            node.cadence(),
            list(node.labels()),
            resolved == null || past || resolved.table().rowEstimate() < 0
                ? null
                : resolved.table().rowEstimate(),
            resolved == null ? null : inferred(resolved.inferred()),
            snapshot.declaredIn(node.name()).orElse(null),
            error
          });
    }
  }

  /** A declared list, which may be empty; null if it is not declared. */
  private static @Nullable String joined(@Nullable List<String> columns) {
    return columns == null ? null : NameList.join(columns);
  }

  /** The storage of a node; of a stitched one, those of its parts. */
  private static String storages(DataNode node, CatalogSnapshot snapshot) {
    return node.stitch()
        .map(
            stitch ->
                stitch.parts().stream()
                    .flatMap(part -> snapshot.find(part).stream())
                    .map(part -> storages(part, snapshot))
                    .distinct()
                    .collect(Collectors.joining(", ")))
        .orElse(node.storage());
  }

  private void columns(Consumer<@Nullable Object[]> sink) {
    Map<NodeName, ResolvedNode> all = resolvedOrLogged(nodes, nodes.snapshot().nodes().keySet());
    for (NodeName name : nodes.snapshot().nodes().keySet()) {
      ResolvedNode resolved = all.get(name);
      if (resolved == null) {
        continue;
      }
      int position = 0;
      for (NodeColumn column : resolved.columns()) {
        position++;
        sink.accept(
            new Object[] {
              name.namespace(),
              name.identifier(),
              column.name(),
              position,
              column.type().toString(),
              column.dtype(),
              column.nullable(),
              role(resolved, column.name()),
              column.label(),
              column.description(),
              column.unit(),
              column.storedName(),
              column.nativeType()
            });
      }
    }
  }

  private void storages(Consumer<@Nullable Object[]> sink) {
    for (Nodes.StorageState state : nodes.storageStates()) {
      sink.accept(
          new Object[] {
            state.name(),
            state.type(),
            emptyToNull(state.location()),
            state.open(),
            emptyToNull(state.declaredIn()),
            emptyToNull(state.error())
          });
    }
  }

  private void queries(Consumer<@Nullable Object[]> sink) {
    for (QueryLog.Entry entry : queryLog.entries()) {
      if (onlyUser != null && !entry.user.equals(onlyUser)) {
        continue;
      }
      sink.accept(
          new Object[] {
            entry.id,
            emptyToNull(entry.user),
            emptyToNull(entry.application),
            entry.startedAt,
            entry.sql,
            emptyToNull(entry.storageSql()),
            entry.rows(),
            entry.shippedRows(),
            emptyToNull(entry.pieces()),
            Math.round(entry.milliseconds() * 1000) / 1000.0,
            entry.outcome().name().toLowerCase(Locale.ROOT),
            entry.sqlState(),
            entry.error(),
            Json.object(new TreeMap<>(entry.settings()))
          });
    }
  }

  /**
   * Nodes as their storages describe them, without those that cannot be described, which is logged:
   * one broken file must not hide all other nodes.
   */
  static Map<NodeName, ResolvedNode> resolvedOrLogged(Nodes nodes, Collection<NodeName> names) {
    return nodes.resolveAll(
        names,
        (name, e) -> LOG.warn("Node {} is left out of the metadata: {}", name, e.getMessage()));
  }

  /** What a row of the node is: as declared, else the comment in the storage. */
  static @Nullable String description(ResolvedNode node) {
    return node.node().description() == null ? node.table().comment() : node.node().description();
  }

  /** The role of a column, or null. */
  static @Nullable String role(ResolvedNode node, String column) {
    if (column.equals(node.timeIndex())) {
      return "time_index";
    }
    if (node.identity().contains(column)) {
      return "identity";
    }
    return column.equals(node.knowledgeTime()) ? "knowledge_time" : null;
  }

  private static @Nullable String inferred(Map<String, String> inferred) {
    return inferred.isEmpty()
        ? null
        : new TreeMap<>(inferred)
            .entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
  }

  private static @Nullable String list(@Nullable List<String> names) {
    return names == null || names.isEmpty() ? null : NameList.join(names);
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
