package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.ResultColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows of a batch by some of their columns as ORDER BY does in every storage: ascending,
 * NULL last, text by code point, NaN after all other numbers.
 */
final class RowOrder {
  private final List<Key> keys;
  private final boolean complete;

  private RowOrder(List<Key> keys, boolean complete) {
    this.keys = keys;
    this.complete = complete;
  }

  private interface Values {
    int compare(ColumnVector vector, int left, int right);
  }

  private record Key(int column, Values values) {
    int compare(ColumnBatch batch, int left, int right) {
      ColumnVector vector = batch.column(column);
      if (vector.anyNull() && (vector.isNull(left) || vector.isNull(right))) {
        return Boolean.compare(vector.isNull(left), vector.isNull(right));
      }
      return values.compare(vector, left, right);
    }
  }

  /** The order by columns of a result, as far as their types can be compared here. */
  static RowOrder of(List<ResultColumn> columns, List<Integer> by) {
    List<Key> keys = new ArrayList<>();
    for (int column : by) {
      Values values = values(columns.get(column).type());
      if (values == null) {
        return new RowOrder(keys, false);
      }
      keys.add(new Key(column, values));
    }
    return new RowOrder(keys, true);
  }

  private static @Nullable Values values(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIME, TIMESTAMP, INSTANT ->
          RowOrder::longs;
      case REAL, DOUBLE -> RowOrder::doubles;
      case DECIMAL -> type.precision() <= 18 ? RowOrder::longs : RowOrder::decimals;
      case VARCHAR ->
          (vector, left, right) ->
              codePoints(((TextVector) vector).get(left), ((TextVector) vector).get(right));
      case VARBINARY, UUID, JSON, YEAR_MONTH, DAY_TIME, ARRAY, OTHER -> null;
    };
  }

  /** Less than, equal to or greater than 0; 0 may be undecided if the order is not complete. */
  int compare(ColumnBatch batch, int left, int right) {
    for (Key key : keys) {
      int compared = key.compare(batch, left, right);
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  /** True if all columns of the order are compared. */
  boolean isComplete() {
    return complete;
  }

  private static int longs(ColumnVector vector, int left, int right) {
    return Long.compare(((LongVector) vector).get(left), ((LongVector) vector).get(right));
  }

  private static int doubles(ColumnVector vector, int left, int right) {
    double a = ((DoubleVector) vector).get(left);
    double b = ((DoubleVector) vector).get(right);
    // Unlike Double.compare, which tells 0.0 from -0.0.
    return a == b ? 0 : Double.compare(a, b);
  }

  private static int decimals(ColumnVector vector, int left, int right) {
    return ((DecimalVector) vector).get(left).compareTo(((DecimalVector) vector).get(right));
  }

  /** Text sorts by code point in SQL here, by UTF-16 unit in Java. */
  static int codePoints(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        boolean pairs = Character.isSurrogate(left) != Character.isSurrogate(right);
        return pairs ? (Character.isSurrogate(left) ? 1 : -1) : Character.compare(left, right);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
