package io.datanode.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datanode.engine.Engine;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.TableSource;
import io.datanode.server.DataNodeServer;
import io.datanode.server.ServerSettings;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import io.datanode.storage.StorageQuery;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;

/** Rows by plain HTTP: a search beside JDBC through the same server, Arrow beside the storage. */
public final class HttpBenchmark {
  private static final int MILLION = Math.min(1_000_000, MarketData.ASSETS * MarketData.MINUTES);

  /** Rounds until the JVM has compiled what it runs, as that of a server has. */
  private static final int WARM = 120;

  private static final OffsetDateTime DAY =
      OffsetDateTime.ofInstant(Instant.parse("2024-01-03T00:00:00Z"), ZoneOffset.UTC);
  private static final String SEARCH =
      "{\"node_unique_identifier\":\"prices\",\"filter\":{\"type\":\"group\",\"logic\":\"and\","
          + "\"items\":[{\"type\":\"condition\",\"field\":\"asset_identifier\",\"op\":\"eq\","
          + "\"value\":\"%s\"},{\"type\":\"condition\",\"field\":\"time_index\",\"op\":\"gte\","
          + "\"value\":\"2024-01-03T00:00:00+00:00\"},{\"type\":\"condition\",\"field\":"
          + "\"time_index\",\"op\":\"lt\",\"value\":\"2024-01-04T00:00:00+00:00\"}]},"
          + "\"limit\":14000,\"offset\":0}";
  private static final String POINT =
      "SELECT * FROM prices WHERE asset_identifier = ? AND time_index >= ? AND time_index < ?";
  private static final List<ColumnType> TYPES =
      List.of(
          ColumnType.INSTANT,
          ColumnType.VARCHAR,
          ColumnType.DOUBLE,
          ColumnType.DOUBLE,
          ColumnType.DOUBLE,
          ColumnType.DOUBLE,
          ColumnType.BIGINT);
  private static final JsonFactory JSON = new JsonFactory();

  private final String server;

  private HttpBenchmark(String server) {
    this.server = server;
  }

  /** Runs all and prints a table. */
  public static void main(String[] arguments) throws Exception {
    Path file = MarketData.file();
    try (Engine engine = Engine.open(file.toString(), Map.of());
        DataNodeServer server =
            DataNodeServer.start(
                ServerSettings.defaults().at("127.0.0.1", 0), engine, Clock.systemUTC());
        Connection jdbc = DriverManager.getConnection(server.jdbcUrl());
        PreparedStatement point = jdbc.prepareStatement(POINT);
        PreparedStatement page =
            jdbc.prepareStatement(POINT + " ORDER BY time_index, asset_identifier LIMIT 14001")) {
      HttpBenchmark benchmark = new HttpBenchmark(server.httpUrl());
      System.out.println(Race.Outcome.head());
      Race race = new Race(WARM, 31);
      race.run(
          "search, one asset × one day, 1,440 rows as JSON; JDBC point query by HTTP",
          1.5,
          50,
          benchmark::search,
          turn -> rows(point, turn));
      race.run(
          "the same; the same page by JDBC, in the order a search has",
          1.5,
          50,
          benchmark::search,
          turn -> rows(page, turn));
    }
    try (Engine engine = Engine.open(file.toString(), Map.of());
        DataNodeServer server =
            DataNodeServer.start(
                ServerSettings.defaults().at("127.0.0.1", 0), engine, Clock.systemUTC());
        EmbeddedEngine embedded =
            ServiceLoader.load(EmbeddedEngineProvider.class)
                .findFirst()
                .orElseThrow()
                .open(Map.of());
        Storage storage = storage(file, embedded)) {
      HttpBenchmark benchmark = new HttpBenchmark(server.httpUrl());
      String table =
          storage.describe(new TableSource.Table(List.of("prices"))).path().stream()
              .map(part -> '"' + part + '"')
              .collect(Collectors.joining("."));
      new Race(2, 11)
          .run(
              "a million rows as Arrow by HTTP; scan of the storage into batches",
              1.25,
              1,
              turn -> benchmark.arrow("SELECT * FROM prices LIMIT " + MILLION),
              turn -> scanned(storage, "SELECT * FROM " + table + " LIMIT " + MILLION));
    }
  }

  private static Storage storage(Path file, EmbeddedEngine embedded) {
    return ServiceLoader.load(StorageProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.type().equals("duckdb"))
        .findFirst()
        .orElseThrow()
        .open("bench", Map.of("path", file.toString()), embedded);
  }

  /** By a client that keeps its connection and hands nothing to other threads. */
  private InputStream post(String path, String accept, String body) throws IOException {
    HttpURLConnection request =
        (HttpURLConnection) URI.create(server + path).toURL().openConnection();
    request.setDoOutput(true);
    request.setRequestProperty("Content-Type", "application/json");
    request.setRequestProperty("Accept", accept);
    try (OutputStream out = request.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    if (request.getResponseCode() != HttpURLConnection.HTTP_OK) {
      try (InputStream error = request.getErrorStream()) {
        throw new IOException(new String(error.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return request.getInputStream();
  }

  /** Rows of a search, each value parsed. */
  private double search(int turn) throws Exception {
    String request = SEARCH.formatted(MarketData.asset(turn % MarketData.ASSETS));
    double sum = 0;
    try (InputStream body = post("/v1/search", "application/json", request);
        JsonParser parser = JSON.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && parser.currentName().equals("base__volume")) {
          parser.nextToken();
          sum += parser.getLongValue();
        }
      }
    }
    return sum;
  }

  private static double rows(PreparedStatement point, int turn) throws Exception {
    point.setString(1, MarketData.asset(turn % MarketData.ASSETS));
    point.setObject(2, DAY);
    point.setObject(3, DAY.plusDays(1));
    double sum = 0;
    try (ResultSet result = point.executeQuery()) {
      while (result.next()) {
        result.getTimestamp(1);
        result.getString(2);
        for (int column = 3; column < 7; column++) {
          result.getDouble(column);
        }
        sum += result.getLong(7);
      }
    }
    return sum;
  }

  /** How many rows an Arrow stream holds; its bodies are received, as a client would map them. */
  private double arrow(String sql) throws Exception {
    double rows = 0;
    try (InputStream body =
            post("/v1/query", "application/vnd.apache.arrow.stream", "{\"sql\": \"" + sql + "\"}");
        DataInputStream stream = new DataInputStream(body)) {
      byte[] head = new byte[8];
      while (stream.readNBytes(head, 0, 8) == 8) {
        int size = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        if (size == 0) {
          break;
        }
        Message message = Message.getRootAsMessage(ByteBuffer.wrap(stream.readNBytes(size)));
        long left = message.bodyLength();
        stream.readNBytes(Math.toIntExact(left));
        if (message.header(new RecordBatch()) instanceof RecordBatch batch
            && message.headerType() == org.apache.arrow.flatbuf.MessageHeader.RecordBatch) {
          rows += batch.length();
        }
      }
    }
    return rows;
  }

  private static double scanned(Storage storage, String sql) {
    double rows = 0;
    try (RunningQuery query = storage.execute(new StorageQuery(sql, List.of(), TYPES))) {
      for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
        rows += batch.rowCount();
      }
    }
    return rows;
  }
}
