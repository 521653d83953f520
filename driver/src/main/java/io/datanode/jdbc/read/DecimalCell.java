package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.SQLException;

/** DECIMAL of any size. */
final class DecimalCell extends NumberCell {
  private final int scale;

  DecimalCell(ResultColumn column) {
    super(column);
    scale = column.type().scale();
  }

  @Override
  public Object object(int row) {
    return decimal(row);
  }

  @Override
  public String text(int row) {
    return decimal(row).toPlainString();
  }

  @Override
  public long longValue(int row) throws SQLException {
    BigInteger whole = decimal(row).setScale(0, RoundingMode.DOWN).unscaledValue();
    if (whole.bitLength() > 63) {
      throw outOfRange(text(row), "long");
    }
    return whole.longValue();
  }

  @Override
  public double doubleValue(int row) {
    return decimal(row).doubleValue();
  }

  @Override
  public BigDecimal decimal(int row) {
    return vector instanceof LongVector
        ? BigDecimal.valueOf(((LongVector) vector).get(row), scale)
        : ((DecimalVector) vector).get(row);
  }
}
