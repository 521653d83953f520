package io.datanode.server.cli;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import picocli.CommandLine.Option;

/** How rows are printed. */
final class PrintOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json (${DEFAULT-VALUE}).")
  OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--null",
      paramLabel = "TEXT",
      defaultValue = "NULL",
      description = "What a table shows for NULL (${DEFAULT-VALUE}).")
  String nullText = "NULL";

  /** Prints rows while they arrive. */
  void print(ResultSet rows, PrintWriter out, Terminal terminal) throws SQLException {
    RowSink sink = format.sink(out, terminal, nullText);
    sink.begin(rows.getMetaData());
    while (rows.next()) {
      sink.row(rows);
    }
    sink.end();
  }
}
