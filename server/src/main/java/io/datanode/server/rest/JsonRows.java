package io.datanode.server.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.node.Dtype;
import io.datanode.server.http.HttpError;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.List;

/**
 * {@code {"columns": […], "rows": [[…], …], "row_count": n, "truncated": false}}. A row is an
 * array, because labels of SQL columns need not be unique. Without {@code row_count} it is
 * incomplete.
 */
final class JsonRows implements RowsWriter {
  /** Makes JSON with all digits of numbers, and no exponents in decimals. */
  static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          // When bytes are sent is for the stream below to decide.
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private final JsonGenerator out;
  private CellWriter[] cells = {};

  JsonRows(OutputStream out) throws IOException {
    this.out = JSON.createGenerator(out);
  }

  @Override
  public void begin(List<ResultColumn> columns, ZoneId zone) throws IOException {
    cells = new CellWriter[columns.size()];
    out.writeStartObject();
    out.writeArrayFieldStart("columns");
    for (int i = 0; i < cells.length; i++) {
      ResultColumn column = columns.get(i);
      cells[i] = CellWriter.of(column.type(), zone);
      out.writeStartObject();
      out.writeStringField("name", column.label());
      out.writeStringField("type", column.type().toString());
      out.writeStringField("dtype", Dtype.token(column.type()));
      out.writeBooleanField("nullable", column.nullable());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("rows");
    out.flush();
  }

  @Override
  public void rows(ColumnBatch batch) throws IOException {
    for (int row = 0; row < batch.rowCount(); row++) {
      out.writeStartArray();
      for (int i = 0; i < cells.length; i++) {
        cells[i].write(out, batch.column(i), row);
      }
      out.writeEndArray();
    }
    out.flush();
  }

  @Override
  public void end(long rows, boolean truncated) throws IOException {
    out.writeEndArray();
    out.writeNumberField("row_count", rows);
    out.writeBooleanField("truncated", truncated);
    out.writeEndObject();
    out.writeRaw('\n');
    out.close();
  }

  @Override
  public void fail(HttpError error) throws IOException {
    fail(out, error);
  }

  /** Ends an object whose rows are incomplete. */
  static void fail(JsonGenerator out, HttpError error) throws IOException {
    // A value that could not be written leaves arrays and objects open.
    while (!out.getOutputContext().getParent().inRoot()) {
      if (out.getOutputContext().inArray()) {
        out.writeEndArray();
      } else {
        out.writeEndObject();
      }
    }
    out.writeFieldName("error");
    out.writeRawValue(error.json().toString());
    out.writeEndObject();
    out.writeRaw('\n');
    out.close();
  }
}
