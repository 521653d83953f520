package io.datanode.plan.time;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a storage lets two versions of a row be of one knowledge time. */
class UniqueVersionsTest {
  private static final String COLUMNS =
      " (day TIMESTAMPTZ NOT NULL, asset VARCHAR NOT NULL, known_at TIMESTAMPTZ %s, eps INTEGER%s)";

  /** In both storages. */
  private static final List<String> TABLES =
      List.of(
          table("primary", "", ", PRIMARY KEY (asset, day, known_at)"),
          table("constrained", "NOT NULL", ", UNIQUE (day, asset, known_at)"),
          table("indexed", "NOT NULL", ""),
          "CREATE UNIQUE INDEX indexed_key ON indexed (asset, day, known_at)",
          table("single", "NOT NULL", ""),
          "CREATE UNIQUE INDEX single_key ON single (day, asset)",
          table("nullable", "", ", UNIQUE (day, asset, known_at)"),
          table("other", "NOT NULL", ", UNIQUE (day, asset, known_at, eps)"),
          table("computed", "NOT NULL", ""),
          "CREATE UNIQUE INDEX computed_key ON computed (asset, day, known_at, (eps + 1))");

  /** In PostgreSQL alone. */
  private static final List<String> MORE =
      List.of(
          table("partial", "NOT NULL", ""),
          "CREATE UNIQUE INDEX ON partial (asset, day, known_at) WHERE eps > 3",
          table("parent", "NOT NULL", ", PRIMARY KEY (day, asset, known_at)"),
          "CREATE TABLE child () INHERITS (parent)",
          table("partitioned", "NOT NULL", ", UNIQUE (asset, day, known_at)")
              + " PARTITION BY LIST (asset)",
          "CREATE TABLE partitioned_sap PARTITION OF partitioned FOR VALUES IN ('SAP')");

  private static final List<String> VERSIONS =
      List.of(
          "('2024-01-01 00:00:00+00', 'SAP', '2024-01-02 00:00:00+00', 3)",
          "('2024-01-02 00:00:00+00', 'SAP', '2024-01-03 00:00:00+00', 5)");

  private static Path catalog;

  private static String table(String name, String known, String keys) {
    return "CREATE TABLE \"" + name + "\"" + COLUMNS.formatted(known, keys);
  }

  @BeforeAll
  static void write(@TempDir Path folder) throws IOException, SQLException {
    Path file = folder.resolve("reports.duckdb");
    List<String> duckDb = new ArrayList<>(TABLES);
    insert(duckDb, "primary", "constrained", "indexed", "single", "nullable", "other", "computed");
    // No two rows with NULL are equal to a unique key.
    String unknown = "('2024-01-01 00:00:00+00', 'SAP', NULL, %d)";
    String ties =
        "INSERT INTO nullable VALUES " + unknown.formatted(8) + ", " + unknown.formatted(9);
    String twice = "INSERT INTO %s VALUES " + VERSIONS.get(0).replace(", 3)", ", 4)");
    duckDb.add(ties);
    duckDb.add(twice.formatted("other"));
    duckDb.add(twice.formatted("computed"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String each : duckDb) {
        statement.execute(each);
      }
    }
    List<String> postgreSql = new ArrayList<>(duckDb);
    postgreSql.addAll(MORE);
    insert(postgreSql, "partial", "parent", "partitioned");
    postgreSql.add("INSERT INTO child VALUES " + VERSIONS.get(0).replace(", 3)", ", 4)"));
    String url = PostgreSql.newDatabase();
    PostgreSql.run(url, postgreSql.toArray(new String[0]));
    StringBuilder yaml =
        new StringBuilder("storages:\n  lake: { type: duckdb, path: " + file + " }\n")
            .append("  desk: { type: postgresql, url: \"" + url + "\" }\nnodes:\n");
    for (String each :
        List.of(
            "lake primary",
            "lake constrained",
            "lake indexed",
            "lake single",
            "lake nullable",
            "lake other",
            "lake computed",
            "desk primary",
            "desk constrained",
            "desk indexed",
            "desk single",
            "desk nullable",
            "desk other",
            "desk computed",
            "desk partial",
            "desk parent",
            "desk partitioned")) {
      String[] words = each.split(" ");
      yaml.append(
          "  - { identifier: %s_%s, storage: %s, table: %s, time_index: day, asset: asset, knowledge_time: known_at }\n"
              .formatted(words[0], words[1], words[0], words[1]));
    }
    catalog = Files.writeString(folder.resolve("catalog.yaml"), yaml);
  }

  private static void insert(List<String> statements, String... tables) {
    for (String table : tables) {
      statements.add("INSERT INTO \"" + table + "\" VALUES " + String.join(", ", VERSIONS));
    }
  }

  /** What else a row holds decides only where two versions may be of one time. */
  @ParameterizedTest
  @CsvSource({
    "primary, true",
    "constrained, true",
    "indexed, true",
    "single, true",
    "nullable, false",
    "other, false",
    "computed, false"
  })
  void onlyAKeyOfTheStorageRulesOutTies(String table, boolean unique) {
    String query = "SELECT day::DATE, eps FROM %s_" + table + " WHERE asset = 'SAP'";
    boolean tied = table.equals("other") || table.equals("computed");
    for (String storage : List.of("lake", "desk")) {
      String written = query.formatted(storage);
      String sent = sent(written);
      assertEquals(unique, !sent.contains("\"eps\" DESC") && !sent.contains("MATERIALIZED"), sent);
      sql(written + " ORDER BY 1")
          .over(catalog)
          .returns(tied ? "2024-01-01|4" : "2024-01-01|3", "2024-01-02|5");
    }
  }

  @ParameterizedTest
  @CsvSource({"partial, false, 3", "parent, false, 4", "partitioned, true, 3"})
  void anIndexOfSomeRowsRulesOutNone(String table, boolean unique, int eps) {
    String written = "SELECT day::DATE, eps FROM desk_" + table;
    String sent = sent(written);
    assertEquals(unique, !sent.contains("\"eps\" DESC"), sent);
    sql(written + " ORDER BY 1").over(catalog).returns("2024-01-01|" + eps, "2024-01-02|5");
  }

  /** AS OF leaves out the versions of which nobody knows when they became known. */
  @Test
  void versionsWithoutKnowledgeTimeAreNoTiesWhereNoneIsRead() {
    for (String storage : List.of("lake", "desk")) {
      String written =
          "SELECT eps FROM "
              + storage
              + "_nullable FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-02 12:00:00'";
      String sent = sent(written);
      assertEquals(false, sent.contains("\"eps\" DESC") || sent.contains("MATERIALIZED"), sent);
      sql(written).over(catalog).returns("3");
    }
  }

  /** Cached plans that relied on it are made anew. */
  @Test
  void aKeyThatIsGoneRulesOutNothingAnyMore(@TempDir Path folder) throws IOException, SQLException {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        table("reports", "NOT NULL", ""),
        "CREATE UNIQUE INDEX reports_key ON reports (asset, day, known_at)");
    Path desk =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            "storages:\n  desk: { type: postgresql, url: \"%s\" }\nnodes:\n".formatted(url)
                + "  - { identifier: reports, storage: desk, table: reports, time_index: day,"
                + " asset: asset, knowledge_time: known_at }\n");
    try (Connection connection =
            DriverManager.getConnection("jdbc:datanode:" + desk + "?catalogTtl=PT0S");
        PreparedStatement explain =
            connection.prepareStatement("EXPLAIN PLAN FOR SELECT eps FROM reports")) {
      assertEquals(false, text(explain).contains("\"eps\" DESC"));
      PostgreSql.run(url, "DROP INDEX reports_key");
      assertEquals(true, text(explain).contains("\"eps\" DESC"));
    }
  }

  private static String text(PreparedStatement explain) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (ResultSet lines = explain.executeQuery()) {
      while (lines.next()) {
        text.append(lines.getString(1)).append('\n');
      }
    }
    return text.toString();
  }

  private static String sent(String query) {
    return sql(query).over(catalog).explanation().get("queries").get(0).get("sql").asText();
  }
}
