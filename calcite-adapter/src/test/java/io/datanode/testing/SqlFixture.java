package io.datanode.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A question about one statement, asked through JDBC of the nodes of {@link MarketNodes}, unless
 * another catalog is named.
 *
 * <pre>{@code
 * sql("SELECT close FROM daily_prices WHERE asset_identifier = ? AND volume = 1000")
 *     .with("SAP")
 *     .returns("140.25");
 * }</pre>
 */
public final class SqlFixture {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String sql;
  private String url = url(MarketNodes.catalog());
  private String options = "";
  private List<Object> parameters = List.of();

  private SqlFixture(String sql) {
    this.sql = sql;
  }

  /** The statement in question. */
  public static SqlFixture sql(String sql) {
    return new SqlFixture(sql);
  }

  /** The URL of a catalog. */
  public static String url(Path catalog) {
    return "jdbc:datanode:" + catalog;
  }

  /** Asks another catalog: a folder, a file or a catalog file. */
  public SqlFixture over(Path catalog) {
    url = url(catalog);
    return this;
  }

  /** Asks with settings in the URL, such as {@code timeZone=Europe/Paris}. */
  public SqlFixture set(String setting) {
    options = options + (options.isEmpty() ? "?" : "&") + setting;
    return this;
  }

  /**
   * A text in which views over files and attached databases, such as {@code prices_0123456789ab},
   * are named without the last part, which depends on the folder; the folder is {@code ${market}}.
   */
  public static String stable(String text) {
    return text.replaceAll("(?<=[a-z])_[0-9a-f]{12}\\b", "")
        .replace(MarketNodes.catalog().getParent().toString(), "${market}");
  }

  /** Values for the parameters of the statement. */
  public SqlFixture with(Object... values) {
    parameters = java.util.Arrays.asList(values);
    return this;
  }

  /** Says what the root storage is sent, line for line. */
  public SqlFixture sends(String expected) {
    assertEquals(expected.strip(), rootSql().strip());
    return this;
  }

  /** Says that what the root storage is sent holds a text. */
  public SqlFixture sendsPart(String expected) {
    String sent = rootSql();
    assertEquals(expected, sent.contains(expected) ? expected : sent);
    return this;
  }

  /**
   * Says what comes back: one text per row, values as {@code getString} gives them, by {@code |}.
   */
  public SqlFixture returns(String... rows) {
    assertEquals(String.join("\n", rows), String.join("\n", rows()));
    return this;
  }

  /** Says how the statement fails. */
  public SqlFixture fails(String message, String sqlState) {
    SQLException failure = assertThrows(SQLException.class, this::run);
    assertEquals(message, failure.getMessage());
    assertEquals(sqlState, failure.getSQLState());
    return this;
  }

  /** The rows, one text each. */
  public List<String> rows() {
    try {
      return run();
    } catch (SQLException e) {
      throw new AssertionError(e.getSQLState() + " " + e.getMessage(), e);
    }
  }

  private List<String> run() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url + options);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      int index = 0;
      for (Object parameter : parameters) {
        index++;
        statement.setObject(index, parameter);
      }
      List<String> rows = new ArrayList<>();
      if (!statement.execute()) {
        return rows;
      }
      try (ResultSet result = statement.getResultSet()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringJoiner row = new StringJoiner("|");
          for (int column = 1; column <= columns; column++) {
            row.add(String.valueOf(result.getString(column)));
          }
          rows.add(row.toString());
        }
      }
      return rows;
    }
  }

  /** What EXPLAIN says of the statement. */
  public JsonNode explanation() {
    SqlFixture explain = new SqlFixture("EXPLAIN PLAN AS JSON FOR " + sql);
    explain.url = url;
    explain.options = options;
    explain.parameters = parameters;
    try {
      return JSON.readTree(String.join("\n", explain.rows()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says what EXPLAIN shows, line for line. */
  public SqlFixture shows(String expected) {
    SqlFixture explain = new SqlFixture("EXPLAIN PLAN FOR " + sql);
    explain.url = url;
    explain.options = options;
    explain.parameters = parameters;
    assertEquals(expected.strip(), stable(String.join("\n", explain.rows())).strip());
    return this;
  }

  private String rootSql() {
    for (JsonNode query : explanation().get("queries")) {
      if (query.get("role").asText().equals("root")) {
        return stable(query.get("sql").asText());
      }
    }
    throw new AssertionError("No root statement");
  }
}
