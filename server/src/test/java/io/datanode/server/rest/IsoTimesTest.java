package io.datanode.server.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.jdbc.batch.ColumnType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Points in time as text, beside what java.time writes. */
class IsoTimesTest {
  private static final DateTimeFormatter WHOLE =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .appendPattern("HH:mm:ss")
          .toFormatter();
  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder().append(WHOLE).appendPattern(".SSSSSS").toFormatter();

  private static long micros(String text) {
    Instant instant = Instant.parse(text);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  @Test
  void instantsAreInTheZoneAndTimestampsInNone() {
    IsoTimes paris = IsoTimes.instants(ColumnType.INSTANT, ZoneId.of("Europe/Paris"));
    assertEquals("2024-01-02T10:30:00+01:00", paris.text(micros("2024-01-02T09:30:00Z")));
    assertEquals("2024-07-01T00:00:00.250000+02:00", paris.text(micros("2024-06-30T22:00:00.25Z")));
    assertEquals("infinity", paris.text(ColumnType.INFINITY));
    assertEquals("2024-01-02T10:30:00+01:00", paris.text(micros("2024-01-02T09:30:00Z")));
    assertEquals("-infinity", paris.text(ColumnType.MINUS_INFINITY));
    IsoTimes none = IsoTimes.timestamps(ColumnType.TIMESTAMP);
    assertEquals("1969-12-31T23:59:59.999999", none.text(-1));
    assertEquals("+12024-01-02T09:30:00", none.text(micros("+12024-01-02T09:30:00Z")));
  }

  @Test
  void everyTextIsThatOfJavaTime() {
    Random random = new Random(42);
    for (String zone : new String[] {"UTC", "America/New_York", "Asia/Kolkata", "Europe/Dublin"}) {
      IsoTimes texts = IsoTimes.instants(ColumnType.INSTANT, ZoneId.of(zone));
      for (int i = 0; i < 100_000; i++) {
        long value = micros("1850-01-01T00:00:00Z") + random.nextLong(250L * 365 * 86_400_000_000L);
        long shown = i % 2 == 0 ? value : Math.floorDiv(value, 1_000_000) * 1_000_000;
        OffsetDateTime time =
            Instant.EPOCH.plus(shown, ChronoUnit.MICROS).atZone(ZoneId.of(zone)).toOffsetDateTime();
        ZoneOffset offset = time.getOffset();
        String text = (time.getNano() == 0 ? WHOLE : MICROS).format(time) + offset.getId();
        assertEquals(text, texts.text(shown));
      }
    }
  }
}
