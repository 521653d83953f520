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

  /** True if bytes of the response are there to be read. */
  boolean waiting() throws IOException {
    return !released && body.available() > 0;
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
