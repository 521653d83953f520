package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.engine.Engine;
import io.datanode.engine.EngineSession;
import io.datanode.engine.SearchCall;
import io.datanode.engine.SearchResult;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.predicate.F;
import io.datanode.search.SearchRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog, one storage of which is another server: the catalogs of two desks as one. */
class NodesOfAnotherServerTest {
  @TempDir Path folder;

  private Engine theirs;
  private TestServer server;
  private Path ours;

  @BeforeEach
  void startTheirServer() throws Exception {
    Path data = Files.createDirectories(folder.resolve("theirs"));
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_days(i // 4) AS time_index,"
              + " 'A' || i % 4 AS asset_identifier, i / 2 AS close FROM range(4000) AS r(i)) TO '"
              + data.resolve("prices.parquet")
              + "'");
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' AS time_index,"
              + " 'A' || i // 5 AS asset_identifier, 1.0::DOUBLE + i % 5 AS bid"
              + " FROM range(10) AS r(i) ORDER BY hash(i)) TO '"
              + data.resolve("quotes.parquet")
              + "'");
      statement.execute(
          "COPY (SELECT 'A' || i AS asset_identifier, 'sector ' || i % 2 AS sector FROM range(3)"
              + " AS r(i)) TO '"
              + folder.resolve("sectors.parquet")
              + "'");
    }
    theirs = Engine.open(data.toString(), Map.of());
    server = start(0);
    ours =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            """
            storages:
              equities: { type: datanode, url: "%s" }
              own: { type: duckdb, path: . }
            nodes:
              - { identifier: equity_prices, storage: equities, table: prices }
              - { identifier: equity_quotes, storage: equities, table: quotes }
              - { identifier: sectors, storage: own, files: sectors.parquet, identity: [asset_identifier] }
            """
                .formatted(server.server().httpUrl()));
  }

  private TestServer start(int port) throws SQLException {
    return TestServer.start(
        ServerSettings.defaults().at("127.0.0.1", port), (user, s) -> theirs.session(user, s));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    assertEquals(0, theirs.openSessions(), "sessions of the storage are closed with it");
    theirs.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:datanode:" + ours);
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        StringBuilder row = new StringBuilder(String.valueOf(result.getString(1)));
        for (int i = 2; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(" | ").append(result.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @Test
  void filtersGroupsAndLimitsAreTheirWork() throws SQLException {
    try (Connection connection = connect()) {
      String sql =
          "SELECT asset_identifier, MAX(close) AS top FROM equity_prices"
              + " WHERE time_index < DATE '2024-01-03' GROUP BY asset_identifier ORDER BY top DESC"
              + " LIMIT 2";
      assertEquals(List.of("A3 | 3.5", "A2 | 3.0"), rows(connection, sql));
      assertTrue(
          rows(connection, "EXPLAIN PLAN FOR " + sql).contains("root on equities"),
          "the statement goes there whole");
    }
  }

  @Test
  void aJoinAsksThemForTheKeysThatOurSideHas() throws SQLException {
    try (Connection connection = connect()) {
      assertEquals(
          List.of("sector 0 | 2000", "sector 1 | 1000"),
          rows(
              connection,
              "SELECT s.sector, COUNT(*) FROM equity_prices p JOIN sectors s"
                  + " ON s.asset_identifier = p.asset_identifier GROUP BY s.sector ORDER BY 1"));
      assertEquals(
          List.of("3"),
          rows(
              connection,
              "SELECT MAX(shipped_rows) FROM metadata.queries WHERE sql LIKE 'SELECT s.sector%'"),
          "groups, not rows, cross the network");
    }
  }

  /** What their catalog calls the key of a node, their storage need not enforce. */
  @Test
  void pagesOfASearchLoseNoRowWhereTheirIndexRepeats() throws SQLException {
    SearchRequest request =
        SearchRequest.of("equity_quotes")
            .filter(F.and(F.lte("time_index", "infinity"), F.eq("asset_identifier", "A0")));
    try (Engine engine = Engine.open(ours.toString(), Map.of());
        EngineSession session = engine.session("", Map.of())) {
      List<String> bids = new ArrayList<>();
      Long offset = 0L;
      while (offset != null) {
        try (SearchResult page =
            session.search(SearchCall.of("page" + offset, request.page(2, offset)))) {
          ColumnBatch batch = page.next();
          for (int row = 0; row < batch.rowCount(); row++) {
            bids.add(String.valueOf(((DoubleVector) batch.column(2)).get(row)));
          }
          offset = page.nextOffset();
        }
      }
      assertEquals(List.of("1.0", "2.0", "3.0", "4.0", "5.0"), bids);
    }
  }

  @Test
  void aServerThatIsDownIsNamedAndFoundAgain() throws SQLException {
    try (Connection connection = connect()) {
      assertEquals(List.of("4000"), rows(connection, "SELECT COUNT(*) FROM equity_prices"));
      int port = server.server().port();
      server.close();
      SQLException down =
          assertThrows(
              SQLException.class, () -> rows(connection, "SELECT MIN(close) FROM equity_prices"));
      assertEquals("57P03", down.getSQLState());
      assertTrue(
          down.getMessage().contains("'equities'") && down.getMessage().contains("127.0.0.1"),
          down.getMessage());
      assertEquals(List.of("3"), rows(connection, "SELECT COUNT(*) FROM sectors"));
      server = start(port);
      assertEquals(List.of("0.0"), rows(connection, "SELECT MIN(close) FROM equity_prices"));
    }
  }

  /** One that takes requests and does not answer holds nobody longer than asked for. */
  @Test
  void aServerThatHangsIsGivenUpAtTheTimeLimit() throws Exception {
    try (RecordingProxy proxy = new RecordingProxy(server.server().port())) {
      Files.writeString(
          ours,
          Files.readString(ours)
              .replace(
                  server.server().httpUrl() + "\"", proxy.httpUrl() + "\", connect_timeout: 1"));
      String sql = "SELECT COUNT(*) FROM equity_prices";
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        assertEquals(List.of("4000"), rows(connection, sql));
        proxy.hang();
        statement.setQueryTimeout(1);
        SQLException late = assertThrows(SQLException.class, () -> statement.executeQuery(sql));
        assertEquals("57014", late.getSQLState(), late.getMessage());
        assertEquals(List.of("3"), rows(connection, "SELECT COUNT(*) FROM sectors"));
        proxy.recover();
        assertEquals(List.of("4000"), rows(connection, sql));
      }
    }
  }

  @Test
  void aCatalogThatReadsANodeFromItselfIsRefused() throws Exception {
    Files.writeString(
        ours,
        """
        storages:
          me: { type: datanode, url: "jdbc:datanode:%s" }
        nodes:
          - { identifier: prices, storage: me, table: prices }
        """
            .formatted(ours));
    try (Connection connection = connect()) {
      SQLException refused =
          assertThrows(SQLException.class, () -> rows(connection, "SELECT * FROM prices"));
      assertEquals("F0000", refused.getSQLState());
      assertTrue(
          refused.getMessage().contains("'prices' is read from itself"), refused.getMessage());
    }
  }
}
