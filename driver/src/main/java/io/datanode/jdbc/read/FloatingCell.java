package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;
import java.sql.SQLException;

/** REAL and DOUBLE. A REAL prints and becomes a BigDecimal by the digits of its float. */
final class FloatingCell extends NumberCell {
  private final boolean real;
  private double[] values;

  FloatingCell(ResultColumn column) {
    super(column);
    real = column.type().kind() == Kind.REAL;
  }

  @Override
  public void load(ColumnVector next) {
    super.load(next);
    values = ((DoubleVector) next).values();
  }

  @Override
  public double[] doubles() {
    return values;
  }

  @Override
  public Object object(int row) {
    if (real) {
      return (float) values[row];
    }
    return values[row];
  }

  @Override
  public String text(int row) {
    return real ? Float.toString((float) values[row]) : Double.toString(values[row]);
  }

  @Override
  public long longValue(int row) throws SQLException {
    double value = values[row];
    // 2^63 is the first double above the range; -2^63 is in it.
    if (!(value >= -0x1p63 && value < 0x1p63)) {
      throw outOfRange(text(row), "long");
    }
    return (long) value;
  }

  @Override
  public double doubleValue(int row) {
    return values[row];
  }

  @Override
  public BigDecimal decimal(int row) throws SQLException {
    if (Double.isNaN(values[row]) || Double.isInfinite(values[row])) {
      throw outOfRange(text(row), "BigDecimal");
    }
    return new BigDecimal(text(row));
  }
}
