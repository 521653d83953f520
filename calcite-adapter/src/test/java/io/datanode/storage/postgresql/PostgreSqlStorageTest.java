package io.datanode.storage.postgresql;

import io.datanode.storage.Storage;
import io.datanode.storage.StorageContract;
import io.datanode.testing.PostgreSql;
import java.nio.file.Path;
import java.util.Map;

class PostgreSqlStorageTest extends StorageContract {
  @Override
  protected Storage open(Path directory) {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(url, SCRIPT.toArray(new String[0]));
    return new PostgreSqlStorage(ConnectionSettings.of("desk", Map.of("url", url)));
  }

  @Override
  protected int connectionsInUse() {
    return ((PostgreSqlStorage) storage).connectionsInUse();
  }

  /** PostgreSQL keeps all rows of a function in FROM before it gives the first. */
  @Override
  protected String series(long rows) {
    return "SELECT CAST(generate_series(1, " + rows + ") AS BIGINT)";
  }
}
