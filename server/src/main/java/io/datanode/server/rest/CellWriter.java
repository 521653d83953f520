package io.datanode.server.rest;

import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;

/**
 * Writes values of one type as JSON. Numbers keep all their digits; what JSON has no number for is
 * text: NaN, the infinities, dates, times, bytes.
 */
@FunctionalInterface
interface CellWriter {
  /** Writes the value at a row, which is not NULL. */
  void writeValue(JsonText out, ColumnVector vector, int row);

  /** Writes the value at a row. */
  default void write(JsonText out, ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      out.nothing();
    } else {
      writeValue(out, vector, row);
    }
  }

  /**
   * A writer for each column of a result, for one thread.
   *
   * @param zone in which instants are shown
   */
  static CellWriter[] of(List<ResultColumn> columns, ZoneId zone) {
    return columns.stream().map(column -> of(column.type(), zone)).toArray(CellWriter[]::new);
  }

  /**
   * A writer of values of a type, for one thread.
   *
   * @param zone in which instants are shown
   */
  static CellWriter of(ColumnType type, ZoneId zone) {
    return switch (type.kind()) {
      case BOOLEAN -> (out, vector, row) -> out.truth(longAt(vector, row) != 0);
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          (out, vector, row) -> out.number(longAt(vector, row));
      case REAL -> (out, vector, row) -> out.number((float) ((DoubleVector) vector).get(row));
      case DOUBLE -> (out, vector, row) -> out.number(((DoubleVector) vector).get(row));
      case DECIMAL ->
          type.precision() <= 18
              ? (out, vector, row) ->
                  out.number(BigDecimal.valueOf(longAt(vector, row), type.scale()))
              : (out, vector, row) -> out.number(((DecimalVector) vector).get(row));
      case VARCHAR, UUID, JSON, OTHER ->
          (out, vector, row) -> out.string(((TextVector) vector).get(row));
      case VARBINARY ->
          (out, vector, row) ->
              out.string(Base64.getEncoder().encodeToString(((BinaryVector) vector).get(row)));
      case DATE -> (out, vector, row) -> out.string(IsoText.date(longAt(vector, row)));
      case TIME -> (out, vector, row) -> out.string(IsoText.time(longAt(vector, row)));
      case TIMESTAMP -> times(IsoTimes.timestamps(type));
      case INSTANT -> times(IsoTimes.instants(type, zone));
      case YEAR_MONTH -> (out, vector, row) -> out.string(IsoText.months(longAt(vector, row)));
      case DAY_TIME -> (out, vector, row) -> out.string(IsoText.microseconds(longAt(vector, row)));
      case ARRAY -> elements(of(type.element(), zone));
    };
  }

  private static CellWriter elements(CellWriter element) {
    return (out, vector, row) -> {
      ArrayVector arrays = (ArrayVector) vector;
      out.put('[');
      for (int i = arrays.start(row); i < arrays.end(row); i++) {
        if (i > arrays.start(row)) {
          out.put(',');
        }
        element.write(out, arrays.elements(), i);
      }
      out.put(']');
    };
  }

  private static long longAt(ColumnVector vector, int row) {
    return ((LongVector) vector).get(row);
  }

  private static CellWriter times(IsoTimes texts) {
    return (out, vector, row) -> out.time(texts, longAt(vector, row));
  }
}
