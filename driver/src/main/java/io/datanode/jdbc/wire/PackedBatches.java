package io.datanode.jdbc.wire;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses batches and restores them: the size of the content, four bytes, then the content as a
 * zlib stream. Each is compressed by itself. Not thread-safe.
 */
final class PackedBatches implements AutoCloseable {
  /** What is smaller is sent as it is. */
  private static final int LEAST_BYTES = 1024;

  private static final int MOST_BYTES = 1 << 30;

  private final ByteWriter packed = new ByteWriter(8192);
  private final byte[] piece = new byte[8192];
  private Deflater deflater;
  private byte[] content = new byte[0];
  private int length;

  /**
   * A frame of rows in the form in which it is smaller.
   *
   * @param frame a BATCH, its length included
   */
  ByteWriter pack(ByteWriter frame) {
    if (frame.size() < LEAST_BYTES) {
      return frame;
    }
    if (deflater == null) {
      deflater = new Deflater(Deflater.BEST_SPEED);
    }
    WireFormat.start(packed, Frame.PACKED);
    packed.int32(frame.size() - WireFormat.HEAD);
    deflater.reset();
    frame.deflate(WireFormat.HEAD, deflater);
    for (int count = deflater.deflate(piece); count > 0; count = deflater.deflate(piece)) {
      packed.raw(piece, count);
      if (packed.size() >= frame.size()) {
        return frame;
      }
    }
    return packed;
  }

  /**
   * Restores the content of a PACKED frame; it stays valid until the next call.
   *
   * @throws SQLException 08P01 if it is malformed
   */
  byte[] unpack(byte[] bytes, int count) throws SQLException {
    ByteReader head = new ByteReader(bytes, count);
    length = head.int32();
    if (length < 0 || length > MOST_BYTES) {
      throw ByteReader.malformed("a compressed batch of impossible size");
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes, Integer.BYTES, count - Integer.BYTES);
      int filled = 0;
      while (filled < length) {
        // Grows with what is there, so that a wrong size cannot ask for more memory.
        if (filled == content.length) {
          content = Arrays.copyOf(content, (int) Math.min(length, Math.max(1L << 16, 4L * filled)));
        }
        int more = inflater.inflate(content, filled, Math.min(length, content.length) - filled);
        if (more == 0) {
          throw ByteReader.malformed("a compressed batch that is cut off");
        }
        filled += more;
      }
      return content;
    } catch (DataFormatException e) {
      throw ByteReader.malformed("a compressed batch that is damaged");
    } finally {
      inflater.end();
    }
  }

  /** Bytes of the content restored last. */
  int length() {
    return length;
  }

  /** Gives an array for the content restored next, in place of the one that was returned. */
  void reuse(byte[] bytes) {
    content = bytes;
  }

  @Override
  public void close() {
    if (deflater != null) {
      deflater.end();
    }
  }
}
