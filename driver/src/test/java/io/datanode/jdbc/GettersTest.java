package io.datanode.jdbc;

import static io.datanode.jdbc.ConnectionTest.assertError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What each getter makes of each type, whatever the zone of the JVM. */
@Isolated("changes the default zone of the JVM")
class GettersTest {
  private static final String[] JVM_ZONES = {
    "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin", "America/Sao_Paulo"
  };

  private final TimeZone jvmZone = TimeZone.getDefault();

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(jvmZone);
  }

  /** A row being read. */
  private interface Check {
    void on(ResultSet row) throws SQLException;
  }

  /** Reads one row with one column of this type. */
  private static void read(String settings, ColumnType type, Object value, Check check)
      throws SQLException {
    String place = "memory-getters";
    try (Connection connection = DriverManager.getConnection("jdbc:datanode:" + place + settings);
        Statement statement = connection.createStatement()) {
      MemorySession.OPENED
          .get(place)
          .table(
              List.of(ResultColumn.of("x", type)),
              List.of(Rows.batch(List.of(type), new Object[] {value})));
      ResultSet row = statement.executeQuery("TABLE");
      assertTrue(row.next());
      check.on(row);
    }
  }

  private static void read(ColumnType type, Object value, Check check) throws SQLException {
    read("", type, value, check);
  }

  @Test
  void instantsAreExactInEveryJvmZone() throws SQLException {
    String[] instants = {
      "2024-03-10T07:30:00.123456Z", // within the hour New York skips, seen from the wall clock
      "2024-11-03T05:30:00.000001Z", // the first and
      "2024-11-03T06:30:00.999999Z", // the second 01:30 of that night
      "2024-03-31T00:59:59.999999Z",
      "2024-10-27T00:30:00Z",
      "2011-12-30T12:00:00Z", // a day Apia never had, nor has a java.sql.Date there
      "1970-01-01T00:00:00Z",
      "1969-12-31T23:59:59.999999Z",
      "1899-12-30T00:00:00Z",
      "1500-01-01T00:00:00.5Z",
      "0001-01-01T00:00:00Z",
      "2038-01-19T03:14:08Z",
      "9999-12-31T23:59:59.999999Z"
    };
    for (String zone : JVM_ZONES) {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      for (String text : instants) {
        Instant instant = Instant.parse(text);
        read(
            "?timeZone=Europe/Berlin",
            ColumnType.INSTANT,
            instant,
            row -> {
              assertEquals(instant, row.getTimestamp(1).toInstant());
              Calendar tokyo = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
              assertEquals(instant, row.getTimestamp(1, tokyo).toInstant());
              assertEquals(instant, ((Timestamp) row.getObject(1)).toInstant());
              assertEquals(instant, row.getObject(1, Instant.class));
              assertEquals(instant, row.getObject("X", OffsetDateTime.class).toInstant());
              ZonedDateTime berlin = row.getObject(1, ZonedDateTime.class);
              assertEquals(instant, berlin.toInstant());
              assertEquals("Europe/Berlin", berlin.getZone().getId());
              LocalDateTime local = row.getObject(1, LocalDateTime.class);
              assertEquals(berlin.toLocalDateTime(), local);
              assertEquals(local.toLocalDate(), row.getObject(1, LocalDate.class));
              assertEquals(local.toLocalTime(), row.getObject(1, LocalTime.class));
              if (!zone.equals("Pacific/Apia") || !text.startsWith("2011-12-30")) {
                assertEquals(local.toLocalDate(), row.getDate(1).toLocalDate());
              }
              if (text.compareTo("1900") > 0) {
                assertEquals(local.toLocalTime().withNano(0), row.getTime(1).toLocalTime());
              }
            });
      }
    }
  }

  @Test
  void instantsShowTheSessionsZoneWithItsOffset() throws SQLException {
    Instant instant = Instant.parse("2024-01-02T09:30:00.123456Z");
    read(
        ColumnType.INSTANT,
        instant,
        row -> assertEquals("2024-01-02 09:30:00.123456+00", row.getString(1)));
    read(
        "?timeZone=Asia/Kolkata",
        ColumnType.INSTANT,
        instant.minusNanos(56_000),
        row -> assertEquals("2024-01-02 15:00:00.1234+05:30", row.getString(1)));
    read(
        "?timeZone=America/New_York",
        ColumnType.INSTANT,
        Instant.parse("1800-01-01T00:00:00Z"),
        row -> assertEquals("1799-12-31 19:03:58-04:56:02", row.getString(1)));
    read(
        ColumnType.INSTANT_NANOS,
        Instant.parse("2024-01-02T09:30:00.123456789Z"),
        row -> {
          assertEquals("2024-01-02 09:30:00.123456789+00", row.getString(1));
          assertEquals(123_456_789, row.getTimestamp(1).getNanos());
        });
    read(
        ColumnType.INSTANT,
        Instant.parse("-0043-03-15T12:00:00Z"),
        row -> assertEquals("0044-03-15 12:00:00+00 BC", row.getString(1)));
  }

  @Test
  void infiniteTimesAreThoseOfPgjdbc() throws SQLException {
    read(
        ColumnType.INSTANT,
        ColumnType.INFINITY,
        row -> {
          assertEquals("infinity", row.getString(1));
          assertEquals(9_223_372_036_825_200_000L, row.getTimestamp(1).getTime());
          assertEquals(OffsetDateTime.MAX, row.getObject(1, OffsetDateTime.class));
          assertEquals(LocalDateTime.MAX, row.getObject(1, LocalDateTime.class));
          assertEquals(9_223_372_036_825_200_000L, row.getDate(1).getTime());
        });
    read(
        ColumnType.DATE,
        ColumnType.MINUS_INFINITY,
        row -> {
          assertEquals("-infinity", row.getString(1));
          assertEquals(LocalDate.MIN, row.getObject(1, LocalDate.class));
          assertEquals(-9_223_372_036_832_400_000L, row.getDate(1).getTime());
        });
  }

  @Test
  void wallClocksAreReadInTheZoneJdbcNames() throws SQLException {
    LocalDateTime time = LocalDateTime.of(2024, 3, 10, 4, 30, 0, 123_456_000);
    for (String zone : JVM_ZONES) {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      read(
          "?timeZone=Asia/Tokyo",
          ColumnType.TIMESTAMP,
          time,
          row -> {
            assertEquals("2024-03-10 04:30:00.123456", row.getString(1));
            assertEquals(time, row.getTimestamp(1).toLocalDateTime());
            Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("America/New_York"));
            assertEquals(
                Instant.parse("2024-03-10T08:30:00.123456Z"),
                row.getTimestamp(1, calendar).toInstant());
            assertEquals(
                Instant.parse("2024-03-09T19:30:00.123456Z"), row.getObject(1, Instant.class));
            assertEquals(time, row.getObject(1, LocalDateTime.class));
            assertEquals(time.toLocalDate(), row.getDate(1).toLocalDate());
            assertEquals(LocalTime.of(4, 30), row.getTime(1).toLocalTime());
          });
      read(
          ColumnType.DATE,
          LocalDate.of(1500, 1, 1),
          row -> {
            assertEquals("1500-01-01", row.getString(1));
            assertEquals("1500-01-01", row.getDate(1).toString());
            assertEquals(LocalDate.of(1500, 1, 1), row.getObject(1, LocalDate.class));
            assertEquals("1500-01-01 00:00:00.0", row.getTimestamp(1).toString());
            assertError(
                "22018", "Column 'x' of type DATE cannot be read as time", () -> row.getTime(1));
          });
      read(
          ColumnType.TIME,
          LocalTime.of(23, 59, 59, 999_999_000),
          row -> {
            assertEquals("23:59:59.999999", row.getString(1));
            assertEquals("23:59:59", row.getTime(1).toString());
            assertEquals(999, Math.floorMod(row.getTime(1).getTime(), 1000L));
            assertEquals(LocalTime.of(23, 59, 59, 999_999_000), row.getObject(1, LocalTime.class));
          });
    }
  }

  @Test
  void getObjectReturnsTheClassThatTheMetadataNames() throws SQLException {
    Object[][] cases = {
      {ColumnType.BOOLEAN, true, true, Types.BOOLEAN, "BOOLEAN"},
      {ColumnType.TINYINT, 5, 5, Types.TINYINT, "TINYINT"},
      {ColumnType.SMALLINT, 5, 5, Types.SMALLINT, "SMALLINT"},
      {ColumnType.INTEGER, 5, 5, Types.INTEGER, "INTEGER"},
      {ColumnType.BIGINT, 5L, 5L, Types.BIGINT, "BIGINT"},
      {ColumnType.REAL, 1.1f, 1.1f, Types.REAL, "REAL"},
      {ColumnType.DOUBLE, 1.1, 1.1, Types.DOUBLE, "DOUBLE"},
      {
        ColumnType.decimal(10, 2),
        new BigDecimal("-1.10"),
        new BigDecimal("-1.10"),
        Types.DECIMAL,
        "DECIMAL"
      },
      {
        ColumnType.decimal(38, 1),
        new BigDecimal("12345678901234567890.1"),
        new BigDecimal("12345678901234567890.1"),
        Types.DECIMAL,
        "DECIMAL"
      },
      {ColumnType.VARCHAR, "a", "a", Types.VARCHAR, "VARCHAR"},
      {ColumnType.JSON, "{}", "{}", Types.VARCHAR, "JSON"},
      {ColumnType.OTHER, "z", "z", Types.VARCHAR, "VARCHAR"},
      {
        ColumnType.UUID,
        "6f1c1f04-9b5c-4f4b-8a59-8f6a5c1f0a11",
        UUID.fromString("6f1c1f04-9b5c-4f4b-8a59-8f6a5c1f0a11"),
        Types.OTHER,
        "UUID"
      },
      {ColumnType.YEAR_MONTH, -14, "-1-02", Types.VARCHAR, "INTERVAL YEAR TO MONTH"},
      {
        ColumnType.DAY_TIME,
        -93_784_500_000L,
        "-1 02:03:04.5",
        Types.VARCHAR,
        "INTERVAL DAY TO SECOND"
      },
      {
        ColumnType.TIMESTAMP,
        LocalDateTime.of(2024, 1, 2, 3, 4),
        Timestamp.valueOf("2024-01-02 03:04:00"),
        Types.TIMESTAMP,
        "TIMESTAMP"
      },
      {
        ColumnType.INSTANT,
        Instant.EPOCH,
        new Timestamp(0),
        Types.TIMESTAMP,
        "TIMESTAMP WITH LOCAL TIME ZONE"
      },
      {
        ColumnType.DATE, LocalDate.EPOCH, Date.valueOf(LocalDate.EPOCH), Types.DATE, "DATE",
      },
      {ColumnType.TIME, LocalTime.NOON, Time.valueOf("12:00:00"), Types.TIME, "TIME"}
    };
    for (Object[] c : cases) {
      ColumnType type = (ColumnType) c[0];
      read(
          type,
          c[1],
          row -> {
            ResultSetMetaData about = row.getMetaData();
            assertEquals(c[2], row.getObject(1), type.toString());
            assertEquals(about.getColumnClassName(1), row.getObject(1).getClass().getName());
            assertEquals(c[3], about.getColumnType(1), type.toString());
            assertEquals(c[4], about.getColumnTypeName(1));
            assertTrue(about.getColumnDisplaySize(1) >= row.getString(1).length());
            assertTrue(about.getPrecision(1) > 0);
            assertFalse(row.wasNull());
          });
      read(
          type,
          null,
          row -> {
            assertNull(row.getObject(1));
            assertTrue(row.wasNull());
            assertEquals(0, row.getLong(1));
            assertEquals(0, row.getDouble(1));
            assertNull(row.getString(1));
            assertNull(row.getTimestamp(1));
            assertNull(row.getObject(1, Instant.class));
            assertFalse(row.getBoolean(1));
            assertTrue(row.wasNull());
          });
    }
    read(
        "?timestampType=with_time_zone",
        ColumnType.INSTANT,
        Instant.EPOCH,
        row -> {
          assertEquals(Types.TIMESTAMP_WITH_TIMEZONE, row.getMetaData().getColumnType(1));
          assertInstanceOf(OffsetDateTime.class, row.getObject(1));
          assertEquals(OffsetDateTime.class.getName(), row.getMetaData().getColumnClassName(1));
        });
  }

  @Test
  void numbersAreConvertedWithoutLossOrRefused() throws SQLException {
    read(
        ColumnType.BIGINT,
        3_000_000_000L,
        row -> {
          assertEquals(3_000_000_000L, row.getLong(1));
          assertEquals(3e9, row.getDouble(1));
          assertEquals(new BigDecimal("3000000000"), row.getBigDecimal(1));
          assertEquals(BigInteger.valueOf(3_000_000_000L), row.getObject(1, BigInteger.class));
          assertEquals("3000000000", row.getString(1));
          assertError(
              "22003",
              "Column 'x' holds 3000000000, which does not fit into int",
              () -> row.getInt(1));
          assertError(
              "22018",
              "Column 'x' of type BIGINT cannot be read as timestamp",
              () -> row.getTimestamp(1));
          assertError(
              "22018",
              "Column 'x' of type BIGINT cannot be read as UUID",
              () -> row.getObject(1, UUID.class));
        });
    read(
        ColumnType.DOUBLE,
        100.7472,
        row -> {
          assertEquals(new BigDecimal("100.7472"), row.getBigDecimal(1));
          assertEquals(100, row.getInt(1));
          assertEquals(100.7472f, row.getFloat(1));
          assertEquals("100.7472", row.getString(1));
        });
    read(
        ColumnType.DOUBLE,
        1e300,
        row -> {
          assertThrows(SQLException.class, () -> row.getLong(1));
          assertError(
              "22003",
              "Column 'x' holds 1.0E300, which does not fit into float",
              () -> row.getFloat(1));
        });
    read(
        ColumnType.DOUBLE,
        Double.NaN,
        row -> {
          assertTrue(Double.isNaN(row.getDouble(1)));
          assertTrue(Float.isNaN(row.getFloat(1)));
          assertEquals("NaN", row.getString(1));
          assertError(
              "22003",
              "Column 'x' holds NaN, which does not fit into BigDecimal",
              () -> row.getBigDecimal(1));
        });
    read(
        ColumnType.DOUBLE,
        Double.NEGATIVE_INFINITY,
        row -> assertEquals(Float.NEGATIVE_INFINITY, row.getFloat(1)));
    read(
        ColumnType.REAL,
        0.1f,
        row -> {
          assertEquals("0.1", row.getString(1));
          assertEquals(new BigDecimal("0.1"), row.getBigDecimal(1));
          assertEquals((double) 0.1f, row.getDouble(1));
        });
    read(
        ColumnType.decimal(38, 2),
        new BigDecimal("99999999999999999999.99"),
        row -> assertThrows(SQLException.class, () -> row.getLong(1)));
    read(ColumnType.INTEGER, 1, row -> assertTrue(row.getBoolean(1)));
    read(
        ColumnType.INTEGER,
        2,
        row ->
            assertError(
                "22018",
                "Column 'x' holds '2', which cannot be read as boolean; expected 0 or 1",
                () -> row.getBoolean(1)));
  }

  @Test
  void textIsParsedWhenReadAsSomethingElse() throws SQLException {
    read(
        ColumnType.VARCHAR,
        " 12.5 ",
        row -> {
          assertEquals(12, row.getLong(1));
          assertEquals(12.5, row.getDouble(1));
          assertEquals(new BigDecimal("12.5"), row.getBigDecimal(1));
          assertError(
              "22018",
              "Column 'x' holds ' 12.5 ', which cannot be read as date",
              () -> row.getDate(1));
        });
    read(
        "?timeZone=Europe/Berlin",
        ColumnType.VARCHAR,
        "2024-01-02T03:04:05.000001",
        row -> {
          assertEquals(
              Instant.parse("2024-01-02T02:04:05.000001Z"), row.getObject(1, Instant.class));
          assertEquals("2024-01-02 03:04:05.000001", row.getTimestamp(1).toString());
        });
    read(
        ColumnType.VARCHAR,
        "2024-01-02 03:04:05+05:30",
        row ->
            assertEquals(Instant.parse("2024-01-01T21:34:05Z"), row.getTimestamp(1).toInstant()));
    read(
        ColumnType.VARCHAR,
        "true",
        row -> {
          assertTrue(row.getBoolean(1));
          assertArrayEquals(new byte[] {'t', 'r', 'u', 'e'}, row.getBytes(1));
        });
    read(
        ColumnType.VARCHAR,
        "1e99999",
        row -> assertThrows(SQLException.class, () -> row.getInt(1)));
  }

  @Test
  void bytesArraysAndIntervals() throws SQLException {
    read(
        ColumnType.VARBINARY,
        new byte[] {0, -1},
        row -> {
          assertEquals("\\x00ff", row.getString(1));
          assertArrayEquals(new byte[] {0, -1}, (byte[]) row.getObject(1));
        });
    read(
        ColumnType.array(ColumnType.DOUBLE),
        Arrays.asList(1.5, null),
        row -> {
          Array array = row.getArray(1);
          assertArrayEquals(new Double[] {1.5, null}, (Object[]) array.getArray());
          assertEquals(Types.DOUBLE, array.getBaseType());
          assertEquals("[1.5, null]", row.getString(1));
          assertEquals("DOUBLE ARRAY", row.getMetaData().getColumnTypeName(1));
        });
    read(
        ColumnType.array(ColumnType.VARCHAR),
        List.of("a\"b", ""),
        row -> assertEquals("[\"a\\\"b\", \"\"]", row.getString(1)));
    read(
        ColumnType.YEAR_MONTH,
        14,
        row -> assertEquals(Period.of(1, 2, 0), row.getObject(1, Period.class)));
    read(
        ColumnType.DAY_TIME,
        1L,
        row -> {
          assertEquals(Duration.ofNanos(1000), row.getObject(1, Duration.class));
          assertEquals("0 00:00:00.000001", row.getString(1));
        });
  }

  @Test
  void columnsAreFoundByLabelInAnyCase() throws SQLException {
    read(
        ColumnType.BIGINT,
        1L,
        row -> {
          assertEquals(1, row.findColumn("X"));
          assertEquals(1, row.getLong("x"));
          assertError(
              "42703",
              "Column 'y' is not in the result; its columns are x",
              () -> row.getObject("y"));
          assertError(
              "22023",
              "There is no column 2 in the result; columns are counted from 1 to 1",
              () -> row.getLong(2));
          assertNotNull(row.unwrap(ResultSet.class));
        });
  }
}
