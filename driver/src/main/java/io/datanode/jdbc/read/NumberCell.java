package io.datanode.jdbc.read;

import io.datanode.jdbc.session.ResultColumn;
import java.sql.SQLException;

/** What all numbers have in common. */
abstract class NumberCell extends Cell {
  NumberCell(ResultColumn column) {
    super(column);
  }

  /** 1 is true and 0 is false; any other number is neither. */
  @Override
  public boolean booleanValue(int row) throws SQLException {
    double value = doubleValue(row);
    if (value == 1) {
      return true;
    }
    if (value == 0) {
      return false;
    }
    throw cannotRead(text(row), "boolean; expected 0 or 1");
  }
}
