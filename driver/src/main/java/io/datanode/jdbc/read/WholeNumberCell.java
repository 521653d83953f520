package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;

/** TINYINT to BIGINT. */
final class WholeNumberCell extends NumberCell {
  private final boolean big;
  private long[] values;

  WholeNumberCell(ResultColumn column) {
    super(column);
    big = column.type().kind() == Kind.BIGINT;
  }

  @Override
  public void load(ColumnVector next) {
    super.load(next);
    values = ((LongVector) next).values();
  }

  @Override
  public long[] longs() {
    return values;
  }

  // Not a conditional expression: it would make every Integer a Long.
  @Override
  public Object object(int row) {
    if (big) {
      return values[row];
    }
    return (int) values[row];
  }

  @Override
  public String text(int row) {
    return Long.toString(values[row]);
  }

  @Override
  public long longValue(int row) {
    return values[row];
  }

  @Override
  public double doubleValue(int row) {
    return values[row];
  }

  @Override
  public BigDecimal decimal(int row) {
    return BigDecimal.valueOf(values[row]);
  }
}
