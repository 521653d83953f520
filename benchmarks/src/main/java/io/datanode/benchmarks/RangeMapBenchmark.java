package io.datanode.benchmarks;

import io.datanode.DataNodes;
import io.datanode.NodeReader;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.read.Interval;
import io.datanode.read.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A window of its own for each of 2,000 assets, beside one window for all of them that gives the
 * same rows: 5 million daily closes in one Parquet file, in the order of time as such files are.
 */
public final class RangeMapBenchmark {
  private static final int ASSETS = 2_000;

  /** Days of each asset: fewer to try it out, {@code -Dbenchmark.days=250}. */
  private static final int DAYS = Integer.getInteger("benchmark.days", 2_500);

  private static final Instant FIRST = Instant.parse("2015-01-01T00:00:00Z");

  private RangeMapBenchmark() {}

  /** Runs all and prints a table. */
  public static void main(String[] arguments) throws Exception {
    Path folder = folder();
    try (DataNodes nodes = DataNodes.open("jdbc:datanode:" + folder)) {
      NodeReader closes = nodes.node("closes").columns("close");
      System.out.println(Race.Outcome.head());
      race(closes, "a tenth of the days", DAYS * 4 / 10, DAYS / 10);
      race(closes, "all but the first and last day", 1, DAYS - 2);
      Instant start = day(DAYS * 4 / 10);
      List<Window> apart = windows(i -> start.plus(Duration.ofDays(i % (DAYS / 10))), DAYS / 10);
      new Race(2, 11)
          .run(
              "windows that begin on different days, beside one of as many rows",
              2,
              1,
              turn -> rows(closes.in(apart)),
              turn -> rows(closes.between(start, end(start, DAYS / 10), Interval.CLOSED_OPEN)));
    }
  }

  private static void race(NodeReader closes, String name, int from, int days) throws Exception {
    Instant start = day(from);
    List<Window> windows = windows(i -> start, days);
    new Race(2, 11)
        .run(
            "2,000 windows, " + name,
            2,
            1,
            turn -> sum(closes.in(windows)),
            turn -> sum(closes.between(start, end(start, days), Interval.CLOSED_OPEN)));
  }

  private interface Starts {
    Instant of(int asset);
  }

  private static List<Window> windows(Starts starts, int days) {
    List<Window> windows = new ArrayList<>();
    for (int asset = 0; asset < ASSETS; asset++) {
      Instant start = starts.of(asset);
      windows.add(
          new Window(
              Map.of("asset_identifier", "A" + asset),
              start,
              end(start, days),
              Interval.CLOSED_OPEN));
    }
    return windows;
  }

  private static Instant day(int number) {
    return FIRST.plus(Duration.ofDays(number));
  }

  private static Instant end(Instant start, int days) {
    return start.plus(Duration.ofDays(days));
  }

  private static double sum(NodeReader reader) {
    double[] sum = new double[1];
    reader.batches(
        batch -> {
          DoubleVector close = (DoubleVector) batch.column(2);
          for (int row = 0; row < batch.rowCount(); row++) {
            sum[0] += close.get(row);
          }
        });
    return sum[0];
  }

  private static double rows(NodeReader reader) {
    long[] rows = new long[1];
    reader.batches(batch -> rows[0] += batch.rowCount());
    return rows[0];
  }

  private static Path folder() throws Exception {
    Path folder = Path.of("target/benchmark-closes-" + DAYS).toAbsolutePath();
    if (!Files.exists(folder)) {
      Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
      Files.createDirectories(partial);
      write(partial.resolve("closes.parquet"));
      Files.move(partial, folder);
    }
    return folder;
  }

  private static void write(Path file) throws SQLException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2015-01-01 00:00:00+00' + to_days(CAST(d AS INTEGER)) AS"
              + " time_index, 'A' || a AS asset_identifier, CAST(a + d AS DOUBLE) AS \"close\","
              + " d * 1000 AS volume FROM range("
              + DAYS
              + ") days(d), range("
              + ASSETS
              + ") assets(a) ORDER BY d, a) TO '"
              + file
              + "' (FORMAT parquet)");
    }
  }
}
