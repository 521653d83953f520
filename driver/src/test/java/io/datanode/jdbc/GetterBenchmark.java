package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * How fast getters read a result of seven columns that is in memory already. Not a test: run it by
 * hand, its output is processor time of the reading thread.
 */
public final class GetterBenchmark {
  private static final int BATCHES = 2442;
  private static final int ROWS = 2048;

  private GetterBenchmark() {}

  public static void main(String[] args) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:datanode:memory-benchmark")) {
      MemorySession.OPENED.get("memory-benchmark").table(columns(), batches());
      for (int round = 0; round < 8; round++) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long rows = read(connection);
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        System.out.printf(
            Locale.ROOT,
            "%d rows in %d ms, %.1f ns per row%n",
            rows,
            nanos / 1_000_000,
            (double) nanos / rows);
      }
    }
  }

  private static long read(Connection connection) throws SQLException {
    long rows = 0;
    double sum = 0;
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("TABLE")) {
      while (result.next()) {
        sum += result.getTimestamp(1).getNanos();
        sum += result.getString(2).length();
        for (int i = 3; i <= 6; i++) {
          double value = result.getDouble(i);
          sum += result.wasNull() ? 0 : value;
        }
        sum += result.getLong(7);
        rows++;
      }
    }
    if (Double.isNaN(sum)) {
      throw new IllegalStateException("The sum cannot be NaN");
    }
    return rows;
  }

  private static List<ResultColumn> columns() {
    List<ResultColumn> columns = new ArrayList<>();
    columns.add(ResultColumn.of("time_index", ColumnType.INSTANT));
    columns.add(ResultColumn.of("asset_identifier", ColumnType.VARCHAR));
    for (String name : new String[] {"open", "high", "low", "close"}) {
      columns.add(ResultColumn.of(name, ColumnType.DOUBLE));
    }
    columns.add(ResultColumn.of("volume", ColumnType.BIGINT));
    return columns;
  }

  private static List<ColumnBatch> batches() {
    List<ColumnType> types = new ArrayList<>();
    columns().forEach(column -> types.add(column.type()));
    Object[][] rows = new Object[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      Double close = i % 100 == 0 ? null : 100.0 + i;
      rows[i] = new Object[] {1_700_000_000_000_000L + i, "asset", 1.5, 2.5, 3.5, close, (long) i};
    }
    return Collections.nCopies(BATCHES, Rows.batch(types, rows));
  }
}
