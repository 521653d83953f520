package io.datanode.differential;

import io.datanode.differential.Sql.Parameter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place where queries run: the nodes of one catalog, through JDBC. Used by one thread. */
final class Target implements AutoCloseable {
  private static final int SECONDS = 60;

  private final String name;
  private final Connection connection;
  private String zone = "UTC";
  private String asOf = "";

  Target(String name, Path catalog, String settings) throws SQLException {
    this.name = name;
    this.connection = DriverManager.getConnection("jdbc:datanode:" + catalog + "?" + settings);
  }

  String name() {
    return name;
  }

  /** The rows of a query, or how it fails. */
  Answer run(RandomQuery query) {
    try {
      useZone(query.zone());
      useTime(query.asOf());
      List<Parameter> parameters = query.sql().parameters();
      try (PreparedStatement statement = connection.prepareStatement(query.sql().text())) {
        statement.setQueryTimeout(SECONDS);
        for (int i = 0; i < parameters.size(); i++) {
          statement.setObject(i + 1, parameters.get(i).value());
        }
        try (ResultSet result = statement.executeQuery()) {
          return new Answer.Rows(rows(result));
        }
      }
    } catch (SQLException e) {
      return new Answer.Failure(
          e.getSQLState() == null ? "?????" : e.getSQLState(), String.valueOf(e.getMessage()));
    } catch (AssertionError e) {
      // Calcite checks itself with assertions, which tests switch on.
      return new Answer.Failure("XX000", e + " at " + e.getStackTrace()[0]);
    }
  }

  private void useZone(String wanted) throws SQLException {
    if (!wanted.equals(zone)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET timeZone = '" + wanted + "'");
      }
      zone = wanted;
    }
  }

  private void useTime(String wanted) throws SQLException {
    if (!wanted.equals(asOf)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(wanted.isEmpty() ? "RESET asOf" : "SET as_of = '" + wanted + "'");
      }
      asOf = wanted;
    }
  }

  private static List<List<@Nullable Object>> rows(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    String[] types = new String[columns];
    for (int i = 0; i < columns; i++) {
      types[i] = result.getMetaData().getColumnTypeName(i + 1);
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable Object> row = new ArrayList<>(columns);
      for (int i = 0; i < columns; i++) {
        row.add(value(result, i + 1, types[i]));
      }
      rows.add(row);
    }
    return rows;
  }

  private static @Nullable Object value(ResultSet result, int column, String type)
      throws SQLException {
    if (type.contains("LOCAL TIME ZONE")) {
      OffsetDateTime time = result.getObject(column, OffsetDateTime.class);
      return time == null ? null : time.toInstant().toString();
    }
    if (type.startsWith("TIMESTAMP")) {
      return text(result.getObject(column, LocalDateTime.class));
    }
    if (type.startsWith("TIME")) {
      return text(result.getObject(column, LocalTime.class));
    }
    if (type.equals("DATE")) {
      return text(result.getObject(column, LocalDate.class));
    }
    Object value = result.getObject(column);
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Array array) {
      return Arrays.toString((Object[]) array.getArray());
    }
    return value instanceof Double ? value : text(value);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
