package io.datanode.schema;

import io.datanode.testing.PostgreSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

class PostgreSqlFunctionsTest extends FunctionsContract {
  /** What the embedded engine does over nodes of PostgreSQL, and what EXPLAIN says of it. */
  static final Map<String, String> NOT_PUSHED =
      new TreeMap<>(
          Map.of(
              "INITCAP", "PostgreSQL has no INITCAP with this meaning",
              "KURTOSIS", "PostgreSQL has no KURTOSIS",
              "LEVENSHTEIN", "PostgreSQL has no LEVENSHTEIN with this meaning",
              "LOG2", "PostgreSQL has no LOG2 with this meaning",
              "PRODUCT", "PostgreSQL has no PRODUCT",
              "SKEWNESS", "PostgreSQL has no SKEWNESS"));

  private static final String CATALOG =
      """
      storages:
        desk: { type: postgresql, url: "%s" }
      nodes:
        - { identifier: one, storage: desk, table: public.one, identity: [x] }
        - { identifier: points, storage: desk, table: public.points, identity: [x] }
      """;

  @Override
  protected Path catalog(Path folder) throws Exception {
    String database = PostgreSql.newDatabase();
    PostgreSql.run(
        database,
        "CREATE TABLE one AS SELECT 1 AS x",
        "CREATE TABLE points AS SELECT x, y, t, x > 1 AS b, CASE WHEN x <> 2 THEN x END AS z"
            + " FROM (VALUES (1, 10, 4), (2, 20, 3), (3, 35, 2), (4, 35, 1)) AS v(x, y, t)");
    return Files.writeString(folder.resolve("catalog.yaml"), CATALOG.formatted(database));
  }

  @Override
  protected Map<String, String> notPushed() {
    return NOT_PUSHED;
  }
}
