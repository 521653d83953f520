package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
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
 * The rows of schema {@code metadata}: nodes, their columns, storages, and the last statements.
 *
 * <p>A node whose storage is broken is listed with its error.
 */
final class MetadataSchema implements MetadataTables {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataSchema.class);

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

  @Override
  public Map<String, List<ResultColumn>> columns() {
    Map<String, List<ResultColumn>> columns = new LinkedHashMap<>();
    for (MetadataDescription.Table table : MetadataDescription.TABLES) {
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
    MetadataDescription.Table table =
        MetadataDescription.TABLES.stream()
            .filter(each -> each.name().equals(tableName))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataNodeException(
                        SqlState.UNDEFINED_NODE, "There is no table metadata." + tableName));
    List<String> names =
        table.columns().stream().map(MetadataDescription.TableColumn::name).toList();
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
