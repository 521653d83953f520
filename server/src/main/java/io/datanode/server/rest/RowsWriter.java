package io.datanode.server.rest;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.http.HttpError;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;

/**
 * Writes rows in one format. {@link #begin} comes first, {@link #end} or {@link #fail} last; what
 * is written is handed to the stream below at the end of each call.
 */
interface RowsWriter {
  /**
   * Writes what comes before the rows.
   *
   * @param columns none for a statement without rows, such as SET
   * @param zone in which instants are shown
   */
  void begin(List<ResultColumn> columns, ZoneId zone) throws IOException;

  /** Writes the rows of a batch. */
  void rows(ColumnBatch batch) throws IOException;

  /**
   * Writes what comes after the last row, without which the whole is incomplete.
   *
   * @param rows how many there were
   * @param truncated true if there are more than were asked for
   */
  void end(long rows, boolean truncated) throws IOException;

  /** Writes why rows are missing, where the format has a place for it; the connection breaks. */
  void fail(HttpError error) throws IOException;
}
