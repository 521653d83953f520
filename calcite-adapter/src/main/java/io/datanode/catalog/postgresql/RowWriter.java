package io.datanode.catalog.postgresql;

import io.datanode.catalog.CatalogChanges;
import io.datanode.catalog.CatalogChanges.Change;
import io.datanode.catalog.CatalogChanges.Kind;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.declaration.Written;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.EpochUnit;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import io.datanode.node.Stitch;
import io.datanode.node.TableSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes what has changed in a catalog into its tables. */
final class RowWriter {
  private final CatalogDatabase database;
  private final Connection connection;
  private final CatalogSnapshot declared;

  /**
   * A writer.
   *
   * @param connection in a transaction
   * @param declared what the tables are to say
   */
  RowWriter(CatalogDatabase database, Connection connection, CatalogSnapshot declared) {
    this.database = database;
    this.connection = connection;
    this.declared = declared;
  }

  /** Forgets all that the tables say. */
  static void clear(CatalogDatabase database, Connection connection) throws SQLException {
    for (String table : List.of("assets", "foreign_keys", "columns", "nodes", "storages")) {
      try (PreparedStatement statement =
          connection.prepareStatement("DELETE FROM " + database.table(table))) {
        statement.executeUpdate();
      }
    }
  }

  /** Makes the tables say what is declared. */
  void write(CatalogChanges changes) throws SQLException {
    storages(changes.storages());
    nodes(changes.nodes());
    if (changes.assets()) {
      assets();
    }
  }

  private void storages(List<Change<String>> changes) throws SQLException {
    List<StorageDeclaration> written =
        names(changes, Kind.ADDED, Kind.CHANGED).stream().map(declared.storages()::get).toList();
    upsert(
        "storages",
        List.of("name", "type"),
        1,
        written.stream().map(storage -> row(storage.name(), storage.type())).toList());
    delete("storages", List.of("name"), rows(names(changes, Kind.REMOVED)));
    delete("storage_options", List.of("storage"), rows(names(changes, Kind.CHANGED)));
    List<@Nullable Object[]> options = new ArrayList<>();
    for (StorageDeclaration storage : written) {
      storage.options().forEach((key, value) -> options.add(row(storage.name(), key, value)));
    }
    upsert("storage_options", List.of("storage", "key", "value"), 2, options);
  }

  private void nodes(List<Change<NodeName>> changes) throws SQLException {
    List<DataNode> written =
        names(changes, Kind.ADDED, Kind.CHANGED).stream().map(declared.nodes()::get).toList();
    List<String> key = List.of("namespace", "identifier");
    delete("nodes", key, nodeRows(names(changes, Kind.REMOVED)));
    List<@Nullable Object[]> again = nodeRows(names(changes, Kind.CHANGED));
    delete("columns", key, again);
    delete("foreign_keys", key, again);
    upsert(
        "nodes",
        List.of(
            "namespace",
            "identifier",
            "description",
            "storage",
            "table_path",
            "files",
            "format",
            "hidden",
            "partitioned",
            "time_index",
            "identity",
            "asset",
            "knowledge_time",
            "snapshot_by",
            "tie_break",
            "cadence",
            "labels",
            "storage_hash",
            "only_declared_columns",
            "stitch_parts",
            "stitch_boundary",
            "stitch_zone",
            "stitch_overlap",
            "stitch_side_by_side"),
        2,
        written.stream().map(this::nodeRow).toList());
    List<@Nullable Object[]> columns = new ArrayList<>();
    List<@Nullable Object[]> foreignKeys = new ArrayList<>();
    for (DataNode node : written) {
      for (int i = 0; i < node.columns().size(); i++) {
        columns.add(columnRow(node.name(), node.columns().get(i), i + 1));
      }
      for (int i = 0; i < node.foreignKeys().size(); i++) {
        foreignKeys.add(foreignKeyRow(node.name(), node.foreignKeys().get(i), i + 1));
      }
    }
    upsert(
        "columns",
        List.of(
            "namespace",
            "identifier",
            "name",
            "position",
            "dtype",
            "label",
            "description",
            "unit",
            "stored_name",
            "epoch",
            "nullable"),
        3,
        columns);
    upsert(
        "foreign_keys",
        List.of(
            "namespace",
            "identifier",
            "position",
            "name",
            "columns",
            "target_namespace",
            "target_identifier",
            "target_columns"),
        3,
        foreignKeys);
  }

  private @Nullable Object[] nodeRow(DataNode node) {
    List<String> path = node.source() instanceof TableSource.Table table ? table.path() : null;
    TableSource.Files files = node.source() instanceof TableSource.Files some ? some : null;
    Optional<Stitch> stitch = node.stitch();
    StorageDeclaration storage = declared.storages().get(node.storage());
    String folder = storage == null ? null : storage.options().get("path");
    return row(
        node.name().namespace(),
        node.name().identifier(),
        node.description(),
        stitch.isPresent() ? null : node.storage(),
        path,
        files == null
            ? null
            : files.globs().stream().map(glob -> Written.file(folder, glob)).toList(),
        files == null ? null : Written.format(files.format()),
        files == null ? List.of() : files.hidden(),
        files == null ? null : Written.partitioned(files).orElse(null),
        node.timeIndex(),
        node.identity(),
        node.asset(),
        node.knowledgeTime(),
        node.snapshotBy(),
        node.tieBreak(),
        node.cadence(),
        node.labels(),
        node.storageHash(),
        node.onlyDeclaredColumns(),
        stitch.map(of -> of.parts().stream().map(Written::name).toList()).orElse(null),
        stitch.flatMap(Written::boundary).orElse(null),
        stitch.flatMap(Written::zone).orElse(null),
        stitch.flatMap(Written::overlap).orElse(null),
        stitch.map(Stitch::sideBySide).filter(sideBySide -> sideBySide).orElse(null));
  }

  private static @Nullable Object[] columnRow(NodeName node, Column column, int position) {
    return row(
        node.namespace(),
        node.identifier(),
        column.name(),
        position,
        Written.dtype(column).orElse(null),
        column.label(),
        column.description(),
        column.unit(),
        column.storedName().equals(column.name()) ? null : column.storedName(),
        Optional.ofNullable(column.epoch()).map(EpochUnit::token).orElse(null),
        column.nullable());
  }

  private static @Nullable Object[] foreignKeyRow(NodeName node, ForeignKey key, int position) {
    return row(
        node.namespace(),
        node.identifier(),
        position,
        key.name(),
        key.columns(),
        key.target().namespace(),
        key.target().identifier(),
        key.targetColumns());
  }

  private void assets() throws SQLException {
    Optional<NodeName> node = declared.assetsNode();
    delete("assets", List.of("only_row"), List.<@Nullable Object[]>of(row(true)));
    if (node.isPresent() && declared.assetsKey().isPresent()) {
      upsert(
          "assets",
          List.of("only_row", "namespace", "identifier", "key"),
          1,
          List.<@Nullable Object[]>of(
              row(
                  true,
                  node.get().namespace(),
                  node.get().identifier(),
                  declared.assetsKey().get())));
    }
  }

  /** Adds rows, or replaces those with the same key. */
  private void upsert(
      String table, List<String> columns, int keyLength, List<@Nullable Object[]> rows)
      throws SQLException {
    String values = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
    String replaced =
        columns.stream()
            .skip(keyLength)
            .map(column -> column + " = EXCLUDED." + column)
            .collect(Collectors.joining(", "));
    batch(
        "INSERT INTO "
            + database.table(table)
            + " ("
            + String.join(", ", columns)
            + ") VALUES ("
            + values
            + ") ON CONFLICT ("
            + String.join(", ", columns.subList(0, keyLength))
            + ") DO UPDATE SET "
            + replaced,
        rows);
  }

  private void delete(String table, List<String> key, List<@Nullable Object[]> rows)
      throws SQLException {
    batch(
        "DELETE FROM "
            + database.table(table)
            + " WHERE "
            + key.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND ")),
        rows);
  }

  private void batch(String sql, List<@Nullable Object[]> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (@Nullable Object[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          if (row[i] instanceof List<?> texts) {
            statement.setArray(i + 1, connection.createArrayOf("text", texts.toArray()));
          } else {
            statement.setObject(i + 1, row[i]);
          }
        }
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static List<@Nullable Object[]> rows(List<String> names) {
    return names.stream().map(name -> row(name)).toList();
  }

  private static List<@Nullable Object[]> nodeRows(List<NodeName> names) {
    return names.stream().map(name -> row(name.namespace(), name.identifier())).toList();
  }

  private static <T> List<T> names(List<Change<T>> changes, Kind... kinds) {
    return changes.stream()
        .filter(change -> Arrays.asList(kinds).contains(change.kind()))
        .map(Change::name)
        .toList();
  }
}
