package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;

/** BOOLEAN. As a number, true is 1. */
final class BooleanCell extends Cell {
  BooleanCell(ResultColumn column) {
    super(column);
  }

  @Override
  public Object object(int row) {
    return booleanValue(row);
  }

  @Override
  public String text(int row) {
    return Boolean.toString(booleanValue(row));
  }

  @Override
  public boolean booleanValue(int row) {
    return longValue(row) != 0;
  }

  @Override
  public long longValue(int row) {
    return ((LongVector) vector).get(row);
  }

  @Override
  public double doubleValue(int row) {
    return longValue(row);
  }

  @Override
  public BigDecimal decimal(int row) {
    return BigDecimal.valueOf(longValue(row));
  }
}
