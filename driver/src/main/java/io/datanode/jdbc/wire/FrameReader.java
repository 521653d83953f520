package io.datanode.jdbc.wire;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementShape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;

/** One frame of a response, read whole; then its content by kind. Not thread-safe. */
public final class FrameReader {
  private byte[] bytes = new byte[0];
  private int length;
  private Frame kind;
  private PackedBatches packed;

  /**
   * Reads the next frame.
   *
   * @throws EOFException if the stream ends before or within it
   * @throws SQLException 08P01 if it is no frame
   */
  public Frame read(InputStream in) throws IOException, SQLException {
    byte[] head = in.readNBytes(WireFormat.HEAD);
    if (head.length < WireFormat.HEAD) {
      throw new EOFException("The response ends where a frame should follow");
    }
    ByteReader reader = new ByteReader(head, WireFormat.HEAD);
    kind = Frame.of(reader.int8());
    length = reader.int32();
    if (kind == null || length < 0) {
      throw ByteReader.malformed("a frame of unknown kind or size");
    }
    fill(in);
    if (kind == Frame.PACKED) {
      unpack();
    }
    return kind;
  }

  private void unpack() throws SQLException {
    if (packed == null) {
      packed = new PackedBatches();
    }
    byte[] content = packed.unpack(bytes, length);
    length = packed.length();
    // What arrives next goes where the compressed bytes were.
    packed.reuse(bytes);
    bytes = content;
    kind = Frame.BATCH;
  }

  // Grows as bytes arrive, so that a wrong length cannot ask for more memory than was sent.
  private void fill(InputStream in) throws IOException {
    int filled = 0;
    while (filled < length) {
      if (filled == bytes.length) {
        int size = (int) Math.min(length, Math.max(1L << 17, 4L * filled));
        bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length, size));
      }
      int count = in.read(bytes, filled, Math.min(length, bytes.length) - filled);
      if (count < 0) {
        throw new EOFException("The response ends within a frame");
      }
      filled += count;
    }
  }

  /** The kind of the frame read last. */
  public Frame kind() {
    return kind;
  }

  /** Bytes of its content. */
  public int length() {
    return length;
  }

  /** The content of {@link Frame#OPENED}. */
  public Opened opened() throws SQLException {
    return WireFormat.readOpened(content());
  }

  /** The content of {@link Frame#INFO}. */
  public SessionInfo info() throws SQLException {
    return WireFormat.readInfo(content());
  }

  /** The content of {@link Frame#SHAPE}. */
  public StatementShape shape() throws SQLException {
    return WireFormat.readShape(content());
  }

  /** The columns in {@link Frame#HEADER}. */
  public List<ResultColumn> columns() throws SQLException {
    return WireFormat.readColumns(content());
  }

  /** The zone in {@link Frame#HEADER}. */
  public ZoneId timeZone() throws SQLException {
    ByteReader in = content();
    WireFormat.readColumns(in);
    return WireFormat.readZone(in);
  }

  /** The content of {@link Frame#ERROR}, to be thrown. */
  public SQLException error() throws SQLException {
    return WireFormat.readError(content());
  }

  /** Fills a batch with the content of {@link Frame#BATCH}. */
  public void batch(List<ColumnType> types, ColumnBatch batch) throws SQLException {
    BatchFormat.read(content(), types, batch);
  }

  private ByteReader content() {
    return new ByteReader(bytes, length);
  }
}
