package io.datanode.storage.duckdb;

import io.datanode.storage.Storage;
import io.datanode.storage.StorageContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

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

  @AfterAll
  void closeEngine() {
    engine.close();
  }
}
