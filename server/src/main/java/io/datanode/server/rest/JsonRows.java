package io.datanode.server.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
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
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonText out;
  private CellWriter[] cells = {};
  private boolean first = true;

  JsonRows(OutputStream out) {
    this.out = new JsonText(out);
  }

  private record Column(String name, String type, String dtype, boolean nullable) {
    static Column of(ResultColumn column) {
      return new Column(
          column.label(), column.type().toString(), Dtype.token(column.type()), column.nullable());
    }
  }

  @Override
  public void begin(List<ResultColumn> columns, ZoneId zone) throws IOException {
    cells = CellWriter.of(columns, zone);
    out.put("{\"columns\":");
    out.put(MAPPER.writeValueAsBytes(columns.stream().map(Column::of).toList()));
    out.put(",\"rows\":[");
    out.flush();
  }

  @Override
  public void rows(ColumnBatch batch) throws IOException {
    for (int row = 0; row < batch.rowCount(); row++) {
      if (!first) {
        out.put(',');
      }
      first = false;
      out.put('[');
      for (int i = 0; i < cells.length; i++) {
        if (i > 0) {
          out.put(',');
        }
        cells[i].write(out, batch.column(i), row);
      }
      out.put(']');
      out.endRow();
    }
    out.flush();
  }

  @Override
  public void end(long rows, boolean truncated) throws IOException {
    out.put("],\"row_count\":");
    out.number(rows);
    out.put(",\"truncated\":");
    out.truth(truncated);
    out.put("}\n");
    out.flush();
  }

  @Override
  public void fail(HttpError error) throws IOException {
    fail(out, error);
  }

  /** Ends an object whose rows, an array at its end, are incomplete. */
  static void fail(JsonText out, HttpError error) throws IOException {
    out.dropRow();
    out.put("],\"error\":");
    out.put(MAPPER.writeValueAsBytes(error.json()));
    out.put("}\n");
    out.flush();
  }
}
