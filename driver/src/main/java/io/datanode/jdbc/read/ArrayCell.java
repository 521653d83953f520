package io.datanode.jdbc.read;

import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.Array;
import java.sql.SQLException;
import java.time.ZoneId;

/** ARRAY; as text like {@code [1.5, null]} with strings in double quotes. */
final class ArrayCell extends Cell {
  private final Cell element;

  ArrayCell(ResultColumn column, ZoneId zone) {
    super(column);
    element = Cell.of(ResultColumn.of(column.label(), column.type().element()), zone);
  }

  @Override
  public void load(ColumnVector next) {
    super.load(next);
    element.load(((ArrayVector) next).elements());
  }

  @Override
  public Object object(int row) throws SQLException {
    return array(row);
  }

  @Override
  public Array array(int row) throws SQLException {
    ArrayVector arrays = (ArrayVector) vector;
    int start = arrays.start(row);
    Object[] elements = ColumnArray.elements(column().type().element(), arrays.end(row) - start);
    for (int i = 0; i < elements.length; i++) {
      if (!element.isNull(start + i)) {
        elements[i] = element.object(start + i);
      }
    }
    return new ColumnArray(column().type().element(), elements, text(row));
  }

  @Override
  public String text(int row) throws SQLException {
    ArrayVector arrays = (ArrayVector) vector;
    StringBuilder text = new StringBuilder("[");
    for (int i = arrays.start(row); i < arrays.end(row); i++) {
      if (i > arrays.start(row)) {
        text.append(", ");
      }
      if (element.isNull(i)) {
        text.append("null");
      } else if (element instanceof TextCell) {
        appendQuoted(text, element.text(i));
      } else {
        text.append(element.text(i));
      }
    }
    return text.append(']').toString();
  }

  private static void appendQuoted(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c);
    }
    text.append('"');
  }
}
