package io.datanode.storage.duckdb;

import static io.datanode.testing.SqlFixture.sql;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.node.TableSource;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageContract;
import io.datanode.storage.TableDescription;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbStorageTest extends StorageContract {
  private final EmbeddedDuckDb engine = EmbeddedDuckDb.open(Map.of());

  @Override
  protected Storage open(Path directory) throws Exception {
    Path file = directory.resolve("market data.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : SCRIPT) {
        statement.execute(sql);
      }
    }
    return new DuckDbStorageProvider().open("lake", Map.of("path", file.toString()), engine);
  }

  @Override
  protected int connectionsInUse() {
    return engine.openQueries();
  }

  @Override
  protected String bytes(byte[] value) {
    StringBuilder text = new StringBuilder("'");
    for (byte one : value) {
      text.append(String.format("\\x%02X", one));
    }
    return text.append("'").toString();
  }

  /** An enum would be ordered as declared, and the text beside JSON be read as JSON. */
  @Test
  void whatIsShownAsTextComparesAsText(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("own.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TYPE side AS ENUM ('sell', 'buy')");
      statement.execute(
          "CREATE TABLE own (id INTEGER PRIMARY KEY, side side, note JSON, span INTERVAL,"
              + " sides side[])");
      statement.execute("COMMENT ON COLUMN own.side IS 'Of the order.'");
      statement.execute(
          "INSERT INTO own VALUES (1, 'sell', '{\"a\": 1}', '1 day', ['buy', 'sell']),"
              + " (2, 'buy', '\"x\"', '10 days', NULL)");
    }
    sql("SELECT id, side FROM own ORDER BY 2").over(file).returns("2|buy", "1|sell");
    sql("SELECT MIN(side), MAX(side) FROM own").over(file).returns("buy|sell");
    sql("SELECT id FROM own WHERE side > 'c'").over(file).returns("1");
    sql("SELECT id FROM own WHERE note = 'x'").over(file).returns();
    sql("SELECT id FROM own WHERE note = '\"x\"'").over(file).returns("2");
    sql("SELECT id FROM own WHERE note > 'x'").over(file).returns("1");
    sql("SELECT id FROM own WHERE span = '10 days'").over(file).returns("2");
    sql("SELECT CARDINALITY(sides), sides[1] FROM own WHERE id = 1").over(file).returns("2|buy");
    sql("SELECT column_name, sql_type, native_type, nullable, description FROM metadata.columns"
            + " ORDER BY ordinal_position")
        .over(file)
        .returns(
            "id|INTEGER|INTEGER|false|null",
            "side|VARCHAR|ENUM('sell', 'buy')|true|Of the order.",
            "note|JSON|JSON|true|null",
            "span|OTHER|INTERVAL|true|null",
            "sides|VARCHAR ARRAY|ENUM('sell', 'buy')[]|true|null");
  }

  /** Who asks for many tables is answered from one statement about all of them. */
  @Test
  void manyTablesAreDescribedAsEachOfThem(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("many.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TYPE side AS ENUM ('buy', 'it''s, a sale')");
      for (int i = 0; i < 20; i++) {
        statement.execute(
            "CREATE TABLE \"Table "
                + i
                + "\" (time_index TIMESTAMPTZ NOT NULL, \"a \"\"b\"\", c\" DECIMAL(10, 2)[],"
                + " side side, fills STRUCT(price DOUBLE, \"at, by\" VARCHAR)[],"
                + " price DOUBLE, PRIMARY KEY (time_index))");
      }
      statement.execute("CREATE VIEW shown AS SELECT time_index, price FROM \"Table 1\"");
    }
    try (Storage storage =
        new DuckDbStorageProvider().open("many", Map.of("path", file.toString()), engine)) {
      TableDescription alone = storage.describe(new TableSource.Table(List.of("Table 0")));
      for (int i = 1; i < 20; i++) {
        TableDescription among = storage.describe(new TableSource.Table(List.of("table " + i)));
        assertEquals(alone.columns(), among.columns());
        assertEquals(alone.primaryKey(), among.primaryKey());
      }
      assertEquals(
          "time_index TIMESTAMP WITH TIME ZONE, price DOUBLE",
          storage.describe(new TableSource.Table(List.of("shown"))).columns().stream()
              .map(column -> column.name() + " " + column.nativeType())
              .collect(joining(", ")));
      DataNodeException missing =
          assertThrows(
              DataNodeException.class,
              () -> storage.describe(new TableSource.Table(List.of("nosuch"))));
      assertEquals("42P01", missing.sqlState());
    }
  }

  @AfterAll
  void closeEngine() {
    engine.close();
  }
}
