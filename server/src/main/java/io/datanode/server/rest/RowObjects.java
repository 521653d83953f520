package io.datanode.server.rest;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.ResultColumn;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;

/** Writes rows as JSON objects with commas between them, for results whose labels are unique. */
final class RowObjects {
  private final JsonText out;
  private CellWriter[] cells = {};
  private byte[][] names = {};
  private boolean first = true;

  RowObjects(JsonText out) {
    this.out = out;
  }

  void begin(List<ResultColumn> columns, ZoneId zone) {
    cells = CellWriter.of(columns, zone);
    names = new byte[cells.length][];
    for (int i = 0; i < cells.length; i++) {
      char before = i == 0 ? '{' : ',';
      String label = columns.get(i).label();
      names[i] =
          JsonText.piece(
              piece -> {
                piece.put(before);
                piece.string(label);
                piece.put(':');
              });
    }
  }

  void write(ColumnBatch batch) throws IOException {
    for (int row = 0; row < batch.rowCount(); row++) {
      if (!first) {
        out.put(',');
      }
      first = false;
      for (int i = 0; i < cells.length; i++) {
        out.put(names[i]);
        cells[i].write(out, batch.column(i), row);
      }
      out.put('}');
      out.endRow();
    }
    out.flush();
  }
}
