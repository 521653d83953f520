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
  private final RowObjects rows;

  ListRows(OutputStream out) throws IOException {
    rows = new RowObjects(JsonRows.JSON.createGenerator(out));
  }

  @Override
  public void begin(List<ResultColumn> columns, ZoneId zone) throws IOException {
    rows.begin(columns, zone);
    rows.out().writeStartArray();
    rows.out().flush();
  }

  @Override
  public void rows(ColumnBatch batch) throws IOException {
    rows.write(batch);
  }

  @Override
  public void end(long count, boolean truncated) throws IOException {
    rows.out().writeEndArray();
    rows.out().writeRaw('\n');
    rows.out().close();
  }

  @Override
  public void fail(HttpError error) {
    // An array has no place for it; it stays open and the connection breaks.
  }
}
