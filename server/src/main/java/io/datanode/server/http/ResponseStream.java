package io.datanode.server.http;

import io.datanode.server.session.UserMemory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A response body that is sent while it is being made. Writing never waits for the client: what it
 * does not take yet is kept here, so that a client that pauses holds no thread. The writer bounds
 * how much that can be, if need be by {@link #awaitRoom}. One thread writes.
 */
public final class ResponseStream {
  private final Response response;
  private final Callback whole;
  private final UserMemory memory;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private boolean sending;
  private boolean ended;
  private boolean endSent;
  private @Nullable Throwable failure;
  private Runnable onFailure = () -> {};
  private @Nullable Throwable breaking;
  private long waitingBytes;
  private final boolean watched;
  private @Nullable Runnable stopWatching;

  /**
   * A body.
   *
   * @param memory counts what the client has not taken yet
   * @param stopWatching stops watching whether the client goes away
   * @param watched whether to watch on until the last write, not just until the first
   */
  ResponseStream(
      Response response,
      Callback whole,
      UserMemory memory,
      Runnable stopWatching,
      boolean watched) {
    this.response = response;
    this.whole = whole;
    this.memory = memory;
    this.stopWatching = stopWatching;
    this.watched = watched;
  }

  /** What to do, once and on any thread, when the client is gone. */
  public void onFailure(Runnable action) {
    synchronized (this) {
      onFailure = action;
      if (failure == null) {
        return;
      }
    }
    action.run();
  }

  /**
   * Sends bytes as soon as the client takes them; they must not change afterwards.
   *
   * @throws IOException if the client is gone
   */
  public void write(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  /**
   * Sends bytes as soon as the client takes them; they must not change afterwards.
   *
   * @throws IOException if the client is gone
   */
  public void write(ByteBuffer bytes) throws IOException {
    add(bytes, false);
    send();
  }

  private synchronized void add(ByteBuffer bytes, boolean last) throws IOException {
    if (failure != null) {
      throw new IOException("The client is gone", failure);
    }
    waiting.add(bytes);
    waitingBytes += bytes.remaining();
    memory.count(bytes.remaining());
    ended = last;
  }

  /**
   * Waits until the client has taken all but so many bytes.
   *
   * @throws IOException if the client is gone
   */
  public synchronized void awaitRoom(long bytes) throws IOException {
    while (waitingBytes > bytes && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("The server is being stopped");
      }
    }
    if (failure != null) {
      throw new IOException("The client is gone", failure);
    }
  }

  /** Ends the body. */
  public void end() {
    synchronized (this) {
      ended = true;
    }
    send();
  }

  /**
   * Ends the body with these bytes, which must not change afterwards. A body of nothing else is
   * sent at once, with its length.
   *
   * @throws IOException if the client is gone
   */
  public void end(ByteBuffer bytes) throws IOException {
    // In one step: the end could else be sent before its bytes are there.
    add(bytes, true);
    send();
  }

  /** Breaks the connection off, so that the client cannot take what it has for the whole. */
  public void abort(Throwable cause) {
    synchronized (this) {
      if (failure != null || endSent) {
        return;
      }
      failure = cause;
      forget();
      notifyAll();
    }
    stopWatching();
    whole.failed(cause);
  }

  /**
   * Breaks the connection off as {@link #abort} does, but only when the client has taken what is
   * written.
   */
  public void abortWhenSent(Throwable cause) {
    synchronized (this) {
      breaking = cause;
      if (sending || !waiting.isEmpty()) {
        return;
      }
    }
    abort(cause);
  }

  /** With the lock: gives up what the client has not taken. */
  private void forget() {
    waiting.clear();
    memory.giveBack(waitingBytes);
    waitingBytes = 0;
  }

  // Without the lock: the watch may be closing the connection just now, which ends in fail().
  private void stopWatching() {
    Runnable stop;
    synchronized (this) {
      stop = stopWatching;
      stopWatching = null;
    }
    if (stop != null) {
      stop.run();
    }
  }

  private void send() {
    ByteBuffer next;
    boolean last;
    synchronized (this) {
      if (sending || failure != null || endSent) {
        return;
      }
      next = waiting.poll();
      if (next == null && !ended) {
        return;
      }
      last = ended && waiting.isEmpty();
      endSent = last;
      sending = true;
    }
    if (last || !watched) {
      stopWatching();
    }
    int bytes = next == null ? 0 : next.remaining();
    response.write(
        last,
        next == null ? ByteBuffer.allocate(0) : next,
        Callback.from(() -> sent(bytes), this::fail));
  }

  private void sent(int bytes) {
    boolean done;
    Throwable breakNow;
    synchronized (this) {
      sending = false;
      // What was forgotten meanwhile is not given back twice.
      long taken = Math.min(bytes, waitingBytes);
      waitingBytes -= taken;
      memory.giveBack(taken);
      notifyAll();
      done = endSent;
      breakNow = waiting.isEmpty() ? breaking : null;
    }
    if (done) {
      whole.succeeded();
    } else if (breakNow != null) {
      abort(breakNow);
    } else {
      send();
    }
  }

  private void fail(Throwable cause) {
    Runnable action;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = cause;
      forget();
      notifyAll();
      action = onFailure;
    }
    stopWatching();
    whole.failed(cause);
    action.run();
  }
}
