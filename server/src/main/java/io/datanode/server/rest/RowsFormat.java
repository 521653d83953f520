package io.datanode.server.rest;

import java.io.IOException;
import java.io.OutputStream;

/** The formats of rows, the one preferred by the server first. */
enum RowsFormat {
  JSON("application/json", "application/json", JsonRows::new),
  CSV("text/csv", "text/csv; charset=utf-8; header=present", CsvRows::new),
  ARROW(
      "application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream", ArrowRows::new);

  private final String mediaType;
  private final String contentType;
  private final Writers writers;

  RowsFormat(String mediaType, String contentType, Writers writers) {
    this.mediaType = mediaType;
    this.contentType = contentType;
    this.writers = writers;
  }

  @FunctionalInterface
  private interface Writers {
    RowsWriter to(OutputStream out) throws IOException;
  }

  /** A writer of rows of any statement. */
  RowsWriter writer(OutputStream out) throws IOException {
    return writers.to(out);
  }

  /** Its name in Accept headers. */
  String mediaType() {
    return mediaType;
  }

  /** Its name in responses, with parameters. */
  String contentType() {
    return contentType;
  }
}
