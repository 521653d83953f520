package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.BothRoads.Road;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An instant is the same one whatever the zone of the JVM, the zone of the session, the way to the
 * rows and the method that reads or sets it.
 */
@Isolated("changes the default zone of the JVM")
@Timeout(240)
class InstantsMatrixTest {
  private static final String[] JVM_ZONES = {
    "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"
  };

  private static final String[] SESSION_ZONES = {
    "UTC", "America/New_York", "Europe/London", "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata"
  };

  /** Where calendars, clocks and counters turn. */
  private static final List<Instant> INSTANTS =
      List.of(
              // The Julian calendar, and its last and the Gregorian's first day.
              "1500-02-28T12:00:00Z",
              "1582-10-04T23:59:59.999999Z",
              "1582-10-15T00:00:00Z",
              // New York gives up its own mean time; day 0 of spreadsheets; a century.
              "1883-11-18T16:59:59Z",
              "1883-11-18T17:00:00Z",
              "1899-12-30T00:00:00Z",
              "1900-01-01T00:00:00Z",
              // Around the epoch.
              "1969-12-31T23:59:59.999999Z",
              "1970-01-01T00:00:00Z",
              "1970-01-01T00:00:00.000001Z",
              "1970-01-01T00:00:00.999999Z",
              // A day that Samoa did not have.
              "2011-12-30T09:59:59.999999Z",
              "2011-12-30T10:00:00Z",
              "2011-12-30T12:00:00Z",
              "2024-02-29T23:59:59.999999Z",
              // The hour that New York leaves out, as a wall clock and as an instant; the one it
              // has twice.
              "2024-03-10T02:30:00.5Z",
              "2024-03-10T06:59:59.999999Z",
              "2024-03-10T07:00:00Z",
              "2024-11-03T05:30:00.000001Z",
              "2024-11-03T06:30:00.000001Z",
              // The same of London and Berlin.
              "2024-03-31T00:59:59.999999Z",
              "2024-03-31T01:00:00Z",
              "2024-03-31T02:30:00Z",
              "2024-10-27T00:30:00.123456Z",
              "2024-10-27T01:30:00.123456Z",
              // The same of Sydney.
              "2024-10-05T15:59:59.999999Z",
              "2024-10-05T16:00:00Z",
              "2024-04-06T15:30:00.654321Z",
              "2024-04-06T16:30:00.654321Z",
              // Seconds in 31 and 32 bits, nanoseconds in 63.
              "2038-01-19T03:14:07.999999Z",
              "2038-01-19T03:14:08Z",
              "2106-02-07T06:28:16Z",
              "2262-04-11T23:47:16.854775Z",
              "2262-04-11T23:47:16.854776Z",
              "9999-12-31T12:00:00.000001Z")
          .stream()
          .map(Instant::parse)
          .toList();

  /**
   * A {@link java.sql.Date} is a midnight of the JVM, of which Samoa had none on the first of these
   * days; and it goes from the Julian calendar to the Gregorian on 15 October 1582.
   */
  private static final List<LocalDate> UNKNOWN_TO_SQL_DATE =
      List.of(LocalDate.of(2011, 12, 30), LocalDate.of(1582, 10, 14), LocalDate.of(1582, 10, 5));

  private static final String QUERY = "SELECT time_index FROM instants ORDER BY number";

  /** As PostgreSQL writes an instant: the clock of the zone, its fraction, its offset. */
  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .appendOffset("+HH:mm:ss", "+00")
          .toFormatter(Locale.ROOT);

  @TempDir static Path folder;
  private static BothRoads roads;

  private final TimeZone jvmZone = TimeZone.getDefault();

  @BeforeAll
  static void open() throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      StringBuilder rows = new StringBuilder();
      for (int i = 0; i < INSTANTS.size(); i++) {
        rows.append(i == 0 ? "" : ", ");
        rows.append("(TIMESTAMPTZ '").append(INSTANTS.get(i)).append("', ").append(i).append(")");
      }
      statement.execute(
          "COPY (FROM (VALUES "
              + rows
              + ") t (time_index, number)) TO '"
              + folder.resolve("instants.parquet")
              + "'");
    }
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        storages:
          lake: { type: duckdb, path: . }
        nodes:
          - { identifier: instants, files: instants.parquet, time_index: time_index }
        """);
    roads = BothRoads.to(folder);
  }

  @AfterAll
  static void close() throws Exception {
    roads.close();
  }

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(jvmZone);
  }

  @ParameterizedTest
  @EnumSource(Road.class)
  void everyGetterGivesTheSameInstant(Road road) throws SQLException {
    for (String jvm : JVM_ZONES) {
      TimeZone.setDefault(TimeZone.getTimeZone(jvm));
      for (String zone : SESSION_ZONES) {
        try (Connection connection = roads.connect(road, "timeZone=" + zone);
            Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(QUERY)) {
          for (Instant instant : INSTANTS) {
            assertTrue(row.next());
            String where = instant + " in the JVM of " + jvm + ", session of " + zone;
            assertInstant(instant, row, where);
            assertClock(instant.atZone(ZoneId.of(zone)), row, where);
          }
          assertFalse(row.next());
        }
      }
    }
  }

  private static void assertInstant(Instant instant, ResultSet row, String where)
      throws SQLException {
    GregorianCalendar tokyo = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
    assertEquals(instant, row.getTimestamp(1).toInstant(), where);
    assertEquals(instant, row.getTimestamp("time_index", tokyo).toInstant(), where);
    assertEquals(instant, ((Timestamp) row.getObject(1)).toInstant(), where);
    assertEquals(instant, row.getObject(1, Instant.class), where);
    assertEquals(instant, row.getObject(1, OffsetDateTime.class).toInstant(), where);
    assertEquals(instant, row.getObject(1, ZonedDateTime.class).toInstant(), where);
    assertEquals(instant.toEpochMilli(), row.getObject(1, Date.class).getTime(), where);
    assertEquals(instant.toEpochMilli(), row.getObject(1, Calendar.class).getTimeInMillis(), where);
  }

  private static void assertClock(ZonedDateTime clock, ResultSet row, String where)
      throws SQLException {
    assertEquals(clock.toLocalDateTime(), row.getObject(1, LocalDateTime.class), where);
    assertEquals(clock.toLocalDate(), row.getObject(1, LocalDate.class), where);
    assertEquals(clock.toLocalTime(), row.getObject(1, LocalTime.class), where);
    assertEquals(TEXT.format(clock), row.getString(1), where);
    LocalDate day = clock.toLocalDate();
    if (!UNKNOWN_TO_SQL_DATE.contains(day)) {
      assertEquals(day.toString(), row.getDate(1).toString(), where);
    }
  }

  /** A way to set a parameter. */
  private interface Setter {
    void set(PreparedStatement statement, int index, Instant value, ZoneId zone)
        throws SQLException;
  }

  private static Map<String, Setter> setters() {
    Map<String, Setter> setters = new LinkedHashMap<>();
    setters.put("setTimestamp", (s, i, t, zone) -> s.setTimestamp(i, Timestamp.from(t)));
    setters.put(
        "setTimestamp with Calendar",
        (s, i, t, zone) ->
            s.setTimestamp(
                i, Timestamp.from(t), new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"))));
    setters.put("Timestamp", (s, i, t, zone) -> s.setObject(i, Timestamp.from(t)));
    setters.put(
        "Timestamp, TIMESTAMP",
        (s, i, t, zone) -> s.setObject(i, Timestamp.from(t), Types.TIMESTAMP));
    setters.put("Instant", (s, i, t, zone) -> s.setObject(i, t));
    setters.put(
        "OffsetDateTime", (s, i, t, zone) -> s.setObject(i, t.atOffset(ZoneOffset.ofHours(-7))));
    setters.put(
        "ZonedDateTime",
        (s, i, t, zone) ->
            s.setObject(i, t.atZone(ZoneId.of("Asia/Tokyo")), Types.TIMESTAMP_WITH_TIMEZONE));
    setters.put(
        "LocalDateTime", (s, i, t, zone) -> s.setObject(i, LocalDateTime.ofInstant(t, zone)));
    setters.put("text", (s, i, t, zone) -> s.setString(i, t.toString()));
    return setters;
  }

  @ParameterizedTest
  @EnumSource(Road.class)
  void everySetterFindsTheSameInstant(Road road) throws SQLException {
    for (String jvm : JVM_ZONES) {
      TimeZone.setDefault(TimeZone.getTimeZone(jvm));
      for (String zone : SESSION_ZONES) {
        try (Connection connection = roads.connect(road, "timeZone=" + zone)) {
          for (Map.Entry<String, Setter> setter : setters().entrySet()) {
            ZoneId id = ZoneId.of(zone);
            List<Instant> values =
                setter.getKey().equals("LocalDateTime") ? select(saidByClockOf(id)) : INSTANTS;
            assertEquals(
                values,
                found(connection, setter.getValue(), values, id),
                setter.getKey() + " in the JVM of " + jvm + ", session of " + zone);
          }
        }
      }
    }
  }

  /** Instants that a wall clock says without doubt: not in an hour that it shows twice. */
  private static Predicate<Instant> saidByClockOf(ZoneId zone) {
    return instant ->
        zone.getRules().getValidOffsets(LocalDateTime.ofInstant(instant, zone)).size() == 1;
  }

  private static List<Instant> select(Predicate<Instant> wanted) {
    return INSTANTS.stream().filter(wanted).toList();
  }

  private static List<Instant> found(
      Connection connection, Setter setter, List<Instant> values, ZoneId zone) throws SQLException {
    String parameters = String.join(", ", Collections.nCopies(values.size(), "?"));
    List<Instant> found = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT time_index FROM instants WHERE time_index IN ("
                + parameters
                + ") ORDER BY number")) {
      for (int i = 0; i < values.size(); i++) {
        setter.set(statement, i + 1, values.get(i), zone);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getTimestamp(1).toInstant());
        }
      }
    }
    return found;
  }

  /** Java programs that ask for it get the type with a zone, and {@link OffsetDateTime}s. */
  @ParameterizedTest
  @EnumSource(Road.class)
  void theTypeCanHaveAZone(Road road) throws SQLException {
    try (Connection connection =
            roads.connect(road, "timestampType=with_time_zone&timeZone=Europe/Berlin");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      assertEquals(Types.TIMESTAMP_WITH_TIMEZONE, row.getMetaData().getColumnType(1));
      assertEquals(OffsetDateTime.class.getName(), row.getMetaData().getColumnClassName(1));
      for (Instant instant : INSTANTS) {
        assertTrue(row.next());
        assertEquals(
            instant.atZone(ZoneId.of("Europe/Berlin")).toOffsetDateTime(), row.getObject(1));
      }
    }
  }

  /**
   * Avatica's own client has milliseconds only, and its {@code getTimestamp} goes through a wall
   * clock of the JVM; its numbers and texts are those of UTC everywhere.
   */
  @ParameterizedTest
  @CsvSource({"json", "protobuf"})
  void stockAvaticaReadsThemInMilliseconds(String serialization) throws SQLException {
    for (String jvm : JVM_ZONES) {
      TimeZone.setDefault(TimeZone.getTimeZone(jvm));
      try (Connection connection = roads.server().avatica(serialization);
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(QUERY)) {
        for (Instant instant : INSTANTS) {
          assertTrue(row.next());
          assertEquals(instant.toEpochMilli(), row.getLong(1), instant + " in the JVM of " + jvm);
        }
        assertFalse(row.next());
      }
    }
  }

  /** Its parameters, too, have milliseconds. */
  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void stockAvaticaFindsWholeMilliseconds(String serialization) throws SQLException {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    List<Instant> whole =
        select(
            instant ->
                instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))
                    && instant.isAfter(Instant.parse("1900-01-01T00:00:00Z")));
    try (Connection connection = roads.server().avatica(serialization)) {
      Setter setter = (s, i, t, zone) -> s.setTimestamp(i, Timestamp.from(t));
      assertEquals(whole, found(connection, setter, whole, ZoneOffset.UTC));
    }
  }
}
