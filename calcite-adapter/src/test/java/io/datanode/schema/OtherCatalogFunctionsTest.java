package io.datanode.schema;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;

class OtherCatalogFunctionsTest extends FunctionsContract {
  private static final String NODES =
      """
      storages:
        book: { type: duckdb, path: ./book.duckdb }
      nodes:
        - { identifier: one, storage: book, table: one, identity: [x] }
        - { identifier: points, storage: book, table: points, identity: [x] }
      """;

  private static final String CATALOG =
      """
      storages:
        other: { type: datanode, url: "jdbc:datanode:%s" }
      nodes:
        - { identifier: one, storage: other, table: one, identity: [x] }
        - { identifier: points, storage: other, table: points, identity: [x] }
      """;

  @Override
  protected Path catalog(Path folder) throws Exception {
    try (Connection duckdb =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("book.duckdb"));
        Statement statement = duckdb.createStatement()) {
      statement.execute("CREATE TABLE one AS SELECT 1 AS x");
      statement.execute(
          "CREATE TABLE points AS SELECT x, y, t, x > 1 AS b, CASE WHEN x <> 2 THEN x END AS z"
              + " FROM (VALUES (1, 10, 4), (2, 20, 3), (3, 35, 2), (4, 35, 1)) AS v(x, y, t)");
    }
    Path nodes = Files.writeString(folder.resolve("nodes.yaml"), NODES);
    return Files.writeString(folder.resolve("catalog.yaml"), CATALOG.formatted(nodes));
  }

  @Override
  protected Map<String, String> notPushed() {
    return Map.of();
  }
}
