package io.datanode.benchmarks;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.node.TableSource;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StorageQuery.Parameter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Column batches of the DuckDB storage, beside DuckDB's own JDBC driver. No planning involved. */
public final class StorageBenchmark {
  private static final List<ColumnType> TYPES =
      List.of(
          ColumnType.INSTANT,
          ColumnType.VARCHAR,
          ColumnType.DOUBLE,
          ColumnType.DOUBLE,
          ColumnType.DOUBLE,
          ColumnType.DOUBLE,
          ColumnType.BIGINT);
  private static final Instant DAY = Instant.parse("2024-01-03T00:00:00Z");

  private final Storage storage;
  private final String table;
  private final Connection duckDb;

  private StorageBenchmark(Storage storage, Connection duckDb) {
    this.storage = storage;
    this.duckDb = duckDb;
    this.table =
        storage.describe(new TableSource.Table(List.of("prices"))).path().stream()
            .map(part -> '"' + part + '"')
            .collect(Collectors.joining("."));
  }

  /** Runs all and prints a table. */
  public static void main(String[] arguments) throws Exception {
    Path file = MarketData.file();
    try (EmbeddedEngine engine =
            ServiceLoader.load(EmbeddedEngineProvider.class)
                .findFirst()
                .orElseThrow()
                .open(Map.of());
        Storage storage =
            ServiceLoader.load(StorageProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("duckdb"))
                .findFirst()
                .orElseThrow()
                .open("bench", Map.of("path", file.toString()), engine);
        Connection duckDb = MarketData.duckDb(file)) {
      StorageBenchmark benchmark = new StorageBenchmark(storage, duckDb);
      System.out.println(Race.Outcome.head());
      new Race(2, 9)
          .run(
              "scan 5 M × 7 into column batches, all values summed; DuckDB JDBC getTimestamp",
              0.5,
              1,
              benchmark::scan,
              turn -> benchmark.jdbcScan(false));
      new Race(2, 9)
          .run(
              "the same; DuckDB JDBC epoch_us(…) read by getLong",
              0.5,
              1,
              benchmark::scan,
              turn -> benchmark.jdbcScan(true));
      new Race(5, 15)
          .run(
              "point query, 1,440 rows; DuckDB JDBC prepares each time",
              1.1,
              100,
              benchmark::point,
              benchmark::jdbcPoint);
      try (PreparedStatement prepared = duckDb.prepareStatement(POINT.formatted("prices"))) {
        new Race(5, 15)
            .run(
                "point query, 1,440 rows; DuckDB JDBC statement kept",
                1.1,
                100,
                benchmark::point,
                turn -> benchmark.jdbcPoint(prepared, turn));
      }
    }
  }

  private static final String POINT =
      "SELECT * FROM %s WHERE asset_identifier = ? AND time_index >= ? AND time_index < ?";

  private double scan(int turn) {
    return read(new StorageQuery("SELECT * FROM " + table, List.of(), TYPES));
  }

  private double point(int turn) {
    return read(
        new StorageQuery(
            POINT.formatted(table),
            List.of(
                new Parameter(ColumnType.VARCHAR, MarketData.asset(turn % MarketData.ASSETS)),
                new Parameter(ColumnType.INSTANT, DAY),
                new Parameter(ColumnType.INSTANT, DAY.plus(1, ChronoUnit.DAYS))),
            TYPES));
  }

  private double read(StorageQuery statement) {
    double sum = 0;
    try (RunningQuery query = storage.execute(statement)) {
      for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
        int rows = batch.rowCount();
        LongVector times = (LongVector) batch.column(0);
        TextVector assets = (TextVector) batch.column(1);
        LongVector volumes = (LongVector) batch.column(6);
        for (int i = 0; i < rows; i++) {
          sum += times.get(i) / 1_000_000 + assets.get(i).length() + volumes.get(i);
        }
        for (int column = 2; column < 6; column++) {
          double[] values = ((DoubleVector) batch.column(column)).values();
          for (int i = 0; i < rows; i++) {
            sum += values[i];
          }
        }
      }
    }
    return sum;
  }

  private double jdbcScan(boolean epoch) throws Exception {
    String time = epoch ? "epoch_us(time_index)" : "time_index";
    try (PreparedStatement statement =
        duckDb.prepareStatement("SELECT " + time + ", * EXCLUDE (time_index) FROM prices")) {
      return read(statement, epoch);
    }
  }

  private double jdbcPoint(int turn) throws Exception {
    try (PreparedStatement statement = duckDb.prepareStatement(POINT.formatted("prices"))) {
      return jdbcPoint(statement, turn);
    }
  }

  private double jdbcPoint(PreparedStatement statement, int turn) throws Exception {
    OffsetDateTime day = DAY.atOffset(ZoneOffset.UTC);
    statement.setString(1, MarketData.asset(turn % MarketData.ASSETS));
    statement.setObject(2, day);
    statement.setObject(3, day.plusDays(1));
    return read(statement, false);
  }

  private static double read(PreparedStatement statement, boolean epoch) throws Exception {
    double sum = 0;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        long seconds = epoch ? rows.getLong(1) / 1_000_000 : rows.getTimestamp(1).getTime() / 1000;
        sum += seconds + rows.getString(2).length() + rows.getLong(7);
        sum += rows.getDouble(3) + rows.getDouble(4) + rows.getDouble(5) + rows.getDouble(6);
      }
    }
    return sum;
  }
}
