package io.datanode.catalog.postgresql;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.declaration.CatalogFolder;
import io.datanode.catalog.declaration.Problems;
import io.datanode.catalog.declaration.References;
import io.datanode.catalog.declaration.Value;
import io.datanode.catalog.declaration.Value.Mapping;
import io.datanode.catalog.declaration.Value.Place;
import io.datanode.catalog.declaration.Value.Scalar;
import io.datanode.catalog.declaration.Value.Sequence;
import io.datanode.catalog.declaration.Written;
import io.datanode.node.NodeName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a catalog as the keys and values that a {@code catalog.yaml} would have, so
 * that the same rules hold and the same mistakes are told. A place is a row.
 */
final class DeclaredRows {
  /** What to make of the keys and values. */
  @FunctionalInterface
  interface Reading {
    CatalogSnapshot read(Optional<Mapping> catalog, Problems problems, CatalogFolder folder);
  }

  private final CatalogDatabase database;
  private final Connection connection;
  private final List<String> rows = new ArrayList<>();
  private final Problems problems = new Problems(new RowPlaces());
  private final References references;

  private DeclaredRows(
      CatalogDatabase database,
      Connection connection,
      Function<String, @Nullable String> environment) {
    this.database = database;
    this.connection = connection;
    this.references = new References(environment, problems);
  }

  /**
   * What the rows declare.
   *
   * @param connection in a transaction, so that all tables are seen at one moment
   * @throws io.datanode.catalog.InvalidCatalogException if a row breaks a rule
   */
  static CatalogSnapshot read(
      CatalogDatabase database,
      Connection connection,
      Function<String, @Nullable String> environment,
      Reading reading)
      throws SQLException {
    DeclaredRows declared = new DeclaredRows(database, connection, environment);
    return reading.read(Optional.of(declared.catalog()), declared.problems, CatalogFolder.none());
  }

  /** Names rows by their table and key. */
  private final class RowPlaces implements Problems.Places {
    @Override
    public String where(Place place) {
      return database.location().shown() + ", " + declared(place);
    }

    @Override
    public String declared(Place place) {
      return rows.get(place.line() - 1);
    }

    @Override
    public String elsewhere(Place place) {
      return "in " + declared(place);
    }
  }

  private Place row(String table, String... key) {
    String name = database.location().schema() + "." + table;
    rows.add(key.length == 0 ? name : name + " (" + String.join(", ", key) + ")");
    return new Place(rows.size(), 1);
  }

  private Mapping catalog() throws SQLException {
    Fields catalog = new Fields(row("catalog_state"));
    catalog.put("storages", storages());
    catalog.put("nodes", nodes());
    catalog.put("assets", assets());
    return catalog.mapping();
  }

  private Mapping storages() throws SQLException {
    Map<String, Fields> storages = new LinkedHashMap<>();
    each(
        "SELECT name, type FROM " + database.table("storages") + " ORDER BY name",
        row -> {
          Fields storage = new Fields(row("storages", row.getString(1)));
          storage.text("type", row.getString(2));
          storages.put(row.getString(1), storage);
        });
    each(
        "SELECT storage, key, value FROM "
            + database.table("storage_options")
            + " ORDER BY storage, key",
        row -> {
          Place place = row("storage_options", row.getString(1), row.getString(2));
          storages
              .get(row.getString(1))
              .put(row.getString(2), scalar(place, row.getString(3), references));
        });
    Fields all = new Fields(row("storages"));
    storages.forEach((name, storage) -> all.put(name, storage.mapping()));
    return all.mapping();
  }

  private Sequence nodes() throws SQLException {
    Map<NodeName, Fields> columns = columns();
    Map<NodeName, List<Value>> foreignKeys = foreignKeys();
    List<Value> nodes = new ArrayList<>();
    each(
        "SELECT namespace, identifier, description, storage, table_path, files, format, hidden,"
            + " partitioned, time_index, identity, asset, knowledge_time, snapshot_by, tie_break,"
            + " cadence, labels, storage_hash, only_declared_columns, stitch_parts, stitch_boundary, stitch_zone,"
            + " stitch_overlap, stitch_side_by_side FROM "
            + database.table("nodes")
            + " ORDER BY namespace, identifier",
        row -> {
          NodeName name = new NodeName(row.getString("namespace"), row.getString("identifier"));
          Fields node = new Fields(row("nodes", name.namespace(), name.identifier()));
          for (String key :
              List.of(
                  "identifier",
                  "namespace",
                  "description",
                  "storage",
                  "format",
                  "time_index",
                  "asset",
                  "knowledge_time",
                  "cadence",
                  "storage_hash")) {
            node.text(key, row.getString(key));
          }
          node.texts("table", row.getArray("table_path"));
          node.texts("files", row.getArray("files"));
          if (row.getArray("files") != null) {
            node.texts("hidden", row.getArray("hidden"));
          }
          node.texts("identity", row.getArray("identity"));
          node.texts("snapshot_by", row.getArray("snapshot_by"));
          node.texts("tie_break", row.getArray("tie_break"));
          node.texts("labels", row.getArray("labels"));
          node.truth("partitioned", row.getObject("partitioned", Boolean.class));
          node.truth("only_declared_columns", row.getBoolean("only_declared_columns"));
          node.put("stitch", stitch(row, node.place));
          Optional.ofNullable(columns.get(name))
              .ifPresent(declared -> node.put("columns", declared.mapping()));
          Optional.ofNullable(foreignKeys.get(name))
              .ifPresent(keys -> node.put("foreign_keys", new Sequence(node.place, keys)));
          nodes.add(node.mapping());
        });
    return new Sequence(row("nodes"), nodes);
  }

  private static @Nullable Mapping stitch(ResultSet row, Place place) throws SQLException {
    if (row.getArray("stitch_parts") == null) {
      return null;
    }
    Fields stitch = new Fields(place);
    stitch.texts("parts", row.getArray("stitch_parts"));
    stitch.text("boundary", row.getString("stitch_boundary"));
    stitch.text("zone", row.getString("stitch_zone"));
    stitch.text("overlap", row.getString("stitch_overlap"));
    stitch.truth("side_by_side", row.getObject("stitch_side_by_side", Boolean.class));
    return stitch.mapping();
  }

  private Map<NodeName, Fields> columns() throws SQLException {
    Map<NodeName, Fields> columns = new HashMap<>();
    each(
        "SELECT namespace, identifier, name, dtype, label, description, unit, stored_name, epoch,"
            + " nullable FROM "
            + database.table("columns")
            + " ORDER BY namespace, identifier, position",
        row -> {
          NodeName node = new NodeName(row.getString("namespace"), row.getString("identifier"));
          String name = row.getString("name");
          Fields column = new Fields(row("columns", node.namespace(), node.identifier(), name));
          for (String key :
              List.of("dtype", "label", "description", "unit", "stored_name", "epoch")) {
            column.text(key, row.getString(key));
          }
          column.truth("nullable", row.getBoolean("nullable"));
          columns
              .computeIfAbsent(node, first -> new Fields(column.place))
              .put(name, column.mapping());
        });
    return columns;
  }

  private Map<NodeName, List<Value>> foreignKeys() throws SQLException {
    Map<NodeName, List<Value>> keys = new HashMap<>();
    each(
        "SELECT namespace, identifier, position, name, columns, target_namespace,"
            + " target_identifier, target_columns FROM "
            + database.table("foreign_keys")
            + " ORDER BY namespace, identifier, position",
        row -> {
          NodeName node = new NodeName(row.getString("namespace"), row.getString("identifier"));
          Fields key =
              new Fields(
                  row(
                      "foreign_keys",
                      node.namespace(),
                      node.identifier(),
                      row.getString("position")));
          key.text("name", row.getString("name"));
          key.texts("columns", row.getArray("columns"));
          key.text("node", target(row, "target_namespace", "target_identifier"));
          key.texts("node_columns", row.getArray("target_columns"));
          keys.computeIfAbsent(node, first -> new ArrayList<>()).add(key.mapping());
        });
    return keys;
  }

  private @Nullable Mapping assets() throws SQLException {
    List<Mapping> assets = new ArrayList<>();
    each(
        "SELECT namespace, identifier, key FROM " + database.table("assets"),
        row -> {
          Fields fields = new Fields(row("assets"));
          fields.text("node", target(row, "namespace", "identifier"));
          fields.text("key", row.getString("key"));
          assets.add(fields.mapping());
        });
    return assets.isEmpty() ? null : assets.get(0);
  }

  private static String target(ResultSet row, String namespace, String identifier)
      throws SQLException {
    return Written.name(new NodeName(row.getString(namespace), row.getString(identifier)));
  }

  /** Takes one row. */
  @FunctionalInterface
  private interface RowTaker {
    void take(ResultSet row) throws SQLException;
  }

  private void each(String sql, RowTaker taker) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        taker.take(row);
      }
    }
  }

  private static Scalar scalar(Place place, String text, @Nullable References references) {
    return new Scalar(
        place, text.isEmpty() ? Scalar.Type.NOTHING : Scalar.Type.TEXT, text, references);
  }

  /** The keys of one row. What is NULL is left out. */
  private static final class Fields {
    private final Place place;
    private final Map<String, Value> entries = new LinkedHashMap<>();

    Fields(Place place) {
      this.place = place;
    }

    void put(String key, @Nullable Value value) {
      if (value != null) {
        entries.put(key, value);
      }
    }

    void text(String key, @Nullable String text) {
      put(key, text == null ? null : scalar(place, text, null));
    }

    void texts(String key, @Nullable Array array) throws SQLException {
      if (array != null) {
        List<Value> items = new ArrayList<>();
        for (Object item : (Object[]) array.getArray()) {
          items.add(scalar(place, item == null ? "" : item.toString(), null));
        }
        put(key, new Sequence(place, items));
      }
    }

    void truth(String key, @Nullable Boolean truth) {
      if (truth != null) {
        put(key, new Scalar(place, Scalar.Type.BOOLEAN, truth.toString(), null));
      }
    }

    Mapping mapping() {
      Map<String, Place> places = new LinkedHashMap<>();
      entries.forEach((key, value) -> places.put(key, value.place()));
      return new Mapping(place, entries, places);
    }
  }
}
