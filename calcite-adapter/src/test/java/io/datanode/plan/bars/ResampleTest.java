package io.datanode.plan.bars;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.BarNodes;
import io.datanode.testing.BarNodes.Moment;
import io.datanode.testing.MarketNodes.Place;
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
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Buckets against those that Java's calendar finds, around the days on which clocks change. */
class ResampleTest {
  private static final List<Place> PLACES =
      List.of(Place.DUCKDB, Place.POSTGRESQL, Place.OTHER_CATALOG);

  private static final Map<Place, Connection> CONNECTIONS = new EnumMap<>(Place.class);

  @BeforeAll
  static void open() throws SQLException {
    for (Place place : PLACES) {
      CONNECTIONS.put(place, DriverManager.getConnection(SqlFixture.url(BarNodes.catalog(place))));
    }
  }

  @AfterAll
  static void close() throws SQLException {
    for (Connection connection : CONNECTIONS.values()) {
      connection.close();
    }
  }

  private record Bucket(Instant start, Instant end) {}

  static Stream<Arguments> elapsed() {
    List<Arguments> all = new ArrayList<>();
    for (Place place : PLACES) {
      for (String zone : BarNodes.ZONES) {
        for (int minutes : List.of(5, 60, 90, 7 * 60)) {
          for (String session : List.of("00:00", "09:30", "02:15", "01:30")) {
            all.add(Arguments.of(place, zone, minutes, LocalTime.parse(session)));
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("elapsed")
  void bucketsBeginAnewWithEachSession(Place place, String zone, int minutes, LocalTime session)
      throws SQLException {
    for (boolean right : List.of(true, false)) {
      compare(
          place,
          "INTERVAL '%d' MINUTE, origin => TIME '%s:00', zone => '%s', closed => '%s'"
              .formatted(minutes, session, zone, right ? "right" : "left"),
          time -> inSession(time, ZoneId.of(zone), session, Duration.ofMinutes(minutes), right));
    }
  }

  static Stream<Arguments> calendar() {
    List<Arguments> all = new ArrayList<>();
    for (Place place : PLACES) {
      for (String zone : BarNodes.ZONES) {
        for (String width : List.of("1 DAY", "3 DAY", "1 WEEK", "1 MONTH", "1 QUARTER", "1 YEAR")) {
          all.add(Arguments.of(place, zone, width));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("calendar")
  void bucketsOfDaysAndMoreAreThoseOfTheClocks(Place place, String zone, String width)
      throws SQLException {
    String[] parts = width.split(" ");
    for (boolean right : List.of(true, false)) {
      compare(
          place,
          "INTERVAL '%s' %s, zone => '%s', closed => '%s'"
              .formatted(parts[0], parts[1], zone, right ? "right" : "left"),
          time -> onCalendar(time, ZoneId.of(zone), parts, right));
    }
  }

  private static void compare(Place place, String arguments, Function<Instant, Bucket> bucket)
      throws SQLException {
    List<String> expected = new ArrayList<>();
    for (Moment moment : BarNodes.moments()) {
      if (moment.time() != null) {
        Bucket in = bucket.apply(moment.time());
        expected.add(moment.id() + "|" + micros(in.start()) + "|" + micros(in.end()));
      }
    }
    String query =
        "SELECT id, EPOCH_US(window_start), EPOCH_US(window_end)"
            + " FROM TABLE(RESAMPLE(TABLE moments, DESCRIPTOR(time_index), "
            + arguments
            + ")) ORDER BY id";
    List<String> rows = new ArrayList<>();
    try (Statement statement = CONNECTIONS.get(place).createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        rows.add(result.getLong(1) + "|" + result.getLong(2) + "|" + result.getLong(3));
      }
    }
    List<String> wrong = new ArrayList<>(rows);
    wrong.removeAll(expected);
    assertEquals(List.of(), wrong, arguments);
    assertEquals(expected.size(), rows.size());
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** Sessions begin whenever the clocks show their start, or would have had they not been set. */
  private static Bucket inSession(
      Instant time, ZoneId zone, LocalTime session, Duration width, boolean right) {
    Instant inside = right ? time.minusNanos(1000) : time;
    Instant from = Instant.MIN;
    Instant to = Instant.MAX;
    LocalDate date = LocalDate.ofInstant(inside, zone);
    for (int day = -2; day <= 2; day++) {
      ZonedDateTime start = ZonedDateTime.of(date.plusDays(day), session, zone);
      for (Instant each :
          List.of(
              start.withEarlierOffsetAtOverlap().toInstant(),
              start.withLaterOffsetAtOverlap().toInstant())) {
        from = !each.isAfter(inside) && each.isAfter(from) ? each : from;
        to = each.isAfter(inside) && each.isBefore(to) ? each : to;
      }
    }
    long number = Duration.between(from, inside).toNanos() / width.toNanos();
    Instant begin = from.plus(width.multipliedBy(number));
    Instant end = begin.plus(width);
    return new Bucket(begin, end.isAfter(to) ? to : end);
  }

  private static Bucket onCalendar(Instant time, ZoneId zone, String[] width, boolean right) {
    LocalDateTime clock = LocalDateTime.ofInstant(right ? time.minusNanos(1000) : time, zone);
    long count = Long.parseLong(width[0]);
    LocalDateTime start;
    LocalDateTime end;
    if (width[1].equals("DAY") || width[1].equals("WEEK")) {
      long days = width[1].equals("WEEK") ? 7 * count : count;
      LocalDate monday = LocalDate.of(2000, 1, 3);
      long number = Math.floorDiv(ChronoUnit.DAYS.between(monday, clock.toLocalDate()), days);
      start = monday.plusDays(number * days).atStartOfDay();
      end = start.plusDays(days);
    } else {
      long months = count * (width[1].equals("MONTH") ? 1 : width[1].equals("QUARTER") ? 3 : 12);
      YearMonth first = YearMonth.of(2000, 1);
      long number = Math.floorDiv(ChronoUnit.MONTHS.between(first, YearMonth.from(clock)), months);
      start = first.plusMonths(number * months).atDay(1).atStartOfDay();
      end = start.plusMonths(months);
    }
    return new Bucket(instant(start, zone), instant(end, zone));
  }

  /** When the clocks first show the start of a day. */
  private static Instant instant(LocalDateTime start, ZoneId zone) {
    return start.atZone(zone).toInstant();
  }
}
