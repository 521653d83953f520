package io.datanode.server.avatica;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.session.RowReader;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows of a result as Avatica's frames hold them.
 *
 * <p>Timestamps are milliseconds on the wall clock of the session's zone, because that is what
 * clients take them for.
 */
final class AvaticaRows {
  /** Rows of a frame if the client does not say, or says 0, which stock servers take for none. */
  static final int DEFAULT_FRAME_ROWS = 1_000;

  private static final int LARGEST_FRAME_ROWS = 100_000;
  private static final long LARGEST_FRAME_BYTES = 16L << 20;
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSXXX", Locale.ROOT);
  private static final DateTimeFormatter ISO_NANOS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX", Locale.ROOT);
  // As numbers, JSON has no infinity; what is too large for a double is read as one.
  private static final BigDecimal JSON_INFINITY = new BigDecimal("1E+999");

  private final AvaticaTypes types;
  private final ZoneId zone;
  private long bytes;

  AvaticaRows(AvaticaTypes types, ZoneId zone) {
    this.types = types;
    this.zone = zone;
  }

  /**
   * The next frame.
   *
   * @param wanted rows the client asks for; if not positive, the server decides
   */
  Meta.Frame frame(RowReader rows, int wanted) throws SQLException {
    int limit = wanted <= 0 ? DEFAULT_FRAME_ROWS : Math.min(wanted, LARGEST_FRAME_ROWS);
    long offset = rows.position();
    List<Object> frame = new ArrayList<>(Math.min(limit, DEFAULT_FRAME_ROWS));
    List<ResultColumn> columns = rows.columns();
    bytes = 0;
    ColumnBatch batch = rows.batch();
    while (batch != null && frame.size() < limit && bytes < LARGEST_FRAME_BYTES) {
      frame.add(row(columns, batch, rows.row()));
      rows.take(1);
      batch = rows.batch();
    }
    return new Meta.Frame(offset, batch == null, frame);
  }

  /** All rows of a short result. */
  List<List<@Nullable Object>> all(Result result) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    ColumnBatch batch = result.next();
    while (batch != null) {
      for (int i = 0; i < batch.rowCount(); i++) {
        rows.add(row(result.columns(), batch, i));
      }
      batch = result.next();
    }
    return rows;
  }

  private List<@Nullable Object> row(List<ResultColumn> columns, ColumnBatch batch, int row)
      throws SQLException {
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(columns.get(i).type(), batch.column(i), row);
    }
    return Arrays.asList(values);
  }

  private @Nullable Object value(ColumnType type, ColumnVector vector, int row)
      throws SQLException {
    bytes += 8;
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof LongVector longs) {
      return value(type, longs.get(row));
    }
    if (vector instanceof DoubleVector doubles) {
      return number(type, doubles.get(row));
    }
    if (vector instanceof TextVector texts) {
      bytes += texts.get(row).length();
      return texts.get(row);
    }
    if (vector instanceof DecimalVector decimals) {
      return decimals.get(row);
    }
    if (vector instanceof BinaryVector binaries) {
      bytes += binaries.get(row).length;
      return binaries.get(row);
    }
    ArrayVector arrays = (ArrayVector) vector;
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = arrays.start(row); i < arrays.end(row); i++) {
      elements.add(value(type.element(), arrays.elements(), i));
    }
    return elements;
  }

  private Object number(ColumnType type, double value) {
    if (types.encoding() == Encoding.JSON && !Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? JSON_INFINITY : JSON_INFINITY.negate();
    }
    return type.kind() == ColumnType.Kind.REAL ? (Object) (float) value : (Object) value;
  }

  private Object value(ColumnType type, long value) throws SQLException {
    switch (type.kind()) {
      case BOOLEAN:
        return value != 0;
      case TINYINT:
        return (byte) value;
      case SMALLINT:
        return (short) value;
      case INTEGER:
        return (int) value;
      case DECIMAL:
        return BigDecimal.valueOf(value, type.scale());
      case DATE:
        return Math.toIntExact(finite(type, value));
      case TIME:
        return (int) Math.floorDiv(value, 1_000);
      case TIMESTAMP:
        return Math.floorDiv(finite(type, value), type.nanoseconds() ? 1_000_000 : 1_000);
      case INSTANT:
        return instant(type, value);
      case YEAR_MONTH:
        return IntervalText.months(value);
      case DAY_TIME:
        return IntervalText.micros(value);
      default:
        return value;
    }
  }

  private Object instant(ColumnType type, long value) throws SQLException {
    if (types.instantsAsText()) {
      if (value == ColumnType.INFINITY || value == ColumnType.MINUS_INFINITY) {
        return value > 0 ? "infinity" : "-infinity";
      }
      return (type.nanoseconds() ? ISO_NANOS : ISO).format(zoned(type, value));
    }
    ZonedDateTime time = zoned(type, finite(type, value));
    return time.toLocalDateTime().toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private ZonedDateTime zoned(ColumnType type, long value) {
    long unit = type.nanoseconds() ? 1_000_000_000 : 1_000_000;
    long nanos = Math.floorMod(value, unit) * (type.nanoseconds() ? 1 : 1_000);
    return Instant.ofEpochSecond(Math.floorDiv(value, unit), nanos).atZone(zone);
  }

  private static long finite(ColumnType type, long value) throws SQLException {
    if (value == ColumnType.INFINITY || value == ColumnType.MINUS_INFINITY) {
      throw SqlState.DATETIME_OVERFLOW.exception(
          "An infinite "
              + type
              + " cannot be sent to a stock Avatica client; cast the column to VARCHAR or filter"
              + " it");
    }
    return value;
  }
}
