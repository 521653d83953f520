package io.datanode.storage.datanode;

import io.datanode.storage.Storage;
import io.datanode.storage.StorageContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;

class DataNodeStorageTest extends StorageContract {
  @Override
  protected Storage open(Path directory) throws Exception {
    Path file = directory.resolve("book.duckdb");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String sql : SCRIPT) {
        statement.execute(sql);
      }
      statement.execute("CREATE TABLE million AS SELECT x FROM range(1, 1000001) AS r(x)");
    }
    return new DataNodeStorage(ServerSettings.of("other", Map.of("url", "jdbc:datanode:" + file)));
  }

  @Override
  protected int connectionsInUse() {
    return ((DataNodeStorage) storage).openStatements();
  }

  @Override
  protected String bytes(byte[] value) {
    return "X'" + HexFormat.of().formatHex(value) + "'";
  }

  @Override
  protected String typeName(String type) {
    if (type.endsWith("[]")) {
      return typeName(type.substring(0, type.length() - 2)) + " ARRAY";
    }
    return switch (type) {
      case "TIMESTAMPTZ" -> "TIMESTAMP(6) WITH LOCAL TIME ZONE";
      case "BYTEA" -> "VARBINARY";
      case "JSON" -> "VARCHAR";
      default -> type;
    };
  }

  @Override
  protected String numbers(int rows) {
    return "(SELECT x FROM million WHERE x <= " + rows + ") AS g";
  }

  @Override
  protected String endless() {
    return "SELECT count(*) FROM million AS a, million AS b WHERE a.x * b.x % 7 = 3";
  }

  @Override
  protected String series(long rows) {
    return rows <= 1_000_000
        ? "SELECT x FROM million WHERE x <= " + rows
        : "SELECT a.x FROM million AS a, million AS b";
  }
}
