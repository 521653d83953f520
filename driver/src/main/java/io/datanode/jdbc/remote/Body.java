package io.datanode.jdbc.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/** The body of an HTTP response: of a given length, in chunks, or up to the end of the stream. */
final class Body extends InputStream {
  private static final long TO_THE_END = -1;

  private final InputStream in;
  private final boolean chunked;
  private long left;
  private boolean firstChunk = true;
  private boolean ended;

  private Body(InputStream in, boolean chunked, long left) {
    this.in = in;
    this.chunked = chunked;
    this.left = left;
    this.ended = !chunked && left == 0;
  }

  static Body chunked(InputStream in) {
    return new Body(in, true, 0);
  }

  /** A body of so many bytes; -1 means up to the end of the stream. */
  static Body ofLength(InputStream in, long length) {
    return new Body(in, false, length);
  }

  /** True if the last byte was read, so that another response may follow. */
  boolean ended() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (chunked && left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int most = left == TO_THE_END ? length : (int) Math.min(length, left);
    int count = in.read(bytes, offset, most);
    if (count < 0) {
      if (left == TO_THE_END) {
        ended = true;
        return -1;
      }
      throw new EOFException("the server closed the connection within its answer");
    }
    if (left != TO_THE_END) {
      left -= count;
      ended = !chunked && left == 0;
    }
    return count;
  }

  @Override
  public int available() throws IOException {
    return ended ? 0 : in.available();
  }

  private void nextChunk() throws IOException {
    if (!firstChunk) {
      line(in, 2);
    }
    firstChunk = false;
    String line = line(in, 1024);
    int semicolon = line.indexOf(';');
    String size = semicolon < 0 ? line : line.substring(0, semicolon);
    try {
      left = Long.parseLong(size.trim(), 16);
    } catch (NumberFormatException e) {
      throw new ProtocolException("the server sent a chunk of size '" + size + "'");
    }
    if (left == 0) {
      while (!line(in, 64 * 1024).isEmpty()) {
        continue; // Trailers say nothing to us.
      }
      ended = true;
    }
  }

  /** Reads up to a line feed, which is left out together with a carriage return before it. */
  static String line(InputStream in, int longest) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection within its answer");
      }
      if (line.length() > longest) {
        throw new ProtocolException("the server sent a line of more than " + longest + " bytes");
      }
      line.append((char) next);
    }
    int end = line.length() - 1;
    if (end >= 0 && line.charAt(end) == '\r') {
      line.setLength(end);
    }
    return line.toString();
  }
}
