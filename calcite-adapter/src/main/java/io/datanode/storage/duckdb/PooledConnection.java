package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.StorageQuery;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;

/**
 * A connection with the statements it has prepared, newest kept: preparing costs as much as a point
 * query. Used by one thread at a time, except {@link #interrupt}.
 */
final class PooledConnection {
  private static final int STATEMENTS = 64;

  private final DuckDBConnection connection;
  private final Map<Key, PreparedQuery> prepared = new LinkedHashMap<>(16, 0.75f, true);

  private final AtomicInteger shapes;

  /**
   * A connection.
   *
   * @param shapes counts the changes of views that statements may read
   */
  PooledConnection(DuckDBConnection connection, AtomicInteger shapes) {
    this.connection = connection;
    this.shapes = shapes;
  }

  /** The statement, prepared now or before. */
  PreparedQuery prepare(StorageQuery query) throws SQLException {
    Key key = new Key(query.sql(), query.columns());
    PreparedQuery known = prepared.get(key);
    if (known != null && known.shapes() == shapes.get()) {
      return known;
    }
    forget(query);
    PreparedQuery made = prepareNew(query, shapes.get());
    prepared.put(key, made);
    if (prepared.size() > STATEMENTS) {
      var eldest = prepared.entrySet().iterator();
      PreparedQuery dropped = eldest.next().getValue();
      eldest.remove();
      dropped.statement().close();
    }
    return made;
  }

  /** Forgets a statement, after it has failed. */
  void forget(StorageQuery query) throws SQLException {
    PreparedQuery dropped = prepared.remove(new Key(query.sql(), query.columns()));
    if (dropped != null) {
      dropped.statement().close();
    }
  }

  /**
   * The statement again, after its columns turned out to be of other types than it said before its
   * parameters were bound.
   */
  PreparedQuery prepareAgain(StorageQuery query) throws SQLException {
    forget(query);
    PreparedQuery made = prepared(ResultPlan.converting(query), shapes.get());
    prepared.put(new Key(query.sql(), query.columns()), made);
    return made;
  }

  private PreparedQuery prepareNew(StorageQuery query, int shapesSeen) throws SQLException {
    DuckDBPreparedStatement statement = connection.prepare(query.sql());
    try {
      List<String> types = columnTypes(statement.getMetaData());
      if (types.contains("UNKNOWN")) {
        statement.close();
        return prepared(ResultPlan.converting(query), shapesSeen);
      }
      if (types.size() != query.columns().size()) {
        throw new DataNodeException(
            SqlState.INTERNAL_ERROR,
            "Statement has "
                + types.size()
                + " columns where "
                + query.columns().size()
                + " were expected: "
                + query.sql());
      }
      ResultPlan plan = ResultPlan.of(types, query);
      if (!plan.sql().equals(query.sql())) {
        statement.close();
        return prepared(plan, shapesSeen);
      }
      return new PreparedQuery(statement, plan, shapesSeen);
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private PreparedQuery prepared(ResultPlan plan, int shapesSeen) throws SQLException {
    return new PreparedQuery(connection.prepare(plan.sql()), plan, shapesSeen);
  }

  private static List<String> columnTypes(ResultSetMetaData metaData) throws SQLException {
    List<String> types = new ArrayList<>();
    for (int i = 1; i <= metaData.getColumnCount(); i++) {
      types.add(metaData.getColumnTypeName(i));
    }
    return types;
  }

  /** Runs statements that give no rows. */
  void run(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a small query, as text. */
  List<List<String>> rows(String sql, String... parameters) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (var result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<String> row = new ArrayList<>(columns);
          for (int i = 1; i <= columns; i++) {
            row.add(result.getString(i));
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** Stops what the connection is doing; any thread may call it. */
  void interrupt() throws SQLException {
    DriverAccess.interrupt(connection);
  }

  /** The driver's own connection. */
  DuckDBConnection driver() {
    return connection;
  }

  void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw DuckDbErrors.translate("Closing a connection to the embedded DuckDB", e);
    }
  }

  private record Key(String sql, List<ColumnType> columns) {}

  /**
   * A prepared statement and how its columns are read.
   *
   * @param shapes how many times views had changed when it was prepared
   */
  record PreparedQuery(DuckDBPreparedStatement statement, ResultPlan plan, int shapes) {}
}
