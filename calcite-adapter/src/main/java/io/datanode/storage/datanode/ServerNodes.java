package io.datanode.storage.datanode;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.MetadataCall.Method;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.node.NameList;
import io.datanode.node.NodeName;
import io.datanode.node.NodeView;
import io.datanode.node.PublicationLag;
import io.datanode.node.TableSource;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.TableDescription;
import io.datanode.storage.TableDescription.StoredForeignKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a server says of its nodes. */
final class ServerNodes {
  private final ServerSettings settings;
  private final ServerSession server;

  ServerNodes(ServerSettings settings, ServerSession server) {
    this.settings = settings;
    this.server = server;
  }

  /** Names of all nodes. */
  List<TableSource.Table> tables() {
    List<TableSource.Table> tables = new ArrayList<>();
    for (List<@Nullable Object> row :
        rows("SELECT namespace, identifier FROM metadata.nodes ORDER BY 1, 2")) {
      tables.add(
          new TableSource.Table(List.of(String.valueOf(row.get(0)), String.valueOf(row.get(1)))));
    }
    return tables;
  }

  /**
   * Describes a node.
   *
   * @throws DataNodeException 42P01 if the server has none of this name
   */
  TableDescription describe(TableSource.Table table) {
    if (!table.conversions().isEmpty()) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          settings.where()
              + ": columns "
              + table.conversions().keySet()
              + " of '"
              + table
              + "' have a conversion, which belongs into the catalog of that server");
    }
    if (table.path().size() > 2) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          settings.where()
              + ": '"
              + table
              + "' is no node; expected identifier or namespace.identifier");
    }
    String namespace = table.path().size() == 2 ? table.path().get(0) : NodeName.DEFAULT_NAMESPACE;
    String identifier = table.path().get(table.path().size() - 1);
    try {
      List<ResultColumn> shape =
          server
              .open()
              .prepare("SELECT * FROM " + DataNodeDialect.name(namespace, identifier))
              .columns();
      Map<String, List<@Nullable Object>> told = new HashMap<>();
      for (List<@Nullable Object> row :
          rows(
              "SELECT column_name, description, native_type, role FROM metadata.columns"
                  + " WHERE namespace = ? AND identifier = ?",
              namespace,
              identifier)) {
        told.put(String.valueOf(row.get(0)), row);
      }
      List<StorageColumn> columns = new ArrayList<>();
      for (ResultColumn column : shape) {
        List<@Nullable Object> row = told.get(column.label());
        columns.add(
            new StorageColumn(
                column.label(),
                column.type(),
                row == null ? column.type().toString() : String.valueOf(row.get(2)),
                column.nullable(),
                row == null ? null : (String) row.get(1)));
      }
      Map<String, Object> node = node(namespace, identifier);
      String knowledgeTime = (String) node.get("knowledge_time");
      // Which version of a row is read is decided here, so the server is asked for all of them.
      boolean versioned = knowledgeTime != null && PublicationLag.of(knowledgeTime).isEmpty();
      String rows = !versioned ? identifier : identifier + NodeView.VERSIONS.suffix();
      return new TableDescription(
          List.of(namespace, rows),
          null,
          columns,
          primaryKey(namespace, identifier),
          foreignKeys(namespace, identifier),
          node.get("row_estimate") instanceof Long estimate ? estimate : -1,
          (String) node.get("description"),
          List.of(),
          roles(shape, told, node),
          List.of());
    } catch (SQLException e) {
      throw server.translate(e);
    }
  }

  private static TableDescription.@Nullable Roles roles(
      List<ResultColumn> shape,
      Map<String, List<@Nullable Object>> told,
      Map<String, Object> node) {
    String timeIndex = null;
    List<String> identity = new ArrayList<>();
    for (ResultColumn column : shape) {
      List<@Nullable Object> row = told.get(column.label());
      Object role = row == null ? null : row.get(3);
      if ("time_index".equals(role)) {
        timeIndex = column.label();
      } else if ("identity".equals(role)) {
        identity.add(column.label());
      }
    }
    String knowledgeTime = (String) node.get("knowledge_time");
    return timeIndex == null && identity.isEmpty() && knowledgeTime == null
        ? null
        : new TableDescription.Roles(
            timeIndex,
            identity,
            knowledgeTime,
            names((String) node.get("snapshot_by")),
            names((String) node.get("tie_break")));
  }

  private static @Nullable List<String> names(@Nullable String joined) {
    return joined == null ? null : NameList.split(joined);
  }

  /** What the server tells of a node, by column; an older server tells less. */
  private Map<String, Object> node(String namespace, String identifier) throws SQLException {
    List<Map<String, Object>> rows;
    try (Result result =
        execute(
            "SELECT * FROM metadata.nodes WHERE namespace = ? AND identifier = ?",
            namespace,
            identifier)) {
      rows = byLabel(result);
    }
    if (rows.isEmpty()) {
      throw new DataNodeException(
          SqlState.UNDEFINED_NODE,
          settings.where() + ": there is no node '" + identifier + "' in '" + namespace + "'");
    }
    return rows.get(0);
  }

  /** The key columns in the order of the key. */
  private List<String> primaryKey(String namespace, String identifier) throws SQLException {
    Map<Long, String> columns = new TreeMap<>();
    for (Map<String, Object> row : metadata(Method.PRIMARY_KEYS, namespace, identifier)) {
      columns.put((Long) row.get("KEY_SEQ"), (String) row.get("COLUMN_NAME"));
    }
    return List.copyOf(columns.values());
  }

  private List<StoredForeignKey> foreignKeys(String namespace, String identifier)
      throws SQLException {
    Map<String, StoredForeignKey> keys = new LinkedHashMap<>();
    for (Map<String, Object> row : metadata(Method.IMPORTED_KEYS, namespace, identifier)) {
      String name = (String) row.get("FK_NAME");
      StoredForeignKey key =
          keys.computeIfAbsent(
              name,
              any ->
                  new StoredForeignKey(
                      name,
                      new ArrayList<>(),
                      List.of((String) row.get("PKTABLE_SCHEM"), (String) row.get("PKTABLE_NAME")),
                      new ArrayList<>()));
      key.columns().add((String) row.get("FKCOLUMN_NAME"));
      key.targetColumns().add((String) row.get("PKCOLUMN_NAME"));
    }
    return List.copyOf(keys.values());
  }

  /** What the server answers to a call about a node: values by the labels JDBC lays down. */
  private List<Map<String, Object>> metadata(Method method, String namespace, String identifier)
      throws SQLException {
    MetadataCall call = new MetadataCall(method, Arrays.asList(null, namespace, identifier));
    try (Result result = server.open().metadata(call)) {
      return byLabel(result);
    }
  }

  private static List<Map<String, Object>> byLabel(Result result) throws SQLException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> values : read(result)) {
      Map<String, Object> row = new HashMap<>();
      for (int i = 0; i < values.size(); i++) {
        row.put(result.columns().get(i).label(), values.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private List<List<@Nullable Object>> rows(String sql, Object... parameters) {
    try (Result result = execute(sql, parameters)) {
      return read(result);
    } catch (SQLException e) {
      throw server.translate(e);
    }
  }

  private Result execute(String sql, Object... parameters) throws SQLException {
    return server
        .open()
        .execute(new StatementCall(server.newStatement(), sql, List.of(parameters), 0, 0));
  }

  private static List<List<@Nullable Object>> read(Result result) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ColumnBatch batch = result.next(); batch != null; batch = result.next()) {
      for (int row = 0; row < batch.rowCount(); row++) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int column = 0; column < result.columns().size(); column++) {
          values.add(value(batch.column(column), row));
        }
        rows.add(values);
      }
    }
    return rows;
  }

  private static @Nullable Object value(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    return vector instanceof TextVector text
        ? text.get(row)
        : (Object) ((LongVector) vector).get(row);
  }
}
