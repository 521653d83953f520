package io.datanode.server.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.ZoneId;

/**
 * Writes values of one type as JSON. Numbers keep all their digits; what JSON has no number for is
 * text: NaN, the infinities, dates, times, bytes.
 */
@FunctionalInterface
interface CellWriter {
  /** Writes the value at a row, which is not NULL. */
  void writeValue(JsonGenerator out, ColumnVector vector, int row) throws IOException;

  /** Writes the value at a row. */
  default void write(JsonGenerator out, ColumnVector vector, int row) throws IOException {
    if (vector.isNull(row)) {
      out.writeNull();
    } else {
      writeValue(out, vector, row);
    }
  }

  /**
   * A writer of values of a type, for one thread.
   *
   * @param zone in which instants are shown
   */
  static CellWriter of(ColumnType type, ZoneId zone) {
    return switch (type.kind()) {
      case BOOLEAN -> (out, vector, row) -> out.writeBoolean(longAt(vector, row) != 0);
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          (out, vector, row) -> out.writeNumber(longAt(vector, row));
      case REAL -> CellWriter::writeReal;
      case DOUBLE -> doubles();
      case DECIMAL ->
          type.precision() <= 18
              ? (out, vector, row) ->
                  out.writeNumber(BigDecimal.valueOf(longAt(vector, row), type.scale()))
              : (out, vector, row) -> out.writeNumber(((DecimalVector) vector).get(row));
      case VARCHAR, UUID, JSON, OTHER -> new Texts();
      case VARBINARY -> (out, vector, row) -> out.writeBinary(((BinaryVector) vector).get(row));
      case DATE -> (out, vector, row) -> out.writeString(IsoText.date(longAt(vector, row)));
      case TIME -> (out, vector, row) -> out.writeString(IsoText.time(longAt(vector, row)));
      case TIMESTAMP -> times(IsoTimes.timestamps(type));
      case INSTANT -> times(IsoTimes.instants(type, zone));
      case YEAR_MONTH -> (out, vector, row) -> out.writeString(IsoText.months(longAt(vector, row)));
      case DAY_TIME ->
          (out, vector, row) -> out.writeString(IsoText.microseconds(longAt(vector, row)));
      case ARRAY -> elements(of(type.element(), zone));
    };
  }

  private static CellWriter elements(CellWriter element) {
    return (out, vector, row) -> {
      ArrayVector arrays = (ArrayVector) vector;
      out.writeStartArray();
      for (int i = arrays.start(row); i < arrays.end(row); i++) {
        element.write(out, arrays.elements(), i);
      }
      out.writeEndArray();
    };
  }

  private static long longAt(ColumnVector vector, int row) {
    return ((LongVector) vector).get(row);
  }

  private static void writeReal(JsonGenerator out, ColumnVector vector, int row)
      throws IOException {
    float value = (float) ((DoubleVector) vector).get(row);
    if (Float.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeString(Float.toString(value));
    }
  }

  private static CellWriter doubles() {
    ShortDoubles texts = new ShortDoubles();
    return (out, vector, row) -> {
      double value = ((DoubleVector) vector).get(row);
      int length = texts.write(value);
      if (length > 0) {
        out.writeNumber(texts.chars(), texts.start(), length);
      } else if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeString(Double.toString(value));
      }
    };
  }

  /**
   * Writes text. What repeats from row to row, as the identifier of an asset does, is escaped and
   * encoded once.
   */
  final class Texts implements CellWriter {
    private String last = "";
    private SerializableString encoded = new SerializedString(last);
    private boolean repeats;

    private Texts() {}

    @Override
    public void writeValue(JsonGenerator out, ColumnVector vector, int row) throws IOException {
      String text = ((TextVector) vector).get(row);
      if (!text.equals(last)) {
        last = text;
        repeats = false;
        out.writeString(text);
        return;
      }
      if (!repeats) {
        repeats = true;
        encoded = new SerializedString(text);
      }
      out.writeString(encoded);
    }
  }

  private static CellWriter times(IsoTimes texts) {
    return (out, vector, row) -> {
      int length = texts.write(longAt(vector, row));
      out.writeString(texts.chars(), 0, length);
    };
  }
}
