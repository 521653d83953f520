package io.datanode.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that a client has gone while its answer is being made and nothing is written yet. Writing
 * would notice it, but a slow statement writes nothing until its end.
 *
 * <p>Jetty does not read from a connection between a request and its answer, and HTTP/1.1 clients
 * send nothing there; so the next thing to read, if any, is the end. Must be stopped before the
 * first write, because Jetty reads again after the last one.
 */
final class ClientWatch implements Callback {
  private final AbstractEndPoint connection;
  private final Runnable gone;
  private final long made = System.nanoTime();
  private boolean begun;
  private boolean stopped;

  /**
   * A watch that has not begun.
   *
   * @param gone run once, on a thread that must not wait, if the client goes
   */
  ClientWatch(AbstractEndPoint connection, Runnable gone) {
    this.connection = connection;
    this.gone = gone;
  }

  /** How long its answer has been in the making. */
  long nanos() {
    return System.nanoTime() - made;
  }

  /** Begins to watch, unless stopped already. */
  synchronized void begin() {
    if (!stopped) {
      begun = true;
      connection.tryFillInterested(this);
    }
  }

  /** Stops watching; nothing if it has not begun. */
  void stop() {
    synchronized (this) {
      stopped = true;
      if (!begun) {
        return;
      }
    }
    connection.getFillInterest().onFail(new CancellationException("The answer is written now"));
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  /** Something can be read: the end, or what no client sends here. */
  @Override
  public void succeeded() {
    synchronized (this) {
      if (stopped) {
        return;
      }
      try {
        ByteBuffer buffer = BufferUtil.allocate(1);
        int read = connection.fill(buffer);
        if (read == 0) {
          connection.tryFillInterested(this);
          return;
        }
        if (read > 0) {
          // What was read cannot be given back; the client would wait for its answer for ever.
          connection.close(new IOException("The client sent a request before it had its answer"));
        }
      } catch (IOException e) {
        connection.close(e);
      }
      stopped = true;
    }
    gone.run();
  }

  /** The connection was closed by this side, or {@link #stop} was called. */
  @Override
  public void failed(Throwable cause) {
    synchronized (this) {
      if (stopped) {
        return;
      }
      stopped = true;
    }
    gone.run();
  }
}
