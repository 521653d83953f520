package io.datanode.jdbc;

import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds batches from rows of plain Java values, and reads them back, for tests. */
public final class Rows {
  private Rows() {}

  /** A batch of these rows; each value null or of the class that {@link #value} returns. */
  public static ColumnBatch batch(List<ColumnType> types, Object[]... rows) {
    ColumnBatch batch = ColumnBatch.of(types, rows.length);
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < types.size(); i++) {
        set(types.get(i), batch.column(i), row, rows[row][i]);
      }
    }
    batch.setRowCount(rows.length);
    return batch;
  }

  /** All rows of a batch. */
  public static List<List<Object>> read(List<ColumnType> types, ColumnBatch batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rowCount(); row++) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        values.add(value(types.get(i), batch.column(i), row));
      }
      rows.add(values);
    }
    return rows;
  }

  private static void set(ColumnType type, ColumnVector vector, int row, Object value) {
    vector.ensureCapacity(row + 1);
    if (type.kind() == Kind.ARRAY) {
      ArrayVector array = (ArrayVector) vector;
      int end = array.start(row);
      if (value != null) {
        for (Object element : (List<?>) value) {
          set(type.element(), array.elements(), end++, element);
        }
      }
      array.setEnd(row, end);
    }
    if (value == null) {
      vector.setNull(row);
    } else if (vector instanceof LongVector) {
      ((LongVector) vector).set(row, number(type, value));
    } else if (vector instanceof DoubleVector) {
      ((DoubleVector) vector).set(row, ((Number) value).doubleValue());
    } else if (vector instanceof TextVector) {
      ((TextVector) vector).set(row, (String) value);
    } else if (vector instanceof BinaryVector) {
      ((BinaryVector) vector).set(row, (byte[]) value);
    } else if (vector instanceof DecimalVector) {
      ((DecimalVector) vector).set(row, (BigDecimal) value);
    }
  }

  private static long number(ColumnType type, Object value) {
    if (value instanceof Instant) {
      return sinceEpoch(type, (Instant) value);
    }
    if (value instanceof LocalDateTime) {
      return sinceEpoch(type, ((LocalDateTime) value).toInstant(ZoneOffset.UTC));
    }
    if (value instanceof LocalDate) {
      return ((LocalDate) value).toEpochDay();
    }
    if (value instanceof LocalTime) {
      return ((LocalTime) value).toNanoOfDay() / 1000;
    }
    if (value instanceof BigDecimal) {
      return ((BigDecimal) value).unscaledValue().longValueExact();
    }
    if (value instanceof Boolean) {
      return (Boolean) value ? 1 : 0;
    }
    return ((Number) value).longValue();
  }

  private static long sinceEpoch(ColumnType type, Instant instant) {
    long unit = type.nanoseconds() ? 1_000_000_000 : 1_000_000;
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), unit),
        instant.getNano() / (1_000_000_000 / unit));
  }

  private static Object value(ColumnType type, ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof DoubleVector) {
      return ((DoubleVector) vector).get(row);
    }
    if (vector instanceof TextVector) {
      return ((TextVector) vector).get(row);
    }
    if (vector instanceof BinaryVector) {
      return Arrays.toString(((BinaryVector) vector).get(row));
    }
    if (vector instanceof DecimalVector) {
      return ((DecimalVector) vector).get(row);
    }
    if (vector instanceof ArrayVector) {
      ArrayVector array = (ArrayVector) vector;
      List<Object> elements = new ArrayList<>();
      for (int i = array.start(row); i < array.end(row); i++) {
        elements.add(value(type.element(), array.elements(), i));
      }
      return elements;
    }
    return ((LongVector) vector).get(row);
  }
}
