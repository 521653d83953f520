package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a user may set for a parameter, and what becomes of it. The session is in New York. */
class ParameterValuesTest {
  private static final ColumnType PRICE = ColumnType.decimal(18, 2);

  private final ParameterValues values = new ParameterValues(ZoneId.of("America/New_York"));

  @Test
  void nullFitsEveryType() {
    assertNull(values.convert(1, null, ColumnType.BIGINT));
  }

  @Test
  void textWithItsOffsetIsThatInstant() {
    becomes("2024-01-02T14:30:00Z", ColumnType.INSTANT, Instant.parse("2024-01-02T14:30:00Z"));
    becomes("2024-01-02T14:30:00+02:00", ColumnType.INSTANT, Instant.parse("2024-01-02T12:30:00Z"));
    becomes(
        "2024-01-02 14:30:00.123456+00",
        ColumnType.INSTANT,
        Instant.parse("2024-01-02T14:30:00.123456Z"));
    becomes(
        "2024-01-02 14:30 Europe/Paris", ColumnType.INSTANT, Instant.parse("2024-01-02T13:30:00Z"));
  }

  @Test
  void textWithoutZoneIsInTheSessionsZone() {
    becomes("2024-01-02 09:30:00", ColumnType.INSTANT, Instant.parse("2024-01-02T14:30:00Z"));
    becomes("2024-07-02T09:30", ColumnType.INSTANT, Instant.parse("2024-07-02T13:30:00Z"));
    becomes("2024-01-02", ColumnType.INSTANT, Instant.parse("2024-01-02T05:00:00Z"));
  }

  @Test
  void wallClockTimesAndDatesBecomeInstantsInTheSessionsZone() {
    becomes(
        LocalDateTime.parse("2024-01-02T09:30:00"),
        ColumnType.INSTANT,
        Instant.parse("2024-01-02T14:30:00Z"));
    becomes(
        LocalDate.parse("2024-07-02"), ColumnType.INSTANT, Instant.parse("2024-07-02T04:00:00Z"));
  }

  @Test
  void timeThatTheClockSkipsIsMovedAndOneItShowsTwiceIsTheLater() {
    becomes("2024-03-10 02:30:00", ColumnType.INSTANT, Instant.parse("2024-03-10T07:30:00Z"));
    becomes("2024-11-03 01:30:00", ColumnType.INSTANT, Instant.parse("2024-11-03T06:30:00Z"));
  }

  @Test
  void instantIsCutToWhatTheTypeHolds() {
    Instant nanos = Instant.parse("2024-01-02T14:30:00.123456789Z");
    becomes(nanos, ColumnType.INSTANT, Instant.parse("2024-01-02T14:30:00.123456Z"));
    becomes(nanos, ColumnType.INSTANT_NANOS, nanos);
    becomes(
        Instant.parse("1969-12-31T23:59:59.999999999Z"),
        ColumnType.INSTANT,
        Instant.parse("1969-12-31T23:59:59.999999Z"));
  }

  @Test
  void instantShowsItsWallClockTimeInTheSessionsZone() {
    Instant instant = Instant.parse("2024-01-02T14:30:00Z");
    becomes(instant, ColumnType.TIMESTAMP, LocalDateTime.parse("2024-01-02T09:30:00"));
    becomes(instant, ColumnType.VARCHAR, "2024-01-02 09:30:00.000000");
    becomes(Instant.parse("2024-01-02T05:00:00Z"), ColumnType.DATE, LocalDate.parse("2024-01-02"));
  }

  @Test
  void timeOfDayIsNotDroppedSilently() {
    refuses(
        "2024-01-02 09:30:00",
        ColumnType.DATE,
        "22018",
        "Parameter 3 (DATE) is '2024-01-02 09:30:00'; expected a date without time of day");
  }

  @Test
  void numbersKeepTheirValue() {
    becomes("42", ColumnType.INTEGER, 42L);
    becomes(new BigDecimal("7.00"), ColumnType.BIGINT, 7L);
    becomes(3L, ColumnType.DOUBLE, 3.0);
    becomes(0.1, PRICE, new BigDecimal("0.1"));
    becomes(new BigDecimal("1.239"), PRICE, new BigDecimal("1.239"));
    becomes("1e3", PRICE, new BigDecimal("1000"));
    becomes(true, ColumnType.INTEGER, 1L);
    becomes("NaN", ColumnType.DOUBLE, Double.NaN);
    becomes(new BigDecimal("1E+3"), ColumnType.VARCHAR, "1000");
  }

  @Test
  void numbersThatDoNotFitAreRefused() {
    refuses(
        1.5, ColumnType.BIGINT, "22018", "Parameter 3 (BIGINT) is 1.5; expected a whole number");
    refuses(
        300L,
        ColumnType.TINYINT,
        "22003",
        "Parameter 3 (TINYINT) is 300; TINYINT holds whole numbers from -128 to 127");
    refuses("abc", ColumnType.DOUBLE, "22018", "Parameter 3 (DOUBLE) is 'abc'; expected a number");
    refuses(
        Double.NaN,
        PRICE,
        "22003",
        "Parameter 3 (DECIMAL(18, 2)) is NaN; expected a finite number");
    refuses(
        "1e400",
        ColumnType.DOUBLE,
        "22003",
        "Parameter 3 (DOUBLE) is '1e400', which DOUBLE cannot hold");
    refuses(
        "P200000000D",
        ColumnType.DAY_TIME,
        "22003",
        "Parameter 3 (INTERVAL DAY TO SECOND) is 'P200000000D'; an interval has at most 2^63"
            + " microseconds");
  }

  @Test
  void infiniteTimesAreTheirTextOrTheEndsOfTheirClasses() {
    becomes("infinity", ColumnType.INSTANT, Instant.MAX);
    becomes(" -Infinity ", ColumnType.INSTANT, Instant.MIN);
    becomes(OffsetDateTime.MAX, ColumnType.INSTANT, Instant.MAX);
    becomes(OffsetDateTime.MIN.toInstant(), ColumnType.TIMESTAMP, LocalDateTime.MIN);
    becomes(LocalDateTime.MAX, ColumnType.TIMESTAMP, LocalDateTime.MAX);
    becomes("+infinity", ColumnType.DATE, LocalDate.MAX);
    becomes(LocalDate.MIN, ColumnType.INSTANT, Instant.MIN);
    becomes(Instant.MAX, ColumnType.VARCHAR, "infinity");
  }

  @Test
  void textThatIsNoTimeIsRefused() {
    refuses(
        "yesterday",
        ColumnType.INSTANT,
        "22007",
        "Parameter 3 (TIMESTAMP(6) WITH LOCAL TIME ZONE) is 'yesterday'; expected a timestamp such"
            + " as 2024-01-31T09:30:00Z, or 2024-01-31 09:30:00 in the session's zone");
    refuses(
        "2024-02-30",
        ColumnType.DATE,
        "22007",
        "Parameter 3 (DATE) is '2024-02-30'; expected a date such as 2024-01-31");
    refuses(
        "25:00",
        ColumnType.TIME,
        "22007",
        "Parameter 3 (TIME(6)) is '25:00'; expected a time of day such as 09:30:00");
  }

  @Test
  void numberIsNoTime() {
    refuses(
        1704205800L,
        ColumnType.INSTANT,
        "22018",
        "Parameter 3 (TIMESTAMP(6) WITH LOCAL TIME ZONE) is 1704205800; expected a timestamp such"
            + " as 2024-01-31T09:30:00Z");
  }

  @Test
  void timestampsLieWithinTheRangeOfMicroseconds() {
    refuses(
        Instant.parse("+294000-01-01T00:00:00.000001Z"),
        ColumnType.INSTANT,
        "22008",
        "Parameter 3 (TIMESTAMP(6) WITH LOCAL TIME ZONE) is +294000-01-01T00:00:00.000001Z;"
            + " timestamps lie between the years -290000 and 294000");
  }

  @Test
  void otherTypes() {
    becomes("09:30", ColumnType.TIME, LocalTime.parse("09:30"));
    becomes("yes", ColumnType.BOOLEAN, true);
    becomes(0L, ColumnType.BOOLEAN, false);
    UUID uuid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
    becomes(uuid.toString(), ColumnType.UUID, uuid);
    becomes(uuid, ColumnType.VARCHAR, uuid.toString());
    becomes("P1Y2M", ColumnType.YEAR_MONTH, 14L);
    becomes("PT1.000001S", ColumnType.DAY_TIME, 1_000_001L);
    becomes(
        Arrays.asList("1", null), ColumnType.array(ColumnType.INTEGER), Arrays.asList(1L, null));
    assertArrayEquals(
        new byte[] {1}, (byte[]) values.convert(1, new byte[] {1}, ColumnType.VARBINARY));
    refuses(
        List.of(1L),
        ColumnType.VARCHAR,
        "22018",
        "Parameter 3 (VARCHAR) is a list of 1; expected text");
    refuses(
        "maybe",
        ColumnType.BOOLEAN,
        "22018",
        "Parameter 3 (BOOLEAN) is 'maybe'; expected true or false");
  }

  @Test
  void numbersOfMoreZerosThanMemoryAreRefusedAtOnce() {
    for (ColumnType type :
        List.of(ColumnType.BIGINT, ColumnType.DOUBLE, ColumnType.decimal(38, 10))) {
      refuses(
          "1e999999999",
          type,
          "22003",
          "Parameter 3 (" + type + ") is '1e999999999', which no numeric type holds");
      refuses(
          new BigDecimal("1e-999999999"),
          type,
          "22003",
          "Parameter 3 (" + type + ") is 1E-999999999, which no numeric type holds");
    }
    refuses(
        new BigDecimal("1e999999999"),
        ColumnType.VARCHAR,
        "22003",
        "Parameter 3 (VARCHAR) is 1E+999999999, which no numeric type holds");
    becomes(new BigDecimal("0e999999999"), ColumnType.BIGINT, 0L);
    becomes("1e-500", ColumnType.DOUBLE, 0.0);
  }

  private void becomes(Object value, ColumnType type, Object expected) {
    assertEquals(expected, values.convert(1, value, type));
  }

  private void refuses(Object value, ColumnType type, String sqlState, String message) {
    DataNodeException refusal =
        assertThrows(DataNodeException.class, () -> values.convert(3, value, type));
    assertEquals(message, refusal.getMessage());
    assertEquals(sqlState, refusal.sqlState());
  }
}
