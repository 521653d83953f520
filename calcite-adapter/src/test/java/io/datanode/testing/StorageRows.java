package io.datanode.testing;

import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.StorageQuery.Parameter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole results of a storage as objects that compare well: times as ISO text, byte strings in
 * hexadecimal.
 */
public record StorageRows(Storage storage) {
  /** All rows of a query. */
  public List<List<@Nullable Object>> rows(
      String sql, List<ColumnType> columns, Parameter... parameters) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (RunningQuery query =
        storage.execute(new StorageQuery(sql, List.of(parameters), columns))) {
      for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
        for (int row = 0; row < batch.rowCount(); row++) {
          List<@Nullable Object> values = new ArrayList<>();
          for (int column = 0; column < columns.size(); column++) {
            values.add(value(batch.column(column), columns.get(column), row));
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }

  /** The first column of a query. */
  public List<@Nullable Object> column(String sql, ColumnType type, Parameter... parameters) {
    return rows(sql, List.of(type), parameters).stream()
        .map(row -> row.get(0))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static @Nullable Object value(ColumnVector vector, ColumnType type, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    switch (type.kind()) {
      case BOOLEAN:
        return ((LongVector) vector).get(row) != 0;
      case REAL:
      case DOUBLE:
        return ((DoubleVector) vector).get(row);
      case DECIMAL:
        return type.precision() <= 18
            ? BigDecimal.valueOf(((LongVector) vector).get(row), type.scale())
            : ((DecimalVector) vector).get(row);
      case VARCHAR:
      case UUID:
      case JSON:
      case OTHER:
        return ((TextVector) vector).get(row);
      case VARBINARY:
        return HexFormat.of().formatHex(((BinaryVector) vector).get(row));
      case ARRAY:
        ArrayVector array = (ArrayVector) vector;
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = array.start(row); i < array.end(row); i++) {
          elements.add(value(array.elements(), type.element(), i));
        }
        return elements;
      default:
        return number(((LongVector) vector).get(row), type);
    }
  }

  private static Object number(long value, ColumnType type) {
    boolean time =
        type.kind() == ColumnType.Kind.DATE
            || type.kind() == ColumnType.Kind.TIMESTAMP
            || type.kind() == ColumnType.Kind.INSTANT;
    if (time && value == ColumnType.INFINITY) {
      return "infinity";
    }
    if (time && value == ColumnType.MINUS_INFINITY) {
      return "-infinity";
    }
    ChronoUnit unit = type.nanoseconds() ? ChronoUnit.NANOS : ChronoUnit.MICROS;
    switch (type.kind()) {
      case DATE:
        return LocalDate.ofEpochDay(value).toString();
      case TIME:
        return LocalTime.ofNanoOfDay(value * 1000).toString();
      case TIMESTAMP:
        return LocalDateTime.of(1970, 1, 1, 0, 0).plus(value, unit).toString();
      case INSTANT:
        return Instant.EPOCH.plus(value, unit).toString();
      default:
        return value;
    }
  }
}
