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
        "SELECT * FROM \"curves$latest\" WHERE tenor IN (1, 3) OR curve = 'C2'",
        "SELECT * FROM curves WHERE rate < 1000 AND tenor < 3"
            + " QUALIFY ROW_NUMBER() OVER (PARTITION BY tenor, curve ORDER BY time_index DESC) = 1",
        "SELECT * FROM prices WHERE price < 100 AND asset <> 'Z'"
            + " QUALIFY ROW_NUMBER() OVER (PARTITION BY asset ORDER BY time_index DESC) = 1",
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

  /** First and last times of each key, and values at them, without a pass over the rows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT asset, MAX(time_index) FROM prices GROUP BY asset",
        "SELECT DISTINCT asset FROM prices",
        "SELECT asset, MIN(time_index) AS first, ARG_MIN(price, time_index), ARG_MAX(price, time_index)"
            + " FROM prices GROUP BY asset",
        "SELECT ARG_MAX(price, time_index), asset FROM prices WHERE price < 100 AND asset <> 'Z' GROUP BY"
            + " asset",
        "SELECT MAX(time_index) FROM prices WHERE asset IN ('sap', 'Z') OR asset IS NULL GROUP BY asset"
            + " HAVING MAX(time_index) > TIMESTAMP '2024-01-01 00:00:00.002691'",
        "SELECT asset, LAST(price, time_index) FROM prices WHERE price < 0 OR asset = 'SAP' GROUP BY asset",
        "SELECT tenor, curve, MAX_BY(rate, time_index), MIN_BY(rate, time_index) FROM curves WHERE"
            + " time_index > TIMESTAMP '2024-03-01 00:00:00' AND tenor <> 2 GROUP BY curve, tenor",
        "SELECT c.curve, c.n FROM (SELECT curve, tenor, FIRST(rate, time_index) AS n FROM curves GROUP BY"
            + " curve, tenor) AS c WHERE c.n > 3 AND c.tenor IN (1, 2)"
      })
  void givesTheGroupsThatReadingAllGives(String query) {
    List<String> all = sql(query).over(catalog).set("pushdown=off").rows();
    assertEquals(sorted(all), sorted(sql(query).over(catalog).rows()));
    assertEquals(true, !all.isEmpty());
    sql(query).over(catalog).sendsPart("WITH RECURSIVE");
  }

  /** Without such an index, or where more is asked, the rows at the ends are found by a join. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT asset, ARG_MAX(price, time_index) FROM plain GROUP BY asset",
        "SELECT asset, COUNT(*), ARG_MAX(price, time_index), MIN(price), ARG_MIN(price, time_index),"
            + " FIRST(asset, time_index), MEDIAN(price) FROM prices WHERE price > 2 GROUP BY asset",
        "SELECT FLOOR(time_index TO WEEK), LAST(rate, time_index), SUM(rate), FIRST(rate, time_index) FROM"
            + " curves GROUP BY FLOOR(time_index TO WEEK)",
        "SELECT curve, ARG_MAX(tenor, time_index), COUNT(DISTINCT tenor) FROM curves WHERE tenor < 4 GROUP BY"
            + " curve HAVING COUNT(*) > 5",
        "SELECT DATE_TRUNC('hour', time_index, 'Europe/Paris'), curve, ARG_MIN(rate, time_index) FROM curves"
            + " WHERE rate < 40 GROUP BY 1, 2"
      })
  void givesTheValuesThatSortingGives(String query) {
    List<String> all = sql(query).over(catalog).set("pushdown=off").rows();
    assertEquals(sorted(all), sorted(sql(query).over(catalog).rows()));
    assertEquals(true, !all.isEmpty());
    sql(query).over(catalog).sendsPart("LEFT JOIN (SELECT");
  }

  /** The number of a symbol is computed for each key once, and its rows are found by the index. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM prices WHERE ASSET_ID(asset) = 2041807193 AND price > 3",
        "SELECT COUNT(*) FROM prices AS p WHERE ASSET_ID(asset) IN (1049751474, 4487648594, 5)",
        "SELECT COUNT(*) FROM prices WHERE ASSET_ID(asset) <> 2190569403",
        "SELECT * FROM \"prices$latest\" WHERE ASSET_ID(asset) = 4487648594",
        "SELECT p.time_index, q.rate FROM (SELECT * FROM prices WHERE ASSET_ID(asset) > 2000000000) AS p"
            + " JOIN curves AS q ON q.time_index = p.time_index"
      })
  void looksForSymbolsByTheirNumbers(String query) {
    List<String> all = sql(query).over(catalog).set("pushdown=off").rows();
    assertEquals(sorted(all), sorted(sql(query).over(catalog).rows()));
    sql(query).over(catalog).sendsPart("WITH RECURSIVE");
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  /** The keys stand in the order of the index, not of the node. */
  @Test
  void isReadBackwardsFromTheLastRowOfAKeyToThatOfTheKeyBefore() {
    sql("SELECT tenor, rate FROM \"curves$latest\" WHERE curve <> 'C2'")
        .over(catalog)
        .sends(
            """
            SELECT "column0" AS "tenor", "column3" AS "rate"
            FROM (WITH RECURSIVE "newestt0"("column0", "column1", "column2", "column3") AS ((SELECT "tenor" AS "column0", "curve" AS "column1", "time_index" AS "column2", "rate" AS "column3"
            FROM "public"."curves"
            ORDER BY "curve" DESC, "tenor" DESC, "time_index" DESC NULLS FIRST
            LIMIT 1)
            UNION ALL
            SELECT "t1".*
            FROM "newestt0"
            CROSS JOIN LATERAL (SELECT "tenor" AS "column0", "curve" AS "column1", "time_index" AS "column2", "rate" AS "column3"
            FROM "public"."curves"
            WHERE ("curve", "tenor") < ("newestt0"."column1", "newestt0"."column0")
            ORDER BY "curve" DESC, "tenor" DESC, "time_index" DESC NULLS FIRST
            LIMIT 1) AS "t1")
            SELECT * FROM "newestt0") AS "t4"
            WHERE "column1" <> 'C2'""");
  }

  /** What only some rows of a key meet is not asked to find the keys. */
  @Test
  void isWrittenAsTheNextKeyAndItsLastRowWhereOtherColumnsCount() {
    sql("SELECT tenor, rate FROM curves WHERE rate < 1000 AND tenor < 3"
            + " QUALIFY ROW_NUMBER() OVER (PARTITION BY tenor, curve ORDER BY time_index DESC) = 1")
        .over(catalog)
        .sends(
            """
            SELECT "tenor", "rate"
            FROM (SELECT "t1".*
            FROM (WITH RECURSIVE "keyst0"("key0", "key1") AS ((SELECT "curve" AS "key0", "tenor" AS "key1"
            FROM "public"."curves"
            ORDER BY "curve", "tenor"
            LIMIT 1)
            UNION ALL
            SELECT "t2".*
            FROM "keyst0"
            CROSS JOIN LATERAL (SELECT "curve" AS "key0", "tenor" AS "key1"
            FROM "public"."curves"
            WHERE ("curve", "tenor") > ("keyst0"."key0", "keyst0"."key1")
            ORDER BY "curve", "tenor"
            LIMIT 1) AS "t2")
            SELECT * FROM "keyst0") AS "keyst0"
            CROSS JOIN LATERAL (SELECT "tenor", "rate", TRUE AS "QualifyExpression"
            FROM "public"."curves"
            WHERE "rate" < CAST(1000.0 AS DOUBLE PRECISION) AND "tenor" < 3 AND "curve" = "keyst0"."key0" AND "tenor" = "keyst0"."key1"
            ORDER BY "time_index" DESC NULLS FIRST
            LIMIT 1) AS "t1") AS "t6\"""");
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
