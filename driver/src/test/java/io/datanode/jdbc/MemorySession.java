package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.SessionProvider;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A session without an engine, for tests of the driver alone. It knows a few statements:
 *
 * <pre>
 * SET key = value        changes a setting
 * VALUES ?               one row per parameter: its class and its text
 * COUNT n                rows 0 to n - 1 in batches of 2048
 * SLEEP                  one row, then waits until it is cancelled
 * FAIL                   one row, then SQLSTATE 22012
 * TABLE                  the rows given to {@link #table}
 * anything else          SQLSTATE 42601
 * </pre>
 */
public final class MemorySession implements Session {
  /** Opens sessions by the path {@code memory}; their settings are kept in {@link #OPENED}. */
  public static final class Provider implements SessionProvider {
    @Override
    public Session open(String location, Map<String, String> settings) throws SQLException {
      if (!location.startsWith("memory")) {
        throw SqlState.FILE_ERROR.exception("There is nothing at '" + location + "'");
      }
      MemorySession session = new MemorySession(settings);
      OPENED.put(location, session);
      return session;
    }
  }

  /** The session opened last, by location. */
  public static final Map<String, MemorySession> OPENED = new ConcurrentHashMap<>();

  private final Map<String, String> settings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> initial;
  private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
  private final List<StatementCall> calls = new ArrayList<>();
  private final List<MetadataCall> metadataCalls = new ArrayList<>();
  private List<ResultColumn> tableColumns = List.of();
  private List<ColumnBatch> tableBatches = List.of();
  private volatile boolean closed;

  public MemorySession(Map<String, String> settings) {
    this.initial = settings;
    this.settings.putAll(settings);
  }

  /** What the statement TABLE gives from now on. */
  public void table(List<ResultColumn> columns, List<ColumnBatch> batches) {
    tableColumns = columns;
    tableBatches = batches;
  }

  public Map<String, String> settings() {
    return settings;
  }

  public List<StatementCall> calls() {
    return calls;
  }

  public List<MetadataCall> metadataCalls() {
    return metadataCalls;
  }

  public boolean closed() {
    return closed;
  }

  private ZoneId zone() {
    return ZoneId.of(settings.getOrDefault("timeZone", "UTC"));
  }

  @Override
  public SessionInfo info() {
    return new SessionInfo(
        "DataNode SQL", "3.14.15", "", settings.getOrDefault("schema", "nodes"), zone());
  }

  @Override
  public StatementShape prepare(String sql) throws SQLException {
    int parameters = (int) sql.chars().filter(c -> c == '?').count();
    List<ResultColumn> described = new ArrayList<>();
    for (int i = 0; i < parameters; i++) {
      described.add(ResultColumn.of("?" + i, parameterType(sql)));
    }
    return new StatementShape(columns(sql), described);
  }

  private static ColumnType parameterType(String sql) {
    return sql.contains("AS TIMESTAMP") ? ColumnType.TIMESTAMP : ColumnType.INSTANT;
  }

  /** The words of a statement, without the comment it may start with. */
  private static String[] words(String sql) {
    return sql.replaceFirst("^/\\*.*?\\*/", "").trim().split("\\s+");
  }

  private List<ResultColumn> columns(String sql) throws SQLException {
    String verb = words(sql)[0];
    switch (verb) {
      case "SET":
        return List.of();
      case "VALUES":
        return List.of(
            ResultColumn.of("class", ColumnType.VARCHAR),
            ResultColumn.of("text", ColumnType.VARCHAR));
      case "COUNT":
      case "SLEEP":
      case "FAIL":
        return List.of(ResultColumn.of("n", ColumnType.BIGINT));
      case "TABLE":
        return tableColumns;
      case "BREAK":
        throw new IllegalStateException("broken");
      default:
        throw SqlState.SYNTAX_ERROR.exception("Line 1, column 1: '" + verb + "' is no verb");
    }
  }

  @Override
  public Result execute(StatementCall call) throws SQLException {
    calls.add(call);
    List<ResultColumn> columns = columns(call.sql());
    List<ColumnBatch> batches = new ArrayList<>();
    SQLException failure = null;
    String[] words = words(call.sql());
    switch (words[0]) {
      case "SET":
        settings.put(words[1].replace("_", ""), words[3].replace("'", ""));
        break;
      case "VALUES":
        for (Object value : call.parameters()) {
          String type = value == null ? "null" : value.getClass().getSimpleName();
          Object[] row = {type.startsWith("Array") ? "List" : type, String.valueOf(value)};
          batches.add(Rows.batch(types(columns), row));
        }
        break;
      case "COUNT":
        return new Counting(call.id(), columns, Long.parseLong(words[1]));
      case "SLEEP":
        return new Sleeping(call.id(), columns);
      case "FAIL":
        batches.add(Rows.batch(types(columns), new Object[] {1L}));
        failure = SqlState.DIVISION_BY_ZERO.exception("Division by zero");
        break;
      default:
        batches.addAll(tableBatches);
    }
    return new MemoryResult(columns, zone(), batches, failure);
  }

  private static List<ColumnType> types(List<ResultColumn> columns) {
    List<ColumnType> types = new ArrayList<>();
    columns.forEach(column -> types.add(column.type()));
    return types;
  }

  @Override
  public Result metadata(MetadataCall call) {
    metadataCalls.add(call);
    List<ResultColumn> columns =
        List.of(
            ResultColumn.of("name", ColumnType.VARCHAR),
            ResultColumn.of("list", ColumnType.VARCHAR));
    Object[] row = {"KEYWORDS", "ASOF,QUALIFY"};
    return new MemoryResult(columns, zone(), List.of(Rows.batch(types(columns), row)));
  }

  @Override
  public void set(String key, String value) throws SQLException {
    if ("nosuch".equals(value)) {
      throw SqlState.UNDEFINED_SCHEMA.exception("There is no schema 'nosuch'");
    }
    String now = value == null ? initial.get(key) : value;
    if (now == null) {
      settings.remove(key);
    } else {
      settings.put(key, now);
    }
  }

  @Override
  public void cancel(String statementId) {
    synchronized (cancelled) {
      cancelled.add(statementId);
      cancelled.notifyAll();
    }
  }

  @Override
  public boolean isValid(int timeoutSeconds) {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    synchronized (cancelled) {
      cancelled.notifyAll();
    }
  }

  private void checkCancelled(String id) throws SQLException {
    if (cancelled.contains(id)) {
      throw SqlState.QUERY_CANCELED.exception("Statement " + id + " was cancelled");
    }
  }

  /** Rows made as they are asked for. */
  private final class Counting implements Result {
    private final String id;
    private final List<ResultColumn> columns;
    private final long rows;
    private final ColumnBatch batch = ColumnBatch.of(List.of(ColumnType.BIGINT), 2048);
    private long next;

    Counting(String id, List<ResultColumn> columns, long rows) {
      this.id = id;
      this.columns = columns;
      this.rows = rows;
    }

    @Override
    public List<ResultColumn> columns() {
      return columns;
    }

    @Override
    public ZoneId timeZone() {
      return zone();
    }

    @Override
    public ColumnBatch next() throws SQLException {
      checkCancelled(id);
      if (next == rows) {
        return null;
      }
      int count = (int) Math.min(2048, rows - next);
      long[] values = ((io.datanode.jdbc.batch.LongVector) batch.column(0)).values();
      for (int i = 0; i < count; i++) {
        values[i] = next++;
      }
      batch.setRowCount(count);
      return batch;
    }

    @Override
    public void close() {
      cancelled.remove(id);
    }
  }

  /** One row, and then nothing until it is cancelled. */
  private final class Sleeping implements Result {
    private final String id;
    private final List<ResultColumn> columns;
    private boolean first = true;

    Sleeping(String id, List<ResultColumn> columns) {
      this.id = id;
      this.columns = columns;
    }

    @Override
    public List<ResultColumn> columns() {
      return columns;
    }

    @Override
    public ZoneId timeZone() {
      return zone();
    }

    @Override
    public ColumnBatch next() throws SQLException {
      if (first) {
        first = false;
        return Rows.batch(List.of(ColumnType.BIGINT), new Object[] {1L});
      }
      synchronized (cancelled) {
        try {
          while (!cancelled.contains(id) && !closed) {
            cancelled.wait();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      throw SqlState.QUERY_CANCELED.exception("Statement " + id + " was cancelled");
    }

    @Override
    public void close() {}
  }
}
