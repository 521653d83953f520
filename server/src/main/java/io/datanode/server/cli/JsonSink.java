package io.datanode.server.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.PrintWriter;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * Rows as one JSON array of objects, an object per line. Numbers keep all their digits; what JSON
 * has no number for, such as NaN, is text, as are dates and times.
 */
final class JsonSink implements RowSink {
  private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";

  private final PrintWriter out;
  private String[] keys = {};
  private int[] types = {};
  private boolean any;

  JsonSink(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(ResultSetMetaData metadata) throws SQLException {
    keys = new String[metadata.getColumnCount()];
    types = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = text(metadata.getColumnLabel(i + 1)) + ": ";
      types[i] = metadata.getColumnType(i + 1);
    }
    out.write("[");
  }

  @Override
  public void row(ResultSet row) throws SQLException {
    StringBuilder line = new StringBuilder(any ? ",\n {" : "\n {");
    any = true;
    for (int i = 0; i < keys.length; i++) {
      line.append(i == 0 ? "" : ", ").append(keys[i]).append(value(row, i));
    }
    out.write(line.append('}').toString());
  }

  private String value(ResultSet row, int i) throws SQLException {
    switch (types[i]) {
      case Types.ARRAY:
        Array array = row.getArray(i + 1);
        return array == null ? "null" : elements((Object[]) array.getArray());
      case Types.BOOLEAN:
        boolean value = row.getBoolean(i + 1);
        return row.wasNull() ? "null" : Boolean.toString(value);
      case Types.TINYINT:
      case Types.SMALLINT:
      case Types.INTEGER:
      case Types.BIGINT:
      case Types.REAL:
      case Types.FLOAT:
      case Types.DOUBLE:
      case Types.DECIMAL:
      case Types.NUMERIC:
        return number(row.getString(i + 1));
      default:
        String text = row.getString(i + 1);
        return text == null ? "null" : text(text);
    }
  }

  private static String elements(@Nullable Object[] elements) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < elements.length; i++) {
      Object element = elements[i];
      text.append(i == 0 ? "" : ", ");
      if (element instanceof Number) {
        text.append(number(element.toString()));
      } else if (element instanceof Object[] nested) {
        text.append(elements(nested));
      } else if (element == null || element instanceof Boolean) {
        text.append(element);
      } else {
        text.append(text(element.toString()));
      }
    }
    return text.append(']').toString();
  }

  private static String number(@Nullable String text) {
    return text == null ? "null" : text.matches(NUMBER) ? text : text(text);
  }

  private static String text(String text) {
    return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }

  @Override
  public void end() {
    out.write(any ? "\n]\n" : "]\n");
    out.flush();
  }
}
