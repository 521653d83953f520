package io.datanode.storage.postgresql;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The newest row of each key by an index that is not read whole, and where that is not done. */
class LooseScanTest {
  private static Path catalog;

  @BeforeAll
  static void write(@TempDir Path folder) throws IOException {
    String url = PostgreSql.newDatabase();
    PostgreSql.run(
        url,
        "SET TIME ZONE 'UTC'",
        "CREATE TABLE prices (asset TEXT, time_index TIMESTAMPTZ, price FLOAT8)",
        """
        INSERT INTO prices SELECT (ARRAY['SAP', 'sap', 'Ärzte', '', NULL, 'Z'])[1 + i % 6],
          CASE WHEN i % 100 < 90 THEN TIMESTAMPTZ '2024-01-01 00:00:00+00' + i * INTERVAL '1 microsecond' END,
          CASE WHEN i % 7 = 0 THEN 'NaN' ELSE i / 8.0 END
        FROM generate_series(1, 3000) i""",
        "CREATE INDEX ON prices (asset, time_index)",
        "CREATE TABLE curves (tenor INT NOT NULL, curve TEXT NOT NULL, time_index TIMESTAMPTZ NOT NULL,"
            + " rate FLOAT8, PRIMARY KEY (curve, tenor, time_index))",
        """
        INSERT INTO curves SELECT i % 5, 'C' || i % 4, TIMESTAMPTZ '2024-01-01 00:00:00+00' + i * INTERVAL '1 hour', i
        FROM generate_series(1, 2000) i""",
        "CREATE TABLE trades AS SELECT i AS id, TIMESTAMPTZ '2024-01-01 00:00:00+00' + i * INTERVAL '1 second'"
            + " AS time_index FROM generate_series(1, 1000) i",
        "CREATE INDEX ON trades (id, time_index)",
        "CREATE TABLE plain AS SELECT * FROM prices",
        "CREATE TABLE backwards AS SELECT * FROM prices",
        "CREATE INDEX ON backwards (asset DESC NULLS LAST, time_index)",
        "CREATE INDEX ON backwards (asset, time_index) WHERE price > 3",
        "CREATE INDEX ON backwards (lower(asset), time_index)",
        "CREATE TABLE names (name TEXT)",
        "ANALYZE");
    catalog = folder.resolve("catalog.yaml");
    Files.writeString(
        catalog,
        """
        storages:
          desk: { type: postgresql, url: "%s", user: postgres }
        nodes:
          - { identifier: prices, table: prices, time_index: time_index, asset: asset }
          - { identifier: plain, table: plain, time_index: time_index, asset: asset }
          - { identifier: backwards, table: backwards, time_index: time_index, asset: asset }
          - { identifier: trades, table: trades, index_names: [time_index, id] }
          - { identifier: names, table: names }
          - { identifier: curves, table: curves, index_names: [time_index, tenor, curve] }
        """
            .formatted(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM \"prices$latest\"",
        "SELECT asset, price FROM \"prices$latest\" WHERE asset IN ('SAP', 'Z') OR asset IS NULL",
        "SELECT asset FROM \"prices$latest\" WHERE price > 5 ORDER BY asset",
        "SELECT * FROM prices QUALIFY ROW_NUMBER() OVER (PARTITION BY asset ORDER BY time_index DESC,"
            + " price DESC) = 1",
        "SELECT * FROM prices WHERE time_index <= TIMESTAMP '2024-01-01 00:00:00.000777' QUALIFY"
            + " ROW_NUMBER() OVER (PARTITION BY asset ORDER BY time_index DESC) = 1",
        "SELECT * FROM \"curves$latest\" WHERE rate IS NOT NULL",
        "SELECT a.asset, b.price FROM \"prices$latest\" AS a JOIN \"prices$latest\" AS b ON a.asset ="
            + " b.asset WHERE a.asset > 'A'",
        "SELECT (SELECT COUNT(*) FROM \"curves$latest\" AS c WHERE c.rate > p.price) FROM"
            + " \"prices$latest\" AS p"
      })
  void givesTheRowsThatReadingAllGives(String query) {
    List<String> all = sql(query).over(catalog).set("pushdown=off").rows();
    assertEquals(sorted(all), sorted(sql(query).over(catalog).rows()));
    assertEquals(true, all.size() > 1);
    sql(query).over(catalog).sendsPart("WITH RECURSIVE");
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  @Test
  void isWrittenAsTheNextKeyAndItsLastRow() {
    sql("SELECT tenor, rate FROM \"curves$latest\"")
        .over(catalog)
        .sends(
            """
            SELECT "tenor", "rate"
            FROM (SELECT "t1".*
            FROM (WITH RECURSIVE "keyst0"("key0", "key1") AS ((SELECT "tenor" AS "key0", "curve" AS "key1"
            FROM "public"."curves"
            ORDER BY "tenor", "curve"
            LIMIT 1)
            UNION ALL
            SELECT "t1".*
            FROM "keyst0"
            CROSS JOIN LATERAL (SELECT "tenor" AS "key0", "curve" AS "key1"
            FROM "public"."curves"
            WHERE ("tenor", "curve") > ("keyst0"."key0", "keyst0"."key1")
            ORDER BY "tenor", "curve"
            LIMIT 1) AS "t1")
            SELECT * FROM "keyst0") AS "keyst0"
            CROSS JOIN LATERAL (SELECT "tenor", "curve", "time_index", "rate", CAST(1 AS BIGINT) AS "datanode$row"
            FROM "public"."curves"
            WHERE "tenor" = "keyst0"."key0" AND "curve" = "keyst0"."key1"
            ORDER BY "time_index" DESC NULLS FIRST
            LIMIT 1) AS "t1") AS "t5\"""");
  }

  /**
   * Without such an index, with one in another order, and where nearly every row has its own key.
   */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "backwards", "trades"})
  void readsAllRowsWhereNoIndexHelps(String node) {
    sql("SELECT * FROM \"" + node + "$latest\"").over(catalog).sendsPart("DISTINCT ON");
  }

  @Test
  void nodeWithoutTimeHasNoNewestRows() {
    sql("SELECT * FROM \"names$latest\"")
        .over(catalog)
        .fails(
            "Node 'names' has no time index, so none of its rows is the newest; declare time_index in"
                + " the catalog",
            "42P01");
  }
}
