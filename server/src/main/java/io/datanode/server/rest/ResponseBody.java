package io.datanode.server.rest;

import io.datanode.server.http.Exchange;
import io.datanode.server.http.ResponseStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is sent while it is being written, compressed if the client takes
 * that. Until {@link #begun} nothing is sent, and the request can still fail as a whole.
 */
final class ResponseBody extends OutputStream {
  private static final int SEND_BYTES = 1 << 16;

  /** Fewer, so that the client has something to do soon. */
  private static final int FIRST_BYTES = 1 << 14;

  private static final long SEND_NANOS = 100_000_000;

  /** What is kept for a client that takes its time. */
  private static final long MOST_WAITING = 4L << 20;

  private final Exchange exchange;
  private final String contentType;
  private final boolean gzip;
  private final Runnable clientGone;
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream(SEND_BYTES + 8192);
  private final OutputStream out;
  private @Nullable ResponseStream stream;
  private long written;
  private long sentAt;

  /**
   * A body.
   *
   * @param clientGone what to do, once and on any thread, when the client is gone
   */
  ResponseBody(Exchange exchange, String contentType, boolean gzip, Runnable clientGone)
      throws IOException {
    this.exchange = exchange;
    this.contentType = contentType;
    this.gzip = gzip;
    this.clientGone = clientGone;
    this.out = gzip ? new FastGzip(chunk) : chunk;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    written++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    written += length;
    if (chunk.size() >= (stream == null ? FIRST_BYTES : SEND_BYTES)) {
      // The client reads the first rows of a batch while the last ones are written.
      forward();
    }
  }

  /** True once something is sent. */
  boolean begun() {
    return stream != null;
  }

  /** Sends what is written, if that is much, nothing was sent yet, or the last time is long ago. */
  void offer() throws IOException {
    if (stream == null || written >= SEND_BYTES || System.nanoTime() - sentAt > SEND_NANOS) {
      send();
    }
  }

  /** Sends the end of the whole. */
  void end() throws IOException {
    out.close();
    begin().end(ByteBuffer.wrap(chunk.toByteArray()));
  }

  /**
   * Sends what is written and breaks the connection off, so that nobody can take it for the whole.
   * Does not wait for the client.
   */
  void breakOff(Throwable cause) throws IOException {
    out.flush();
    forward();
    begin().abortWhenSent(cause);
  }

  /** Gives up what is not sent. */
  void abandon(Throwable cause) {
    if (stream != null) {
      stream.abort(cause);
    }
  }

  private void send() throws IOException {
    out.flush();
    forward();
    written = 0;
    sentAt = System.nanoTime();
    begin().awaitRoom(MOST_WAITING);
  }

  private void forward() throws IOException {
    if (chunk.size() > 0) {
      byte[] bytes = chunk.toByteArray();
      chunk.reset();
      begin().write(bytes);
    }
  }

  private ResponseStream begin() {
    ResponseStream begun = stream;
    if (begun == null) {
      exchange.responseHeader("Vary", "Accept, Accept-Encoding");
      if (gzip) {
        exchange.responseHeader("Content-Encoding", "gzip");
      }
      begun = exchange.watchedStream(contentType);
      begun.onFailure(clientGone);
      stream = begun;
    }
    return begun;
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 8192, true);
      // Rows shrink about as much at the fastest level, at a third of the time.
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
