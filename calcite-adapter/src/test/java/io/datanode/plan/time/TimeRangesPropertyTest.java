package io.datanode.plan.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.testing.PostgreSql;
import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A condition on a time keeps the rows for which it is true, though the storage is asked for a
 * range: thousands of random conditions, each compared with its own value in the select list, which
 * is computed row by row.
 */
class TimeRangesPropertyTest {
  private static final int CONDITIONS = 400;
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "Africa/Cairo",
          "Pacific/Apia",
          "America/Sao_Paulo",
          "Asia/Kathmandu",
          "+05:30");

  @TempDir static Path folder;

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "Pacific/Apia",
        "+05:30"
      })
  void rangesKeepTheRowsOfRandomConditions(String zone) throws SQLException {
    Path file = folder.resolve("times.duckdb");
    if (!Files.exists(file)) {
      write(file);
    }
    check(zone, file, CONDITIONS);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"UTC", "Europe/Berlin"})
  void rangesKeepTheRowsOfPostgreSql(String zone) throws SQLException, IOException {
    Path file = folder.resolve("times.yaml");
    if (!Files.exists(file)) {
      String url = PostgreSql.newDatabase();
      writePostgreSql(url);
      Files.writeString(
          file,
          "storages:\n  desk: { type: postgresql, url: \""
              + url
              + "\", user: postgres }\nnodes:\n  - { identifier: times, storage: desk, table:"
              + " public.times }\n");
    }
    check(zone, file, CONDITIONS / 2);
  }

  private static void writePostgreSql(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
      statement.execute("CREATE TABLE times (id bigint, t timestamptz, wall timestamp, d date)");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO times SELECT i, w::timestamptz, w, w::date FROM (SELECT ?::bigint AS i,"
                  + " ?::timestamp AS w) AS v")) {
        List<String> texts = new ArrayList<>();
        for (Instant instant : instants()) {
          LocalDateTime clock = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
          boolean before = clock.getYear() < 1;
          texts.add(
              String.format(
                  "%04d-%02d-%02d %02d:%02d:%02d.%06d%s",
                  before ? 1 - clock.getYear() : clock.getYear(),
                  clock.getMonthValue(),
                  clock.getDayOfMonth(),
                  clock.getHour(),
                  clock.getMinute(),
                  clock.getSecond(),
                  clock.getNano() / 1000,
                  before ? " BC" : ""));
        }
        // PostgreSQL refuses to compute with infinite times, row by row as in a condition.
        texts.add(null);
        for (int i = 0; i < texts.size(); i++) {
          insert.setLong(1, i);
          insert.setString(2, texts.get(i));
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }

  private static void check(String zone, Path file, int count) throws SQLException {
    long seed = zone.hashCode();
    Conditions conditions = new Conditions(new Random(seed), ZoneId.of(zone));
    int checked = 0;
    try (Connection connection =
        DriverManager.getConnection(
            SqlFixture.url(file) + "?timeZone=" + zone.replace("+", "%2B"))) {
      for (int i = 0; i < count; i++) {
        Condition condition = conditions.next();
        List<Long> expected = new ArrayList<>();
        String failure = null;
        try {
          for (Object[] row :
              rows(connection, "SELECT id, " + condition.sql + " FROM times", condition)) {
            if (Boolean.TRUE.equals(row[1])) {
              expected.add((Long) row[0]);
            }
          }
        } catch (SQLException e) {
          failure = e.getSQLState() + " " + e.getMessage();
        }
        if (failure != null) {
          // Only what overflows may fail; with a range it may then succeed or fail.
          assertTrue(failure.startsWith("22"), condition + ": " + failure);
          continue;
        }
        List<Long> found = new ArrayList<>();
        for (Object[] row :
            rows(connection, "SELECT id FROM times WHERE " + condition.sql, condition)) {
          found.add((Long) row[0]);
        }
        expected.sort(null);
        found.sort(null);
        assertEquals(expected, found, () -> "seed " + seed + " zone " + zone + ": " + condition);
        checked++;
      }
    }
    assertTrue(checked > count * 8 / 10, "Only " + checked + " conditions could be checked");
  }

  private static List<Object[]> rows(Connection connection, String sql, Condition condition)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < condition.parameters.size(); i++) {
        statement.setObject(i + 1, condition.parameters.get(i));
      }
      List<Object[]> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          Object second = null;
          if (columns > 1) {
            boolean value = result.getBoolean(2);
            second = result.wasNull() ? null : value;
          }
          rows.add(new Object[] {result.getLong(1), second});
        }
      }
      return rows;
    }
  }

  private record Condition(String sql, List<Object> parameters) {}

  /** Instants at which clocks, calendars and types go wrong. */
  private static List<Instant> instants() {
    Set<Instant> all = new LinkedHashSet<>();
    for (String zone : ZONES) {
      ZoneOffsetTransition transition =
          ZoneId.of(zone).getRules().nextTransition(Instant.parse("2010-06-01T00:00:00Z"));
      for (int i = 0; i < 5 && transition != null; i++) {
        Instant at = transition.getInstant();
        long length = Math.abs(transition.getDuration().getSeconds());
        for (long seconds : new long[] {-86400, -length, -length / 2, 0, length / 2, length}) {
          all.add(at.plusSeconds(seconds));
          all.add(at.plusSeconds(seconds).minusNanos(1000));
          all.add(at.plusSeconds(seconds).plusNanos(1000));
        }
        transition = ZoneId.of(zone).getRules().nextTransition(at);
      }
    }
    for (String text :
        List.of(
            "-0043-03-15T12:00:00Z",
            "-2023-01-15T12:00:00Z",
            "0000-12-31T23:59:59.999999Z",
            "0001-01-01T00:00:00Z",
            "1500-02-28T12:00:00Z",
            "1883-11-18T16:30:00Z",
            "1900-03-01T00:00:00Z",
            "1969-12-31T23:59:59.999999Z",
            "1970-01-01T00:00:00Z",
            "1999-12-31T23:59:59.999999Z",
            "2000-01-01T00:00:00Z",
            "2000-01-03T00:00:00Z",
            "2023-12-31T12:30:00Z",
            "2024-01-01T00:00:00Z",
            "2024-01-31T10:00:00Z",
            "2024-02-28T23:59:59.999999Z",
            "2024-02-29T00:00:00Z",
            "2024-02-29T11:15:00.000001Z",
            "2024-03-01T00:00:00Z",
            "2024-03-30T11:00:00Z",
            "2024-03-31T10:00:00Z",
            "2024-12-30T00:00:00Z",
            "2024-12-31T23:59:59.999999Z",
            "2025-01-01T00:00:00Z",
            "2026-11-20T00:00:00Z",
            "2027-06-01T00:00:00Z",
            "2060-07-01T00:00:00Z",
            "9999-12-31T00:00:00Z",
            "9999-12-31T23:59:59.999999Z",
            "+10000-01-01T00:00:00Z",
            "+20240-01-15T00:00:00Z")) {
      all.add(Instant.parse(text));
    }
    return new ArrayList<>(all);
  }

  private static void write(Path file) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      StringBuilder values = new StringBuilder();
      int id = 0;
      for (Instant instant : instants()) {
        long micros =
            Math.addExact(instant.getEpochSecond() * 1_000_000L, instant.getNano() / 1000);
        values.append(id == 0 ? "" : ", ").append("(").append(id++);
        values.append(", make_timestamp(").append(micros).append("))");
      }
      values.append(", (").append(id++).append(", TIMESTAMP 'infinity')");
      values.append(", (").append(id++).append(", TIMESTAMP '-infinity')");
      values.append(", (").append(id).append(", NULL)");
      statement.execute(
          "CREATE TABLE times AS SELECT id::BIGINT AS id, wall::TIMESTAMPTZ AS t, wall,"
              + " wall::DATE AS d FROM (VALUES "
              + values
              + ") AS v(id, wall)");
    }
  }

  /** Random conditions on one of the columns. */
  private static final class Conditions {
    private static final List<String> UNITS =
        List.of("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "DECADE");
    private static final List<String> COMPARISONS = List.of("=", "<", "<=", ">", ">=");

    private final Random random;
    private final ZoneId zone;
    private final List<Instant> instants = instants();
    private List<Object> parameters = new ArrayList<>();

    Conditions(Random random, ZoneId zone) {
      this.random = random;
      this.zone = zone;
    }

    private enum Type {
      INSTANT,
      TIMESTAMP,
      DATE
    }

    private record Term(String sql, Type type) {}

    Condition next() {
      parameters = new ArrayList<>();
      String sql = comparison();
      int more = random.nextInt(5);
      if (more == 0) {
        sql = sql + " AND " + comparison();
      } else if (more == 1) {
        sql = sql + " OR " + comparison();
      } else if (more == 2 && random.nextBoolean()) {
        sql = "NOT (" + sql + ")";
      }
      return new Condition("(" + sql + ")", parameters);
    }

    private <T> T any(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }

    private String comparison() {
      Term term =
          any(
              List.of(
                  new Term("t", Type.INSTANT),
                  new Term("t", Type.INSTANT),
                  new Term("wall", Type.TIMESTAMP),
                  new Term("d", Type.DATE)));
      for (int steps = 1 + random.nextInt(2); steps > 0; steps--) {
        term = step(term);
      }
      if (random.nextInt(4) == 0) {
        return number(term);
      }
      switch (random.nextInt(6)) {
        case 0:
          int ends = random.nextInt(6);
          return term.sql
              + " BETWEEN "
              + constant(term.type, ends)
              + " AND "
              + constant(term.type, ends);
        case 1:
          int kind = random.nextInt(6);
          return term.sql
              + " IN ("
              + constant(term.type, kind)
              + ", "
              + constant(term.type, kind)
              + ", "
              + constant(term.type, kind)
              + ")";
        case 2:
          return constant(term.type) + " " + any(COMPARISONS) + " " + term.sql;
        default:
          return term.sql + " " + any(COMPARISONS) + " " + constant(term.type);
      }
    }

    private Term step(Term term) {
      String x = term.sql;
      switch (random.nextInt(9)) {
        case 0:
          return new Term("CAST(" + x + " AS DATE)", Type.DATE);
        case 1:
          return new Term("CAST(" + x + " AS TIMESTAMP)", Type.TIMESTAMP);
        case 2:
          String in =
              term.type == Type.INSTANT && random.nextInt(3) == 0 ? ", '" + any(ZONES) + "'" : "";
          return new Term("DATE_TRUNC('" + any(UNITS) + "', " + x + in + ")", term.type);
        case 3:
          return new Term("FLOOR(" + x + " TO " + any(unitsOf(term)) + ")", term.type);
        case 4:
          return new Term("CEIL(" + x + " TO " + any(unitsOf(term)) + ")", term.type);
        case 5:
          String width =
              any(List.of("'5' MINUTE", "'6' HOUR", "'7' DAY", "'1' MONTH", "'5' MONTH"));
          return term.type == Type.DATE
              ? term
              : new Term("TIME_BUCKET(INTERVAL " + width + ", " + x + ")", term.type);
        case 6:
          String by = any(List.of("'1' DAY", "'36' HOUR", "'1' MONTH", "'1' YEAR", "'90' SECOND"));
          return term.type == Type.DATE && by.matches(".*(HOUR|SECOND)")
              ? term
              : new Term("(" + x + any(List.of(" + ", " - ")) + "INTERVAL " + by + ")", term.type);
        case 7:
          String unit =
              any(List.of("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MICROSECOND"));
          return term.type == Type.DATE && unit.matches("HOUR|MICROSECOND")
              ? term
              : new Term(
                  "TIMESTAMPADD(" + unit + ", " + (random.nextInt(9) - 4) + ", " + x + ")",
                  term.type);
        default:
          return term.type == Type.DATE
              ? term
              : new Term("CAST(" + x + " AS TIMESTAMP(3))", Type.TIMESTAMP);
      }
    }

    private List<String> unitsOf(Term term) {
      return term.type == Type.DATE ? UNITS.subList(0, 5) : UNITS;
    }

    private String number(Term term) {
      String comparison = " " + any(COMPARISONS) + " ";
      Instant instant = any(instants);
      LocalDateTime clock = LocalDateTime.ofInstant(instant, zone);
      switch (random.nextInt(5)) {
        case 0:
          parameters.add((long) clock.getYear());
          return "EXTRACT(YEAR FROM " + term.sql + ")" + comparison + "?";
        case 1:
          return "EXTRACT(EPOCH FROM " + term.sql + ")" + comparison + instant.getEpochSecond();
        case 2:
          return "EXTRACT(ISOYEAR FROM " + term.sql + ")" + comparison + clock.getYear();
        case 3:
          return "(YEAR("
              + term.sql
              + ") = "
              + clock.getYear()
              + " AND "
              + any(List.of("MONTH", "QUARTER"))
              + "("
              + term.sql
              + ")"
              + comparison
              + (1 + random.nextInt(12))
              + ")";
        default:
          return "YEAR("
              + term.sql
              + ")"
              + comparison
              + (clock.getYear() + any(List.of("", "", ".5")));
      }
    }

    private String constant(Type type) {
      return constant(type, random.nextInt(6));
    }

    private String constant(Type type, int kind) {
      Instant instant = any(instants);
      LocalDateTime clock = LocalDateTime.ofInstant(instant, zone);
      boolean written = clock.getYear() >= 1 && clock.getYear() <= 9999;
      if (kind == 0) {
        return type == Type.INSTANT
            ? any(List.of("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP - INTERVAL '36' HOUR"))
            : type == Type.DATE
                ? any(List.of("CURRENT_DATE", "CURRENT_DATE - INTERVAL '7' DAY"))
                : "LOCALTIMESTAMP";
      }
      if (kind == 1 || !written) {
        switch (type) {
          case INSTANT:
            parameters.add(instant);
            return "?";
          case TIMESTAMP:
            parameters.add(clock);
            return "CAST(? AS TIMESTAMP)";
          default:
            parameters.add(
                random.nextInt(20) == 0 ? LocalDate.of(500_000, 1, 1) : clock.toLocalDate());
            return "CAST(? AS DATE)";
        }
      }
      String day =
          String.format(
              "%04d-%02d-%02d", clock.getYear(), clock.getMonthValue(), clock.getDayOfMonth());
      if (kind == 2 || type == Type.DATE) {
        return "DATE '" + day + "'";
      }
      String time =
          random.nextInt(3) == 0
              ? "00:00:00"
              : String.format(
                  "%02d:%02d:%02d.%06d",
                  clock.getHour(), clock.getMinute(), clock.getSecond(), clock.getNano() / 1000);
      return type == Type.INSTANT && kind == 3
          ? "TIMESTAMP '" + instant.atOffset(ZoneOffset.UTC).toLocalDateTime() + "Z'"
          : "TIMESTAMP '" + day + " " + time + "'";
    }
  }
}
