package io.datanode.server.cli;

import java.io.PrintWriter;

/** What rows are printed as. */
enum OutputFormat {
  TABLE,
  CSV,
  JSON;

  /**
   * What prints rows so.
   *
   * @param nullText what a table shows for NULL
   */
  RowSink sink(PrintWriter out, Terminal terminal, String nullText) {
    switch (this) {
      case CSV:
        return new CsvSink(out);
      case JSON:
        return new JsonSink(out);
      default:
        return new TableSink(out, terminal, nullText);
    }
  }
}
