package io.datanode.server.rest;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.http.HttpError;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.List;

/**
 * Rows as a JSON array of objects and nothing around it, as the reference has last observations.
 */
final class ListRows implements RowsWriter {
  private final JsonText out;
  private final RowObjects rows;

  ListRows(OutputStream out) {
    this.out = new JsonText(out);
    this.rows = new RowObjects(this.out);
  }

  @Override
  public void begin(List<ResultColumn> columns, ZoneId zone) throws IOException {
    rows.begin(columns, zone);
    out.put('[');
    out.flush();
  }

  @Override
  public void rows(ColumnBatch batch) throws IOException {
    rows.write(batch);
  }

  @Override
  public void end(long count, boolean truncated) throws IOException {
    out.put("]\n");
    out.flush();
  }

  @Override
  public void fail(HttpError error) {
    // An array has no place for it; it stays open and the connection breaks.
  }
}
