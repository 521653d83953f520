package io.datanode.jdbc;

import static io.datanode.jdbc.ConnectionTest.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What each setter hands to the session, whatever the zone of the JVM. */
@Isolated("changes the default zone of the JVM")
class ParametersTest {
  private final TimeZone jvmZone = TimeZone.getDefault();
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:datanode:memory-parameters");
    TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
  }

  @AfterEach
  void close() throws SQLException {
    TimeZone.setDefault(jvmZone);
    connection.close();
  }

  /** Sets parameter 1. */
  private interface Setter {
    void on(PreparedStatement statement) throws SQLException;
  }

  /** Class and text of the value the session is given. */
  private String given(String sql, Setter setter) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      setter.on(statement);
      try (ResultSet row = statement.executeQuery()) {
        assertTrue(row.next());
        return row.getString(1) + " " + row.getString(2);
      }
    }
  }

  private String given(Setter setter) throws SQLException {
    return given("VALUES ?", setter);
  }

  private String given(Object value) throws SQLException {
    return given(statement -> statement.setObject(1, value));
  }

  @Test
  void numbersAndTextBecomeTheWidestOfTheirKind() throws SQLException {
    assertEquals("Long 5", given((byte) 5));
    assertEquals("Long 5", given(s -> s.setShort(1, (short) 5)));
    assertEquals("Long 5", given(5));
    assertEquals("Double 0.10000000149011612", given(0.1f));
    assertEquals("Double NaN", given(s -> s.setDouble(1, Double.NaN)));
    assertEquals("BigDecimal 1.50", given(new BigDecimal("1.50")));
    assertEquals("BigDecimal 12345678901234567890", given(new BigInteger("12345678901234567890")));
    assertEquals("Boolean true", given(s -> s.setBoolean(1, true)));
    assertEquals("String é", given("é"));
    assertEquals("String c", given('c'));
    assertEquals("null null", given(s -> s.setNull(1, Types.DOUBLE)));
    assertEquals("null null", given(s -> s.setString(1, null)));
    UUID uuid = UUID.randomUUID();
    assertEquals("UUID " + uuid, given(uuid));
    assertEquals("List [1, null, 2.5]", given(new Object[] {1, null, 2.5f}));
    assertEquals("List [1, 2]", given(new int[] {1, 2}));
    assertEquals("List [a]", given(List.of("a")));
    assertEquals(
        "List [a, b]",
        given(s -> s.setArray(1, connection.createArrayOf("VARCHAR", new Object[] {"a", "b"}))));
    assertError(
        "22023",
        "A parameter cannot be a java.lang.Object; expected a number, text, boolean, byte[], UUID,"
            + " date or time, or an array of these",
        () -> given(new Object()));
  }

  @Test
  void timesKeepTheirInstantAndTheirFraction() throws SQLException {
    Instant instant = Instant.parse("2024-03-10T07:30:00.123456Z");
    String expected = "Instant " + instant;
    Calendar tokyo = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
    assertEquals(expected, given(instant));
    assertEquals(expected, given(OffsetDateTime.parse("2024-03-10T08:30:00.123456+01:00")));
    assertEquals(
        expected, given(ZonedDateTime.parse("2024-03-10T16:30:00.123456+09:00[Asia/Tokyo]")));
    assertEquals(expected, given(s -> s.setTimestamp(1, Timestamp.from(instant))));
    assertEquals(expected, given(s -> s.setTimestamp(1, Timestamp.from(instant), tokyo)));
    assertEquals(expected, given(Timestamp.from(instant)));
    assertEquals("Instant 1970-01-01T00:00:01Z", given(new java.util.Date(1000)));
    assertEquals("LocalDateTime 2024-03-10T02:30", given(LocalDateTime.of(2024, 3, 10, 2, 30)));
    assertEquals("LocalDate 1500-01-01", given(LocalDate.of(1500, 1, 1)));
    assertEquals("LocalDate 1500-01-01", given(Date.valueOf("1500-01-01")));
    assertEquals("LocalTime 23:59:59.000000001", given(LocalTime.of(23, 59, 59, 1)));
    assertEquals("LocalTime 01:02:03", given(Time.valueOf("01:02:03")));
    Date midnightInTokyo = new Date(Instant.parse("2024-01-01T15:00:00Z").toEpochMilli());
    assertEquals("LocalDate 2024-01-02", given(s -> s.setDate(1, midnightInTokyo, tokyo)));
  }

  @Test
  void aTimestampForAWallClockIsTheOneItShows() throws SQLException {
    String sql = "VALUES ? AS TIMESTAMP";
    Timestamp shown = Timestamp.valueOf("2024-01-02 03:04:05.000006");
    Calendar tokyo = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"));
    assertEquals(
        "LocalDateTime 2024-01-02T03:04:05.000006", given(sql, s -> s.setTimestamp(1, shown)));
    assertEquals(
        "LocalDateTime 2024-01-02T17:04:05.000006",
        given(sql, s -> s.setTimestamp(1, shown, tokyo)));
  }

  @Test
  void aTargetTypeConvertsOrRefuses() throws SQLException {
    assertEquals("Long 12", given(s -> s.setObject(1, "12", Types.INTEGER)));
    assertEquals("Double 1.5", given(s -> s.setObject(1, "1.5", JDBCType.DOUBLE)));
    assertEquals("BigDecimal 1.50", given(s -> s.setObject(1, 1.5, Types.DECIMAL, 2)));
    assertEquals("Boolean true", given(s -> s.setObject(1, "1", Types.BOOLEAN)));
    assertEquals("String 5", given(s -> s.setObject(1, 5, Types.VARCHAR)));
    assertEquals(
        "LocalDate 2024-01-02",
        given(s -> s.setObject(1, Timestamp.valueOf("2024-01-02 23:00:00"), Types.DATE)));
    assertEquals("String 2024-01-02", given(s -> s.setObject(1, "2024-01-02", Types.DATE)));
    assertEquals("null null", given(s -> s.setObject(1, null, Types.INTEGER)));
    assertError(
        "22018",
        "Parameter value '1.5' cannot become a INTEGER",
        () -> given(s -> s.setObject(1, 1.5, Types.INTEGER)));
  }

  @Test
  void streamsAreReadUpToTheirLength() throws SQLException {
    byte[] bytes = "abcdef".getBytes(StandardCharsets.US_ASCII);
    assertEquals("String abc", given(s -> s.setCharacterStream(1, new StringReader("abcdef"), 3)));
    assertEquals("String abcdef", given(s -> s.setClob(1, new StringReader("abcdef"))));
    assertEquals("String ab", given(s -> s.setAsciiStream(1, new ByteArrayInputStream(bytes), 2)));
    assertTrue(
        given(s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes))).startsWith("byte[] "));
  }
}
