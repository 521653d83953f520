package io.datanode.server.cli;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows as a table for people. */
final class TableSink implements RowSink {
  private static final Set<Integer> NUMBERS =
      Set.of(
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE,
          Types.DECIMAL,
          Types.NUMERIC);

  private final TablePrinter table;
  private int columns;

  TableSink(PrintWriter out, Terminal terminal, String nullText) {
    table = new TablePrinter(out, terminal, nullText);
  }

  @Override
  public void begin(ResultSetMetaData metadata) throws SQLException {
    columns = metadata.getColumnCount();
    List<String> labels = new ArrayList<>();
    List<Boolean> numbers = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      labels.add(metadata.getColumnLabel(i));
      numbers.add(NUMBERS.contains(metadata.getColumnType(i)));
    }
    table.begin(labels, numbers);
  }

  @Override
  public void row(ResultSet row) throws SQLException {
    List<@Nullable String> values = new ArrayList<>(columns);
    for (int i = 1; i <= columns; i++) {
      values.add(row.getString(i));
    }
    table.row(values);
  }

  @Override
  public void end() {
    table.end();
  }
}
