package io.datanode.plan.bars;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.MarketNodes.Place;
import io.datanode.testing.OwnNodes;
import io.datanode.testing.SqlFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Days that begin in an hour which clocks skip or show twice, in every function that knows days,
 * against Java's calendar. A day begins when the clocks first show it.
 */
class RepeatedMidnightTest {
  private static final List<String> ZONES =
      List.of("America/Havana", "Atlantic/Azores", "Asia/Beirut", "America/Asuncion", "Asia/Amman");

  private static final LocalTime MIDNIGHT = LocalTime.MIDNIGHT;

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "POSTGRESQL"})
  void aDayBeginsWhenClocksFirstShowIt(Place place) throws SQLException {
    List<Instant> times = times(ZONES);
    try (Connection connection = open(place, times)) {
      for (String zone : ZONES) {
        assertEquals(List.of(), differences(connection, ZoneId.of(zone), times), zone);
      }
    }
  }

  /** A node of instants, by number. */
  static Connection open(Place place, List<Instant> times) throws SQLException {
    String rows =
        times.stream()
            .map(time -> "('" + time.toString().replace("T", " ").replace("Z", "+00") + "')")
            .collect(Collectors.joining(", "));
    return DriverManager.getConnection(
        SqlFixture.url(
            OwnNodes.catalog(
                place,
                List.of(
                    "CREATE TABLE moments (t TIMESTAMPTZ)", "INSERT INTO moments VALUES " + rows),
                Map.of("moments", List.of("time_index: t")))));
  }

  /** Instants around the changes of clocks by midnight. */
  static List<Instant> times(List<String> zones) {
    TreeSet<Instant> times = new TreeSet<>();
    for (String zone : zones) {
      List<ZoneOffsetTransition> changes =
          new ArrayList<>(ZoneId.of(zone).getRules().getTransitions());
      ZoneId.of(zone).getRules().getTransitionRules().stream()
          .map(rule -> rule.createTransition(2027))
          .forEach(changes::add);
      changes.stream()
          .filter(change -> change.getInstant().isAfter(Instant.parse("1971-01-02T00:00:00Z")))
          .filter(RepeatedMidnightTest::isByMidnight)
          .sorted((one, other) -> other.getInstant().compareTo(one.getInstant()))
          .limit(4)
          .forEach(change -> addAround(change, times));
    }
    return List.copyOf(times);
  }

  private static boolean isByMidnight(ZoneOffsetTransition change) {
    return change.getDateTimeBefore().getHour() <= 1
        || change.getDateTimeAfter().getHour() == 23
        || change.getDateTimeAfter().getHour() <= 1;
  }

  private static void addAround(ZoneOffsetTransition change, TreeSet<Instant> times) {
    for (int minutes : List.of(-1500, -70, -60, -30, -15, 0, 30, 60, 70, 1380, 1440, 1500)) {
      Instant time = change.getInstant().plus(Duration.ofMinutes(minutes));
      times.add(time);
      times.add(time.minusNanos(1000));
    }
  }

  /** What functions of SQL say otherwise than Java's calendar. */
  static List<String> differences(Connection connection, ZoneId zone, List<Instant> times)
      throws SQLException {
    List<String> wrong = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET timeZone = '" + zone + "'");
      Function<Instant, LocalDateTime> day = time -> day(time, zone, MIDNIGHT);
      check(statement, "DATE_TRUNC('day', t)", times, t -> first(day.apply(t), zone), wrong);
      check(
          statement,
          "TIME_BUCKET(INTERVAL '1' DAY, t)",
          times,
          t -> first(day.apply(t), zone),
          wrong);
      check(
          statement,
          "FLOOR(t TO MONTH)",
          times,
          t -> first(day.apply(t).withDayOfMonth(1), zone),
          wrong);
      check(
          statement,
          "CEIL(t TO DAY)",
          times,
          t -> first(day.apply(t), zone).equals(t) ? t : first(day.apply(t).plusDays(1), zone),
          wrong);
      for (String offset : List.of("", ", INTERVAL '1' HOUR", ", INTERVAL '30' MINUTE")) {
        LocalTime start =
            offset.isEmpty()
                ? MIDNIGHT
                : LocalTime.of(0, 0).plusMinutes(offset.contains("30") ? 30 : 60);
        windows(
            statement,
            "TUMBLE(TABLE moments, DESCRIPTOR(t), INTERVAL '1' DAY" + offset + ")",
            times,
            t -> List.of(day(t, zone, start)),
            1,
            zone,
            wrong);
        windows(
            statement,
            "HOP(TABLE moments, DESCRIPTOR(t), INTERVAL '1' DAY, INTERVAL '2' DAY" + offset + ")",
            times,
            t -> List.of(day(t, zone, start).minusDays(1), day(t, zone, start)),
            2,
            zone,
            wrong);
      }
      windows(
          statement,
          "RESAMPLE(TABLE moments, DESCRIPTOR(t), INTERVAL '1' DAY)",
          times,
          t -> List.of(day(t.minusNanos(1000), zone, MIDNIGHT)),
          1,
          zone,
          wrong);
      ranges(statement, times, zone, wrong);
    }
    return wrong;
  }

  private static void check(
      Statement statement,
      String function,
      List<Instant> times,
      Function<Instant, Instant> expected,
      List<String> wrong)
      throws SQLException {
    List<String> rows =
        rows(statement, "SELECT EPOCH_US(t), EPOCH_US(" + function + ") FROM moments");
    for (Instant time : times) {
      String row = micros(time) + "|" + micros(expected.apply(time));
      if (!rows.contains(row)) {
        wrong.add(function + " of " + time + " is not " + expected.apply(time));
      }
    }
  }

  private static void windows(
      Statement statement,
      String windows,
      List<Instant> times,
      Function<Instant, List<LocalDateTime>> starts,
      int days,
      ZoneId zone,
      List<String> wrong)
      throws SQLException {
    List<String> rows =
        rows(
            statement,
            "SELECT EPOCH_US(t), EPOCH_US(window_start), EPOCH_US(window_end) FROM TABLE("
                + windows
                + ")");
    List<String> expected = new ArrayList<>();
    for (Instant time : times) {
      for (LocalDateTime start : starts.apply(time)) {
        expected.add(
            micros(time)
                + "|"
                + micros(first(start, zone))
                + "|"
                + micros(first(start.plusDays(days), zone)));
      }
    }
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(rows);
    List<String> added = new ArrayList<>(rows);
    added.removeAll(expected);
    if (!missing.isEmpty() || !added.isEmpty()) {
      wrong.add(windows + " lacks " + missing + ", has " + added);
    }
  }

  /** Conditions on days, which reach the storage as ranges of the time itself. */
  private static void ranges(
      Statement statement, List<Instant> times, ZoneId zone, List<String> wrong)
      throws SQLException {
    for (Instant bound : times.subList(0, Math.min(30, times.size()))) {
      long from =
          times.stream().filter(t -> !first(day(t, zone, MIDNIGHT), zone).isBefore(bound)).count();
      long until =
          times.stream().filter(t -> first(day(t, zone, MIDNIGHT), zone).isAfter(bound)).count();
      String rows =
          rows(
                  statement,
                  "SELECT (SELECT COUNT(*) FROM moments WHERE DATE_TRUNC('day', t) >= TIMESTAMP '"
                      + bound
                      + "'), (SELECT COUNT(*) FROM moments WHERE DATE_TRUNC('day', t) > TIMESTAMP '"
                      + bound
                      + "')")
              .get(0);
      if (!rows.equals(from + "|" + until)) {
        wrong.add("days from " + bound + ": " + rows + ", not " + from + "|" + until);
      }
    }
  }

  private static List<String> rows(Statement statement, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  /** The start, on the clock, of the day that a clock shows. */
  private static LocalDateTime day(Instant time, ZoneId zone, LocalTime start) {
    LocalDateTime clock = LocalDateTime.ofInstant(time, zone);
    LocalDate date = clock.toLocalDate();
    return clock.toLocalTime().isBefore(start)
        ? date.minusDays(1).atTime(start)
        : date.atTime(start);
  }

  /** When clocks first show a start; of one that lies within a repeated hour, the second time. */
  private static Instant first(LocalDateTime start, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(start);
    boolean within =
        change != null && change.isOverlap() && !change.getDateTimeAfter().equals(start);
    return within
        ? start.atZone(zone).withLaterOffsetAtOverlap().toInstant()
        : start.atZone(zone).toInstant();
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
