package io.datanode.server;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.duckdb.DuckDBConnection;

/**
 * A session straight on DuckDB, for tests of protocols: every SQL type, slow statements and cancel,
 * without planning in between. Parameters take the type of a cast around them.
 */
final class DuckDbSession implements Session {
  /** Statements now open in DuckDB, over all sessions of this class. */
  static final AtomicInteger RUNNING = new AtomicInteger();

  /** A statement that takes no processor time, and ends only when it is cancelled. */
  static final String BLOCK = "BLOCK";

  private static final ColumnType TEXT = ColumnType.VARCHAR;

  private Connection connection;
  private final String user;
  private final ZoneId zone;
  private String schema = "nodes";
  private final Map<String, PreparedStatement> running = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> blocked = new ConcurrentHashMap<>();
  private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
  private final Map<String, Connection> connections = new ConcurrentHashMap<>();

  DuckDbSession(String user, Map<String, String> settings) {
    this.user = user;
    this.zone = ZoneId.of(settings.getOrDefault("timeZone", "UTC"));
  }

  private synchronized DuckDBConnection duckDb() throws SQLException {
    if (connection == null) {
      Properties properties = new Properties();
      properties.setProperty("jdbc_stream_results", "true");
      connection = DriverManager.getConnection("jdbc:duckdb:", properties);
      connection.createStatement().execute("SET timezone = 'UTC'");
    }
    return (DuckDBConnection) connection;
  }

  @Override
  public SessionInfo info() {
    return new SessionInfo("DataNode SQL", "0.1.0", user, schema, zone);
  }

  @Override
  public StatementShape prepare(String sql) throws SQLException {
    try (PreparedStatement statement = duckDb().prepareStatement(sql)) {
      List<ResultColumn> parameters = new ArrayList<>();
      for (int i = 1; i <= statement.getParameterMetaData().getParameterCount(); i++) {
        parameters.add(
            ResultColumn.of(
                "?" + i, type(statement.getParameterMetaData().getParameterTypeName(i))));
      }
      return new StatementShape(columns(statement.getMetaData()), parameters);
    } catch (SQLException e) {
      throw SqlState.INVALID_SQL.exception(e.getMessage(), e);
    }
  }

  @Override
  public Result execute(StatementCall call) throws SQLException {
    if (call.sql().startsWith("SET ")) {
      String[] words = call.sql().split(" ");
      set(words[1], words[3].replace("'", ""));
      return rows(List.of(), List.of());
    }
    if (call.sql().equals(BLOCK)) {
      throw blocked(call.id());
    }
    Connection own = duckDb().duplicate();
    PreparedStatement statement;
    try {
      statement = own.prepareStatement(call.sql());
    } catch (SQLException e) {
      own.close();
      throw SqlState.UNDEFINED_NODE.exception(e.getMessage(), e);
    }
    connections.put(call.id(), own);
    running.put(call.id(), statement);
    RUNNING.incrementAndGet();
    try {
      for (int i = 0; i < call.parameters().size(); i++) {
        Object value = call.parameters().get(i);
        statement.setObject(
            i + 1, value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
      }
      ResultSet rows = statement.executeQuery();
      return new Rows(call, statement, rows);
    } catch (SQLException e) {
      end(call.id());
      throw translated(call.id(), e);
    }
  }

  private SQLException blocked(String id) throws SQLException {
    CountDownLatch latch = new CountDownLatch(1);
    blocked.put(id, latch);
    RUNNING.incrementAndGet();
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      RUNNING.decrementAndGet();
    }
    return SqlState.QUERY_CANCELED.exception("The statement was cancelled");
  }

  private SQLException translated(String id, SQLException e) {
    return cancelled.contains(id)
        ? SqlState.QUERY_CANCELED.exception("The statement was cancelled", e)
        : SqlState.DATA_EXCEPTION.exception(e.getMessage(), e);
  }

  private void end(String id) throws SQLException {
    PreparedStatement statement = running.remove(id);
    if (statement != null) {
      RUNNING.decrementAndGet();
      statement.close();
      connections.remove(id).close();
    }
  }

  @Override
  public Result metadata(MetadataCall call) {
    switch (call.method()) {
      case TABLES:
        return rows(
            List.of("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE", "REMARKS"),
            List.of(
                new String[] {null, "nodes", "daily_prices", "TABLE", "Daily bars."},
                new String[] {null, "nodes", "fx_rates", "TABLE", null}));
      case SCHEMAS:
        return rows(
            List.of("TABLE_SCHEM", "TABLE_CATALOG"),
            List.<String[]>of(new String[] {"nodes", null}));
      case NAME_LISTS:
        return rows(
            List.of("NAME", "NAMES"),
            List.<String[]>of(new String[] {"NUMERIC_FUNCTIONS", "ABS,MOD"}));
      default:
        return rows(List.of("NAME"), List.of());
    }
  }

  private Result rows(List<String> names, List<String[]> values) {
    List<ColumnType> types = names.stream().map(name -> TEXT).toList();
    ColumnBatch batch = ColumnBatch.of(types, Math.max(1, values.size()));
    for (int row = 0; row < values.size(); row++) {
      for (int i = 0; i < types.size(); i++) {
        if (values.get(row)[i] == null) {
          batch.column(i).setNull(row);
        } else {
          ((TextVector) batch.column(i)).set(row, values.get(row)[i]);
        }
      }
    }
    batch.setRowCount(values.size());
    List<ResultColumn> columns = names.stream().map(name -> ResultColumn.of(name, TEXT)).toList();
    return new Result() {
      private boolean read = names.isEmpty();

      @Override
      public List<ResultColumn> columns() {
        return columns;
      }

      @Override
      public ZoneId timeZone() {
        return zone;
      }

      @Override
      public ColumnBatch next() {
        ColumnBatch next = read ? null : batch;
        read = true;
        return next;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void set(String key, String value) throws SQLException {
    if (!key.equals("schema") || !value.equals("nodes") && !value.equals("research")) {
      throw SqlState.UNDEFINED_SCHEMA.exception("There is no schema '" + value + "'");
    }
    schema = value;
  }

  @Override
  public void cancel(String statementId) throws SQLException {
    CountDownLatch latch = blocked.remove(statementId);
    if (latch != null) {
      latch.countDown();
    }
    PreparedStatement statement = running.get(statementId);
    if (statement != null) {
      cancelled.add(statementId);
      statement.cancel();
    }
  }

  @Override
  public boolean isValid(int timeoutSeconds) {
    return true;
  }

  @Override
  public void close() throws SQLException {
    if (connection != null) {
      connection.close();
    }
  }

  private static List<ResultColumn> columns(ResultSetMetaData metadata) throws SQLException {
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(ResultColumn.of(metadata.getColumnLabel(i), type(metadata.getColumnTypeName(i))));
    }
    return columns;
  }

  private static ColumnType type(String name) {
    if (name.endsWith("[]")) {
      return ColumnType.array(type(name.substring(0, name.length() - 2)));
    }
    if (name.startsWith("DECIMAL")) {
      String[] parts = name.replaceAll("[^0-9,]", "").split(",");
      return ColumnType.decimal(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
    switch (name) {
      case "BOOLEAN":
        return ColumnType.BOOLEAN;
      case "TINYINT":
        return ColumnType.TINYINT;
      case "SMALLINT":
        return ColumnType.SMALLINT;
      case "INTEGER":
        return ColumnType.INTEGER;
      case "BIGINT":
        return ColumnType.BIGINT;
      case "FLOAT":
        return ColumnType.REAL;
      case "DOUBLE":
        return ColumnType.DOUBLE;
      case "BLOB":
        return ColumnType.VARBINARY;
      case "DATE":
        return ColumnType.DATE;
      case "TIME":
        return ColumnType.TIME;
      case "TIMESTAMP":
        return ColumnType.TIMESTAMP;
      case "TIMESTAMP WITH TIME ZONE":
        return ColumnType.INSTANT;
      case "UUID":
        return ColumnType.UUID;
      case "INTERVAL":
        return ColumnType.DAY_TIME;
      default:
        return ColumnType.VARCHAR;
    }
  }

  private final class Rows implements Result {
    private final StatementCall call;
    private final ResultSet rows;
    private final List<ResultColumn> columns;
    private final ColumnBatch batch;
    private long read;
    private boolean ended;

    Rows(StatementCall call, PreparedStatement statement, ResultSet rows) throws SQLException {
      this.call = call;
      this.rows = rows;
      this.columns = DuckDbSession.columns(statement.getMetaData());
      this.batch = ColumnBatch.of(columns.stream().map(ResultColumn::type).toList(), 2048);
    }

    @Override
    public List<ResultColumn> columns() {
      return columns;
    }

    @Override
    public ZoneId timeZone() {
      return zone;
    }

    @Override
    public ColumnBatch next() throws SQLException {
      batch.clear();
      int count = 0;
      try {
        while (count < 2048 && (call.maxRows() == 0 || read < call.maxRows()) && rows.next()) {
          for (int i = 0; i < columns.size(); i++) {
            put(batch.column(i), columns.get(i).type(), count, rows.getObject(i + 1));
          }
          count++;
          read++;
        }
      } catch (SQLException e) {
        throw translated(call.id(), e);
      }
      batch.setRowCount(count);
      ended = count < 2048;
      return count == 0 ? null : batch;
    }

    @Override
    public boolean atEnd() {
      return ended;
    }

    @Override
    public void close() throws SQLException {
      end(call.id());
    }
  }

  private static void put(ColumnVector vector, ColumnType type, int row, Object value)
      throws SQLException {
    vector.ensureCapacity(row + 1);
    if (value == null) {
      vector.setNull(row);
      if (vector instanceof ArrayVector arrays) {
        arrays.setEnd(row, arrays.start(row));
      }
      return;
    }
    if (vector instanceof LongVector longs) {
      longs.set(row, number(type, value));
    } else if (vector instanceof DoubleVector doubles) {
      doubles.set(row, ((Number) value).doubleValue());
    } else if (vector instanceof DecimalVector decimals) {
      decimals.set(row, (BigDecimal) value);
    } else if (vector instanceof BinaryVector binaries) {
      java.sql.Blob blob = (java.sql.Blob) value;
      binaries.set(row, blob.getBytes(1, (int) blob.length()));
    } else if (vector instanceof ArrayVector arrays) {
      Object[] elements = (Object[]) ((Array) value).getArray();
      int start = arrays.start(row);
      for (int i = 0; i < elements.length; i++) {
        put(arrays.elements(), type.element(), start + i, elements[i]);
      }
      arrays.setEnd(row, start + elements.length);
    } else {
      ((TextVector) vector).set(row, value.toString());
    }
  }

  private static long number(ColumnType type, Object value) {
    switch (type.kind()) {
      case BOOLEAN:
        return (Boolean) value ? 1 : 0;
      case DECIMAL:
        return ((BigDecimal) value).unscaledValue().longValueExact();
      case DATE:
        return ((LocalDate) value).toEpochDay();
      case TIME:
        return ((LocalTime) value).toNanoOfDay() / 1_000;
      case TIMESTAMP:
        return micros(((java.sql.Timestamp) value).toLocalDateTime().atOffset(ZoneOffset.UTC));
      case INSTANT:
        return micros((OffsetDateTime) value);
      case DAY_TIME:
        return 3_723_500_000L;
      default:
        return ((Number) value).longValue();
    }
  }

  private static long micros(OffsetDateTime time) {
    return time.toEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }
}
