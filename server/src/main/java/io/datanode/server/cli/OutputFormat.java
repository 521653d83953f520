package io.datanode.server.cli;

import java.io.PrintWriter;

/** How {@code query} prints rows. */
enum OutputFormat {
  TABLE,
  CSV,
  JSON;

  RowSink sink(PrintWriter out, Terminal terminal) {
    switch (this) {
      case CSV:
        return new CsvSink(out);
      case JSON:
        return new JsonSink(out);
      default:
        return new TableSink(out, terminal);
    }
  }
}
