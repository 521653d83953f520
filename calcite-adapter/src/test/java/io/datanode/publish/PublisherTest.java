package io.datanode.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.DataNodes;
import io.datanode.Rows;
import io.datanode.engine.Engine;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.predicate.F;
import io.datanode.publish.PublishRequest.NewNode;
import io.datanode.publish.PublishingCatalog.Place;
import io.datanode.schema.DeclaredCatalog;
import io.datanode.search.SearchRequest;
import io.datanode.storage.WriteMode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is published is what was given, in every storage that is written to. */
class PublisherTest {
  @TempDir Path folder;

  private static final String[] TWO_DAYS = {
    "2024-01-02T00:00:00Z,SAP,140.25,first", "2024-01-03T00:00:00Z,SAP,NaN,"
  };

  private PublishingCatalog at(Place place) {
    return PublishingCatalog.at(place, folder);
  }

  private static void fails(String sqlState, String message, Executable publishing) {
    DataNodeException failure = assertThrows(DataNodeException.class, publishing);
    assertEquals(sqlState + " " + message, failure.sqlState() + " " + failure.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void aNewNodeIsReadBackAsItWasGiven(Place place) {
    PublishingCatalog catalog = at(place);
    Published published =
        catalog.create(
            "daily_prices",
            catalog.prices(
                "2024-01-02T09:00:00.000001+01:00,SAP,-0.5,\"a \"\"quoted\"\" \\n, 'text'\"",
                "2024-01-02T09:00:00.000001+01:00,ALV,NaN,",
                "1969-12-31T23:59:59.999999Z,SAP,0.1,\"\"",
                "2024-01-03T00:00:00Z,MÜV2,1e-300,\\N"));
    assertEquals(4, published.rows());
    assertEquals(3, published.assets());
    assertEquals("1969-12-31 23:59:59.999999+00", published.first());
    assertEquals("2024-01-03 00:00:00+00", published.last());
    assertEquals(List.of("time_index", "asset_identifier"), published.key());
    catalog
        .sql("SELECT * FROM daily_prices ORDER BY time_index, asset_identifier")
        .returns(
            "1969-12-31 23:59:59.999999+00|SAP|0.1|",
            "2024-01-02 08:00:00.000001+00|ALV|NaN|null",
            "2024-01-02 08:00:00.000001+00|SAP|-0.5|a \"quoted\" \\n, 'text'",
            "2024-01-03 00:00:00+00|MÜV2|1.0E-300|\\N");
    catalog
        .sql(
            "SELECT time_index, identity, inferred FROM metadata.nodes"
                + " WHERE identifier = 'daily_prices'")
        .returns("time_index|asset_identifier|null");
  }

  @ParameterizedTest
  @EnumSource
  void valuesOfAllTypesAreKept(Place place) {
    PublishingCatalog catalog = at(place);
    String rows =
        """
        SELECT CAST(t AS TIMESTAMP WITH LOCAL TIME ZONE) AS time_index,
          CAST(u AS UUID) AS asset_identifier, CAST(s AS SMALLINT) AS s, CAST(i AS INTEGER) AS i,
          CAST(i AS BIGINT) AS l, CAST(r AS REAL) AS r, CAST(r AS DOUBLE) AS p, CAST(n AS DECIMAL(38, 18)) AS n,
          CAST(d AS DATE) AS d, CAST(x AS TIME) AS x, CAST(t AS TIMESTAMP) AS w,
          CAST(b AS BOOLEAN) AS b, v
        FROM (VALUES
          ('0001-01-01 00:00:00', '00000000-0000-0000-0000-000000000001', -32768, -2147483648,
            '-Infinity', '-12345678901234567890.123456789012345678', '0001-01-01',
            '23:59:59.999999', 'true', X'00ff5c09'),
          ('9999-12-31 23:59:59.999999', 'ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, NULL,
            NULL, NULL, NULL, NULL, NULL, NULL)) AS p (t, u, s, i, r, n, d, x, b, v)
        """;
    catalog.create("odd", new RowSource.Query(rows));
    String read = " ORDER BY time_index";
    catalog
        .sql("SELECT * FROM odd" + read)
        .returns(
            catalog
                .sql("SELECT * FROM (" + rows + ") AS given" + read)
                .rows()
                .toArray(String[]::new));
    catalog
        .sql("SELECT column_name, sql_type FROM metadata.columns WHERE identifier = 'odd'")
        .returns(
            "time_index|TIMESTAMP(6) WITH LOCAL TIME ZONE",
            "asset_identifier|UUID",
            "s|SMALLINT",
            "i|INTEGER",
            "l|BIGINT",
            "r|REAL",
            "p|DOUBLE",
            "n|DECIMAL(38, 18)",
            "d|DATE",
            "x|TIME(6)",
            "w|TIMESTAMP(6)",
            "b|BOOLEAN",
            "v|VARBINARY");
  }

  @Test
  void aDerivedNodeIsPublishedFromAQuery() {
    PublishingCatalog catalog = at(Place.FOLDER);
    catalog.create("daily_prices", catalog.prices(TWO_DAYS));
    catalog.create(
        "returns",
        new RowSource.Query(
            "SELECT time_index, asset_identifier, close * 2 AS twice FROM daily_prices"));
    catalog
        .sql("SELECT * FROM daily_prices JOIN returns USING (time_index, asset_identifier)")
        .returns(
            "2024-01-02 00:00:00+00|SAP|140.25|first|280.5",
            "2024-01-03 00:00:00+00|SAP|NaN|null|NaN");
    try (DataNodes nodes = DataNodes.open("jdbc:datanode:" + catalog.file());
        Rows rows = nodes.search(SearchRequest.of("returns").filter(F.lt("twice", 1000)))) {
      assertEquals(
          "[{time_index=2024-01-02T00:00:00Z, asset_identifier=SAP, base__twice=280.5}]",
          rows.maps().toList().toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreAppendedReplacedByTheirKeysAndReplacedAll(Place place) {
    PublishingCatalog catalog = at(place);
    catalog.create("daily_prices", catalog.prices(TWO_DAYS));
    // Whole numbers are read from CSV as such; the column has doubles, and so has the new row.
    Published published =
        catalog.change(
            WriteMode.APPEND,
            "DAILY_PRICES",
            catalog.csv(
                "note,close,asset_identifier,time_index", "third,143,SAP,2024-01-04T00:00:00Z"));
    assertEquals(1, published.rows());
    assertEquals(0, published.replaced());
    fails(
        "23505",
        "The node already has rows with time_index, asset_identifier = (2024-01-03 00:00:00+00,"
            + " SAP); mode append takes rows with new keys only, upsert replaces those there are",
        () ->
            catalog.change(
                WriteMode.APPEND,
                "daily_prices",
                catalog.prices(
                    "2024-01-03T00:00:00Z,SAP,1,again", "2024-01-05T00:00:00Z,SAP,2,new")));
    catalog
        .sql("SELECT * FROM daily_prices ORDER BY time_index")
        .returns(
            "2024-01-02 00:00:00+00|SAP|140.25|first",
            "2024-01-03 00:00:00+00|SAP|NaN|null",
            "2024-01-04 00:00:00+00|SAP|143.0|third");
    published =
        catalog.change(
            WriteMode.UPSERT,
            "daily_prices",
            catalog.prices("2024-01-02T00:00:00Z,SAP,141.5,", "2024-01-02T00:00:00Z,ALV,240.1,b"));
    assertEquals(1, published.replaced());
    catalog
        .sql("SELECT * FROM daily_prices ORDER BY time_index, asset_identifier")
        .returns(
            "2024-01-02 00:00:00+00|ALV|240.1|b",
            "2024-01-02 00:00:00+00|SAP|141.5|null",
            "2024-01-03 00:00:00+00|SAP|NaN|null",
            "2024-01-04 00:00:00+00|SAP|143.0|third");
    published =
        catalog.change(
            WriteMode.REPLACE,
            "daily_prices",
            catalog.prices("2024-01-02T00:00:00Z,SAP,141.5,only"));
    assertEquals(4, published.replaced());
    catalog.sql("SELECT * FROM daily_prices").returns("2024-01-02 00:00:00+00|SAP|141.5|only");
  }

  @Test
  void versionsOfARowAreToldApartByTheirKnowledgeTime() {
    PublishingCatalog catalog = at(Place.FOLDER);
    String names = "time_index,asset_identifier,published_at,eps";
    catalog.create(
        "fundamentals",
        catalog.csv(
            names,
            "2024-03-31T00:00:00Z,SAP,2024-05-01T00:00:00Z,1.1",
            "2024-03-31T00:00:00Z,SAP,2024-06-01T00:00:00Z,1.2"));
    catalog.change(
        WriteMode.APPEND,
        "fundamentals",
        catalog.csv(names, "2024-03-31T00:00:00Z,SAP,2024-07-01T00:00:00Z,1.3"));
    catalog.sql("SELECT eps FROM fundamentals").returns("1.3");
    catalog
        .sql("SELECT eps FROM fundamentals FOR SYSTEM_TIME AS OF TIMESTAMP '2024-06-15 00:00:00'")
        .returns("1.2");
    catalog.sql("SELECT COUNT(*) FROM \"fundamentals$versions\"").returns("3");
  }

  @ParameterizedTest
  @EnumSource
  void aDryRunChangesNothing(Place place) {
    PublishingCatalog catalog = at(place);
    List<String> files = catalog.files();
    String text = catalog.text();
    Published published =
        catalog.publish(
            "daily_prices", catalog.prices(TWO_DAYS), WriteMode.CREATE, NewNode.NOTHING, true);
    assertEquals(2, published.rows());
    assertEquals(text, catalog.text());
    assertEquals(files, catalog.files());
    catalog.create("daily_prices", catalog.prices(TWO_DAYS));
    catalog.publish(
        "daily_prices",
        catalog.prices("2024-01-02T00:00:00Z,SAP,0,"),
        WriteMode.REPLACE,
        NewNode.NOTHING,
        true);
    catalog.sql("SELECT COUNT(*), MAX(note) FROM daily_prices").returns("2|first");
  }

  @ParameterizedTest
  @EnumSource
  void namesAreTakenAsTheyAre(Place place) {
    PublishingCatalog catalog = at(place);
    String identifier = "x\"; DROP TABLE y; --'";
    String column = "cl\"ose'; --";
    TableSource file =
        place == Place.FOLDER
            ? new TableSource.Files(
                TableSource.FileFormat.PARQUET, List.of("it's \"x\".parquet"), false, List.of())
            : null;
    NewNode node =
        new NewNode(
            null, file, List.of("t \"1\"", "as,set"), null, null, null, "It's \"x\"", List.of());
    RowSource rows =
        new RowSource.Query(
            "SELECT TIMESTAMP WITH LOCAL TIME ZONE '2024-01-02 00:00:00' AS \"t \"\"1\"\"\","
                + " 'SAP' AS \"as,set\", 1.5e0 AS \"cl\"\"ose'; --\"");
    catalog.create(identifier, rows, node);
    catalog.change(WriteMode.UPSERT, identifier, rows);
    catalog
        .sql("SELECT \"" + column.replace("\"", "\"\"") + "\" FROM \"x\"\"; DROP TABLE y; --'\"")
        .returns("1.5");
    catalog
        .sql("SELECT identity, description FROM metadata.nodes")
        .returns("\"as,set\"|It's \"x\"");
  }

  @Test
  void aNodeIsCreatedOnceAndChangedOnlyIfItIsThere() {
    PublishingCatalog catalog = at(Place.FOLDER);
    fails(
        "42P01",
        "There is no node 'daily_prices' yet, so mode create is what publishes it",
        () -> catalog.change(WriteMode.APPEND, "daily_prices", catalog.prices(TWO_DAYS)));
    catalog.create("daily_prices", catalog.prices(TWO_DAYS));
    String text = catalog.text();
    fails(
        "42P07",
        "Node 'daily_prices' is already declared in " + catalog.file() + ":4",
        () -> catalog.create("Daily_Prices", catalog.prices(TWO_DAYS)));
    assertEquals(text, catalog.text());
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatIsThereIsNotTakenForANewNode(Place place) {
    PublishingCatalog catalog = at(place);
    catalog.create("daily_prices", catalog.prices(TWO_DAYS));
    catalog.write(
        "catalog.yaml",
        catalog.text().replace("identifier: daily_prices", "identifier: old_prices"));
    DataNodeException failure =
        assertThrows(
            DataNodeException.class,
            () -> catalog.create("daily_prices", catalog.prices("2024-01-02T00:00:00Z,B,1,x")));
    assertEquals("42P07", failure.sqlState(), failure::getMessage);
    assertTrue(failure.getMessage().contains("daily_prices"), failure::getMessage);
    catalog.sql("SELECT COUNT(*), MAX(note) FROM old_prices").returns("2|first");
  }

  @Test
  void wrongRowsAreRefusedAndTheNodeStaysAsItIs() {
    PublishingCatalog catalog = at(Place.FOLDER);
    catalog.create("daily_prices", catalog.prices(TWO_DAYS));
    catalog.write("catalog.yaml", catalog.text() + "    columns: { close: { nullable: false } }\n");
    Map<RowSource, String> wrong =
        Map.of(
            catalog.query("CAST(NULL AS DOUBLE) AS close, 'n' AS note"),
            "23502 Column 'close' is never to be NULL, but is NULL in 1 row",
            catalog.prices("2024-01-02T00:00:00Z,,1.5,n", "2024-01-02T00:00:00Z,,1.5,n"),
            "23502 Column 'asset_identifier' identifies a row, but is NULL in 2 rows",
            catalog.prices("2024-01-02T00:00:00Z,A,1.5,n", "2024-01-02T00:00:00Z,A,1.5,n"),
            "23505 Several rows have time_index, asset_identifier = (2024-01-02 00:00:00+00, A);"
                + " the columns of the index identify one row",
            catalog.query("'x' AS close, 'n' AS note"),
            "42804 Column 'close' is VARCHAR; expected DOUBLE",
            catalog.query("1.5 AS close, 'n' AS remark"),
            "42703 The rows do not have the columns of the node, time_index, asset_identifier,"
                + " close, note; they lack note; they have remark besides",
            catalog.query("9007199254740993 AS close, 'n' AS note"),
            "22003 1 values of column 'close', which is BIGINT, are not kept by the DOUBLE it has"
                + " to be");
    wrong.forEach(
        (rows, message) ->
            fails(
                message.substring(0, 5),
                message.substring(6),
                () -> catalog.change(WriteMode.UPSERT, "daily_prices", rows)));
    catalog.sql("SELECT COUNT(*), MAX(note) FROM daily_prices").returns("2|first");
  }

  @Test
  void aNodeThatShowsOtherThanIsStoredIsNotWrittenTo() {
    PublishingCatalog catalog = at(Place.FOLDER);
    catalog.create("daily_prices", catalog.prices(TWO_DAYS));
    String text = catalog.text();
    Map<String, String> refused =
        Map.of(
            "columns: { last: { stored_name: close } }",
            "shows the stored column 'close' as 'last' of type DOUBLE",
            "columns: { close: { dtype: \"numeric(10,2)\" } }",
            "shows the stored column 'close' as 'close' of type DECIMAL(10, 2), which is DOUBLE",
            "hidden: [note]",
            "does not show the stored columns note",
            "tie_break: [note]",
            "has rows that only note tells apart, by its tie_break");
    refused.forEach(
        (declared, why) -> {
          catalog.write("catalog.yaml", text + "    " + declared + "\n");
          fails(
              "0A000",
              "Node 'daily_prices' is not written to: it " + why,
              () -> catalog.change(WriteMode.APPEND, "daily_prices", catalog.prices(TWO_DAYS)));
        });
    catalog.write("catalog.yaml", text.replace("prices.parquet", "*.parquet"));
    fails(
        "0A000",
        "The node is made of "
            + folder.resolve("data/daily_*.parquet")
            + "; only a node in one Parquet file can be written, because several files do not"
            + " change all at once",
        () -> catalog.change(WriteMode.UPSERT, "daily_prices", catalog.prices(TWO_DAYS)));
  }

  @Test
  void aCatalogInPostgreSqlDeclaresTheNodeInTheSameStep() throws SQLException {
    PublishingCatalog catalog = at(Place.POSTGRESQL);
    Path lake = folder.resolve("lake");
    catalog.write(
        "catalog.yaml", catalog.text() + "  files: { type: duckdb, path: \"" + lake + "\" }\n");
    String database = catalog.url().replaceFirst("jdbc:", "");
    try (DeclaredCatalog from = Engine.openCatalog(catalog.file().toString());
        DeclaredCatalog to = Engine.openCatalog(database)) {
      to.writable().migrate();
      to.writable().replace(from.declared(), false);
    }
    for (String storage : List.of("lake", "files")) {
      NewNode node =
          new NewNode(
              storage, null, null, null, null, "1D", "Daily bars.", List.of("eod", "equities"));
      PublishRequest request =
          new PublishRequest(
              new NodeName("desk", "from_" + storage),
              catalog.prices(TWO_DAYS),
              WriteMode.CREATE,
              false,
              false,
              node);
      Publisher.publish(database, request);
      fails(
          "42P07",
          "Node 'desk.from_"
              + storage
              + "' is already declared in datanode.nodes (desk, from_"
              + storage
              + ")",
          () -> Publisher.publish(database, request));
    }
    try (DataNodes nodes = DataNodes.open("jdbc:datanode:" + database);
        Rows rows =
            nodes.query(
                "SELECT storage, cadence, labels, description FROM metadata.nodes"
                    + " ORDER BY identifier")) {
      assertEquals(
          List.of(
              "{storage=files, cadence=1d, labels=eod, equities, description=Daily bars.}",
              "{storage=lake, cadence=1d, labels=eod, equities, description=Daily bars.}"),
          rows.maps().map(Object::toString).toList());
    }
    try (DataNodes nodes = DataNodes.open("jdbc:datanode:" + database);
        Rows rows =
            nodes.query(
                "SELECT COUNT(*) AS n FROM desk.from_lake JOIN desk.from_files"
                    + " USING (time_index, asset_identifier)")) {
      assertEquals("[{n=2}]", rows.maps().toList().toString());
    }
  }
}
