package io.datanode.server.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.ResultColumn;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;

/** Writes rows as JSON objects, for results whose labels are unique. */
final class RowObjects {
  private final JsonGenerator out;
  private CellWriter[] cells = {};
  private SerializableString[] labels = {};

  RowObjects(JsonGenerator out) {
    this.out = out;
  }

  JsonGenerator out() {
    return out;
  }

  void begin(List<ResultColumn> columns, ZoneId zone) {
    cells =
        columns.stream()
            .map(column -> CellWriter.of(column.type(), zone))
            .toArray(CellWriter[]::new);
    labels =
        columns.stream()
            .map(column -> new SerializedString(column.label()))
            .toArray(SerializableString[]::new);
  }

  void write(ColumnBatch batch) throws IOException {
    for (int row = 0; row < batch.rowCount(); row++) {
      out.writeStartObject();
      for (int i = 0; i < cells.length; i++) {
        out.writeFieldName(labels[i]);
        cells[i].write(out, batch.column(i), row);
      }
      out.writeEndObject();
    }
    out.flush();
  }
}
