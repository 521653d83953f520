package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.ResultColumn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.UUID;

/** UUID, held as text. */
final class UuidCell extends Cell {
  private String[] values;

  UuidCell(ResultColumn column) {
    super(column);
  }

  static UUID parse(Cell cell, String text) throws SQLException {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw cell.cannotRead(text, "UUID");
    }
  }

  @Override
  public void load(ColumnVector next) {
    super.load(next);
    values = ((TextVector) next).values();
  }

  @Override
  public String[] texts() {
    return values;
  }

  @Override
  public Object object(int row) throws SQLException {
    return uuid(row);
  }

  @Override
  public String text(int row) {
    return values[row];
  }

  @Override
  public UUID uuid(int row) throws SQLException {
    return parse(this, values[row]);
  }

  @Override
  public byte[] bytes(int row) throws SQLException {
    UUID value = uuid(row);
    return ByteBuffer.allocate(16)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits())
        .array();
  }
}
