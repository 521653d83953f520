package io.datanode.server.rest;

import com.google.flatbuffers.FlatBufferBuilder;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.http.HttpError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.ZoneId;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;

/**
 * The Arrow IPC streaming format, a record batch for each batch of rows.
 *
 * <p>Of Arrow's libraries only the generated classes of the format are used. Its vectors live in
 * memory outside the heap that must be counted and freed, and need the flag {@code
 * --add-opens=java.base/java.nio=ALL-UNNAMED}; our columns are Arrow's buffers already but for
 * their order of bytes.
 *
 * @see "Arrow Columnar Format 1.5, section Serialization and Interprocess Communication"
 */
final class ArrowRows implements RowsWriter {
  private static final int CONTINUATION = 0xFFFFFFFF;

  private final OutputStream out;
  private final ArrowBody body = new ArrowBody();
  private final FlatBufferBuilder message = new FlatBufferBuilder(1024);
  private List<ColumnType> types = List.of();

  ArrowRows(OutputStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> columns, ZoneId zone) throws IOException {
    types = columns.stream().map(ResultColumn::type).toList();
    message.clear();
    int schema = ArrowSchema.write(message, columns, zone);
    write(MessageHeader.Schema, schema);
  }

  @Override
  public void rows(ColumnBatch batch) throws IOException {
    body.clear();
    for (int i = 0; i < types.size(); i++) {
      body.add(types.get(i), batch.column(i), batch.rowCount());
    }
    message.clear();
    int description = body.describe(message, batch.rowCount());
    write(MessageHeader.RecordBatch, description);
  }

  private void write(byte headerType, int header) throws IOException {
    message.finish(
        Message.createMessage(message, MetadataVersion.V5, headerType, header, body.size(), 0));
    ByteBuffer metadata = message.dataBuffer();
    int padded = metadata.remaining() + 7 & ~7;
    out.write(word(CONTINUATION));
    out.write(word(padded));
    out.write(metadata.array(), metadata.arrayOffset() + metadata.position(), metadata.remaining());
    out.write(new byte[padded - metadata.remaining()]);
    body.writeTo(out);
  }

  @Override
  public void end(long rows, boolean truncated) throws IOException {
    out.write(word(CONTINUATION));
    out.write(word(0));
  }

  @Override
  public void fail(HttpError error) {
    // Arrow has no place for it; the stream lacks its end and the connection breaks.
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
