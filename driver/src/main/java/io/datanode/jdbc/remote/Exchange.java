package io.datanode.jdbc.remote;

import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/**
 * A request that was sent, and the frames of its response. One thread at a time, except {@link
 * #abandon}.
 */
final class Exchange {
  private final Channels channels;
  private final HttpChannel channel;
  private final InputStream body;
  private volatile boolean released;

  Exchange(Channels channels, HttpChannel channel, InputStream body) {
    this.channels = channels;
    this.channel = channel;
    this.body = body;
  }

  HttpChannel channel() {
    return channel;
  }

  /** Reads the next frame. */
  Frame read(FrameReader frame) throws IOException, SQLException {
    return frame.read(body);
  }

  /**
   * Reads the rest of the response.
   *
   * @param patienceMillis the longest wait for its bytes
   * @return the kind of its last frame
   * @throws IOException if it does not come so soon; the response can then only be given up
   */
  Frame readToEnd(FrameReader frame, int patienceMillis) throws IOException, SQLException {
    long deadline = System.nanoTime() + patienceMillis * 1_000_000L;
    while (true) {
      if (released) {
        throw new IOException("the response was given up");
      }
      long left = (deadline - System.nanoTime()) / 1_000_000L;
      channel.setReadTimeout((int) Math.max(1, left));
      Frame kind = frame.read(body);
      if (kind != Frame.BATCH) {
        return kind;
      }
    }
  }

  /** Gives the channel back; a response with more than its end unread is given up. */
  void finish() {
    if (!release()) {
      return;
    }
    try {
      // After the last frame the response has nothing but its end.
      if (!channel.reusable() && body.read(new byte[64]) >= 0) {
        channel.close();
      }
    } catch (IOException e) {
      channel.close();
    }
    channels.release(channel);
  }

  /** Drops the channel, which stops the response. */
  void abandon() {
    if (release()) {
      channel.close();
      channels.release(channel);
    }
  }

  private synchronized boolean release() {
    boolean first = !released;
    released = true;
    return first;
  }
}
