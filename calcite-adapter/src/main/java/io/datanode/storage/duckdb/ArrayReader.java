package io.datanode.storage.duckdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
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
import java.util.Base64;
import org.duckdb.DuckDBReadableVector;

/**
 * Reads arrays, which the statement gives as JSON whose elements are strings, because the chunk
 * interface of DuckDB's driver does not read lists.
 */
final class ArrayReader implements ColumnReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final ColumnType type;
  private final ColumnReader reader = new ColumnReaders.TextReader().mapped(this::append);
  private int elements;

  ArrayReader(ColumnType type) {
    this.type = type;
  }

  @Override
  public void read(DuckDBReadableVector source, int rows, ColumnVector target) {
    elements = 0;
    ends = new int[rows];
    reader.read(source, rows, target);
    ArrayVector arrays = (ArrayVector) target;
    int end = 0;
    for (int row = 0; row < rows; row++) {
      end = target.isNull(row) ? end : ends[row];
      arrays.setEnd(row, end);
    }
  }

  private int[] ends = new int[0];

  private void append(String json, int row, ColumnVector target) {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      elements =
          appendElements(parser, type.element(), ((ArrayVector) target).elements(), elements);
      ends[row] = elements;
    } catch (IOException e) {
      throw new DataNodeException(SqlState.INTERNAL_ERROR, "Array is not readable: " + json, e);
    }
  }

  /** Appends the elements of the array that the parser stands at; gives the new count. */
  private static int appendElements(
      JsonParser parser, ColumnType type, ColumnVector target, int start) throws IOException {
    int count = start;
    int inner = 0;
    if (target instanceof ArrayVector arrays && count > 0) {
      inner = arrays.end(count - 1);
    }
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      target.ensureCapacity(count + 1);
      if (token == JsonToken.VALUE_NULL) {
        target.setNull(count);
      } else if (target instanceof ArrayVector arrays) {
        inner = appendElements(parser, type.element(), arrays.elements(), inner);
      } else {
        set(target, count, parser.getText(), type);
      }
      if (target instanceof ArrayVector arrays) {
        arrays.setEnd(count, inner);
      }
      count++;
    }
    return count;
  }

  private static void set(ColumnVector target, int row, String text, ColumnType type) {
    if (target instanceof LongVector longs) {
      longs.set(row, number(text, type));
    } else if (target instanceof DoubleVector doubles) {
      doubles.set(row, floating(text));
    } else if (target instanceof DecimalVector decimals) {
      decimals.set(row, new BigDecimal(text).setScale(type.scale()));
    } else if (target instanceof BinaryVector bytes) {
      bytes.set(row, Base64.getDecoder().decode(text));
    } else {
      ((TextVector) target).set(row, text);
    }
  }

  private static long number(String text, ColumnType type) {
    switch (text) {
      case "infinity":
        return ColumnType.INFINITY;
      case "-infinity":
        return ColumnType.MINUS_INFINITY;
      case "true":
        return 1;
      case "false":
        return 0;
      default:
        return type.kind() == ColumnType.Kind.DECIMAL
            ? ColumnReaders.unscaled(text, type)
            : Long.parseLong(text);
    }
  }

  private static double floating(String text) {
    switch (text) {
      case "inf":
        return Double.POSITIVE_INFINITY;
      case "-inf":
        return Double.NEGATIVE_INFINITY;
      case "nan":
      case "-nan":
        return Double.NaN;
      default:
        return Double.parseDouble(text);
    }
  }
}
