package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.session.ResultColumn;

/** VARBINARY; as text, hexadecimal digits after {@code \x}, as PostgreSQL writes it. */
final class BinaryCell extends Cell {
  BinaryCell(ResultColumn column) {
    super(column);
  }

  @Override
  public Object object(int row) {
    return bytes(row);
  }

  @Override
  public String text(int row) {
    byte[] value = ((BinaryVector) vector).get(row);
    StringBuilder text = new StringBuilder(2 + 2 * value.length).append("\\x");
    for (byte b : value) {
      text.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
    }
    return text.toString();
  }

  @Override
  public byte[] bytes(int row) {
    return ((BinaryVector) vector).get(row).clone();
  }
}
