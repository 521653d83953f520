package io.datanode.server.cli;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/**
 * Rows as CSV after RFC 4180, with a line of labels. NULL is an empty field; an empty string is
 * {@code ""}.
 */
final class CsvSink implements RowSink {
  private final PrintWriter out;
  private int columns;

  CsvSink(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(ResultSetMetaData metadata) throws SQLException {
    columns = metadata.getColumnCount();
    StringBuilder line = new StringBuilder();
    for (int i = 1; i <= columns; i++) {
      line.append(i == 1 ? "" : ",").append(field(metadata.getColumnLabel(i)));
    }
    line(line);
  }

  @Override
  public void row(ResultSet row) throws SQLException {
    StringBuilder line = new StringBuilder();
    for (int i = 1; i <= columns; i++) {
      String value = row.getString(i);
      line.append(i == 1 ? "" : ",").append(value == null ? "" : field(value));
    }
    line(line);
  }

  private void line(StringBuilder line) {
    out.write(line.append("\r\n").toString());
  }

  private static String field(String value) {
    boolean plain = !value.isEmpty();
    for (int i = 0; plain && i < value.length(); i++) {
      char c = value.charAt(i);
      plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    return plain ? value : "\"" + value.replace("\"", "\"\"") + "\"";
  }

  @Override
  public void end() {
    out.flush();
  }
}
