package io.datanode.read;

import io.datanode.engine.Engine;
import io.datanode.testing.TemporaryFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Engines over {@link ReferenceStore} in each storage, for all tests of a class. */
final class ReferenceEngines implements BeforeAllCallback, AfterAllCallback {
  private Engine duckDb;
  private Engine postgreSql;

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException, IOException {
    Path folder = TemporaryFolders.create("reference");
    duckDb = Engine.open(ReferenceStore.inDuckDb(folder).toString(), Map.of());
    postgreSql = Engine.open(ReferenceStore.inPostgreSql(folder).toString(), Map.of());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    duckDb.close();
    postgreSql.close();
  }

  Engine duckDb() {
    return duckDb;
  }

  Engine postgreSql() {
    return postgreSql;
  }

  List<Engine> all() {
    return List.of(duckDb, postgreSql);
  }
}
