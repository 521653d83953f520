package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far nodes reach is told of those that can be read; of the others it is told why not. */
class UnreadableNodesTest {
  private static final String STATUS =
      "SELECT identifier, row_count, error FROM metadata.node_status ORDER BY identifier";

  @TempDir private Path folder;

  @BeforeEach
  void publish() throws SQLException, IOException {
    for (String node : List.of("bars", "quotes")) {
      Files.writeString(
          folder.resolve(node + ".csv"),
          "time_index,asset_identifier,price\n2024-01-02T00:00:00Z,SAP,1.5\n");
    }
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        storages:
          lake: { type: duckdb, path: . }
        nodes:
          - { identifier: bars, storage: lake, files: bars.csv, time_index: time_index }
          - { identifier: quotes, storage: lake, files: quotes.csv, time_index: time_index }
        """);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:datanode:" + folder.resolve("catalog.yaml"));
  }

  private static List<String> rows(ResultSet rows) throws SQLException {
    List<String> found = new ArrayList<>();
    while (rows.next()) {
      boolean failed = rows.getString("error") != null;
      found.add(
          rows.getString("identifier") + " " + rows.getString("row_count") + (failed ? " !" : ""));
    }
    return found;
  }

  @Test
  void aNodeThatIsGoneHasItsErrorAndTheOthersTheirRows() throws SQLException, IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet all = statement.executeQuery(STATUS)) {
        assertEquals(List.of("bars 1", "quotes 1"), rows(all));
      }
      byte[] quotes = Files.readAllBytes(folder.resolve("quotes.csv"));
      Files.delete(folder.resolve("quotes.csv"));
      try (ResultSet some = statement.executeQuery(STATUS)) {
        assertEquals(List.of("bars 1", "quotes null !"), rows(some));
      }
      try (ResultSet one =
          statement.executeQuery(
              "SELECT * FROM metadata.node_status WHERE identifier = 'quotes'")) {
        assertEquals(List.of("quotes null !"), rows(one));
      }
      SQLException failure =
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT * FROM quotes"));
      assertTrue(failure.getMessage().contains("quotes"), failure.getMessage());
      Files.write(folder.resolve("quotes.csv"), quotes);
      try (ResultSet all = statement.executeQuery(STATUS)) {
        assertEquals(List.of("bars 1", "quotes 1"), rows(all));
      }
    }
  }

  @Test
  void aNodeThatWasNeverReadHasItsErrorInAPreparedStatementToo() throws SQLException, IOException {
    Files.delete(folder.resolve("quotes.csv"));
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(STATUS);
        ResultSet some = statement.executeQuery()) {
      assertEquals(List.of("bars 1", "quotes null !"), rows(some));
    }
  }

  @Test
  void aNodeWhoseLastRowsAreBrokenHasItsError() throws SQLException, IOException {
    try (Connection duckdb =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("book.duckdb"));
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "CREATE VIEW trades AS SELECT TIMESTAMPTZ '2024-01-02 00:00:00+00' + to_seconds(range)"
              + " AS time_index, CASE WHEN range < 900000 THEN 'SAP' ELSE error('worn out') END"
              + " AS asset_identifier FROM range(1000000)");
    }
    String catalog = Files.readString(folder.resolve("catalog.yaml"));
    Files.writeString(
        folder.resolve("catalog.yaml"),
        catalog.replace("nodes:", "  book: { type: duckdb, path: book.duckdb }\nnodes:")
            + "  - { identifier: trades, storage: book, table: trades, time_index: time_index }\n");
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet some = statement.executeQuery(STATUS)) {
      assertEquals(List.of("bars 1", "quotes 1", "trades null !"), rows(some));
    }
  }

  @Test
  void otherErrorsOfTheStatementStay() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      SQLException failure =
          assertThrows(
              SQLException.class,
              () -> statement.executeQuery("SELECT nope FROM metadata.node_status"));
      assertEquals("42703", failure.getSQLState());
    }
  }
}
