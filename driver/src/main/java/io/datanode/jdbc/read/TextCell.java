package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Locale;
import java.util.UUID;

/** VARCHAR, JSON and types that are only known as text. Parsed when read as another type. */
final class TextCell extends Cell {
  private final ZoneId zone;
  private String[] values;

  TextCell(ResultColumn column, ZoneId zone) {
    super(column);
    this.zone = zone;
  }

  @Override
  public void load(ColumnVector next) {
    super.load(next);
    values = ((TextVector) next).values();
  }

  @Override
  public String[] texts() {
    return values;
  }

  @Override
  public Object object(int row) {
    return values[row];
  }

  @Override
  public String text(int row) {
    return values[row];
  }

  @Override
  public boolean booleanValue(int row) throws SQLException {
    switch (values[row].trim().toLowerCase(Locale.ROOT)) {
      case "true":
      case "t":
      case "yes":
      case "y":
      case "on":
      case "1":
        return true;
      case "false":
      case "f":
      case "no":
      case "n":
      case "off":
      case "0":
        return false;
      default:
        throw cannotRead(values[row], "boolean");
    }
  }

  @Override
  public long longValue(int row) throws SQLException {
    BigInteger whole = decimal(row).setScale(0, RoundingMode.DOWN).unscaledValue();
    if (whole.bitLength() > 63) {
      throw outOfRange(values[row], "long");
    }
    return whole.longValue();
  }

  @Override
  public double doubleValue(int row) throws SQLException {
    try {
      return Double.parseDouble(values[row].trim());
    } catch (NumberFormatException e) {
      throw cannotRead(values[row], "number");
    }
  }

  @Override
  public BigDecimal decimal(int row) throws SQLException {
    try {
      BigDecimal value = new BigDecimal(values[row].trim());
      // A number such as 1e999999999 would need gigabytes to be written out.
      if (Math.abs((long) value.scale()) > 10_000) {
        throw outOfRange(values[row], "BigDecimal");
      }
      return value;
    } catch (NumberFormatException e) {
      throw cannotRead(values[row], "number");
    }
  }

  @Override
  public byte[] bytes(int row) {
    return values[row].getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Timestamp timestamp(int row, Calendar calendar) throws SQLException {
    TimeText parsed = parse(row, "timestamp");
    return parsed.hasOffset()
        ? SqlTimes.timestamp(parsed.instant(zone))
        : SqlTimes.timestamp(parsed.localDateTime(), calendar);
  }

  @Override
  public LocalDate localDate(int row) throws SQLException {
    return parse(row, "date").localDateTime().toLocalDate();
  }

  @Override
  public LocalTime localTime(int row) throws SQLException {
    try {
      return LocalTime.parse(values[row].trim());
    } catch (DateTimeException e) {
      return parse(row, "time").localDateTime().toLocalTime();
    }
  }

  @Override
  public LocalDateTime localDateTime(int row) throws SQLException {
    return parse(row, "timestamp").localDateTime();
  }

  @Override
  public Instant instant(int row) throws SQLException {
    return parse(row, "timestamp").instant(zone);
  }

  @Override
  public OffsetDateTime offsetDateTime(int row) throws SQLException {
    return zonedDateTime(row).toOffsetDateTime();
  }

  @Override
  public ZonedDateTime zonedDateTime(int row) throws SQLException {
    return instant(row).atZone(zone);
  }

  @Override
  public UUID uuid(int row) throws SQLException {
    return UuidCell.parse(this, values[row]);
  }

  private TimeText parse(int row, String type) throws SQLException {
    try {
      return TimeText.parse(values[row].trim());
    } catch (DateTimeException e) {
      throw cannotRead(values[row], type);
    }
  }
}
