package io.datanode.server.rest;

import com.fasterxml.jackson.core.io.NumberOutput;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.http.HttpError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV after RFC 4180 with a line of labels. NULL is an empty field, an empty string is {@code ""};
 * other values are the text they have in JSON, and an array is its JSON.
 */
final class CsvRows implements RowsWriter {
  private final CsvWriter out;
  private Text[] texts = {};

  CsvRows(OutputStream out) {
    this.out =
        CsvWriter.builder()
            .quoteStrategy(QuoteStrategies.EMPTY)
            .lineDelimiter(LineDelimiter.CRLF)
            .build(out);
  }

  /** The text of values of one type. */
  @FunctionalInterface
  private interface Text {
    String of(ColumnVector vector, int row) throws IOException;
  }

  @Override
  public void begin(List<ResultColumn> columns, ZoneId zone) throws IOException {
    if (columns.isEmpty()) {
      return;
    }
    texts = columns.stream().map(column -> text(column.type(), zone)).toArray(Text[]::new);
    write(columns.stream().map(ResultColumn::label).toArray(String[]::new));
    out.flush();
  }

  private static Text text(ColumnType type, ZoneId zone) {
    return switch (type.kind()) {
      case BOOLEAN -> (vector, row) -> Boolean.toString(longAt(vector, row) != 0);
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          (vector, row) -> Long.toString(longAt(vector, row));
      case REAL ->
          (vector, row) -> NumberOutput.toString((float) ((DoubleVector) vector).get(row), true);
      case DOUBLE -> (vector, row) -> NumberOutput.toString(((DoubleVector) vector).get(row), true);
      case DECIMAL ->
          type.precision() <= 18
              ? (vector, row) ->
                  BigDecimal.valueOf(longAt(vector, row), type.scale()).toPlainString()
              : (vector, row) -> ((DecimalVector) vector).get(row).toPlainString();
      case VARCHAR, UUID, JSON, OTHER -> (vector, row) -> ((TextVector) vector).get(row);
      case VARBINARY ->
          (vector, row) -> Base64.getEncoder().encodeToString(((BinaryVector) vector).get(row));
      case DATE -> (vector, row) -> IsoText.date(longAt(vector, row));
      case TIME -> (vector, row) -> IsoText.time(longAt(vector, row));
      case TIMESTAMP -> times(IsoTimes.timestamps(type));
      case INSTANT -> times(IsoTimes.instants(type, zone));
      case YEAR_MONTH -> (vector, row) -> IsoText.months(longAt(vector, row));
      case DAY_TIME -> (vector, row) -> IsoText.microseconds(longAt(vector, row));
      case ARRAY -> json(CellWriter.of(type, zone));
    };
  }

  private static long longAt(ColumnVector vector, int row) {
    return ((LongVector) vector).get(row);
  }

  private static Text times(IsoTimes texts) {
    return (vector, row) -> texts.text(longAt(vector, row));
  }

  private static Text json(CellWriter writer) {
    return (vector, row) ->
        new String(
            JsonText.piece(array -> writer.writeValue(array, vector, row)), StandardCharsets.UTF_8);
  }

  @Override
  public void rows(ColumnBatch batch) throws IOException {
    @Nullable String[] record = new String[texts.length];
    for (int row = 0; row < batch.rowCount(); row++) {
      for (int i = 0; i < texts.length; i++) {
        ColumnVector vector = batch.column(i);
        record[i] = vector.isNull(row) ? null : texts[i].of(vector, row);
      }
      write(record);
    }
    out.flush();
  }

  private void write(@Nullable String[] record) throws IOException {
    try {
      out.writeRecord(record);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void end(long rows, boolean truncated) throws IOException {
    out.flush();
  }

  @Override
  public void fail(HttpError error) {
    // CSV has no place for it; that the connection breaks says that rows are missing.
  }
}
