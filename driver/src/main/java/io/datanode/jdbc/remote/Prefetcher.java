package io.datanode.jdbc.remote;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Fetches the rest of a result in a thread of its own.
 *
 * <p>Each response is read whole as it comes, whatever the reader of the rows does; the next is
 * asked for when half of what was read is used up. So at most one and a half times the credit is
 * held, and no thread of the server waits for a reader that pauses.
 */
final class Prefetcher {
  private static final int SPARE_FRAMES = 4;

  private final RemoteSession session;
  private final SessionPlace place;
  private final String statementId;
  private final Deque<FrameReader> ready = new ArrayDeque<>();
  private final Deque<FrameReader> spare = new ArrayDeque<>();
  private Exchange exchange;
  private long bytes;
  private boolean ended;
  private boolean stopped;
  private SQLException failure;

  Prefetcher(RemoteSession session, SessionPlace place, String statementId) {
    this.session = session;
    this.place = place;
    this.statementId = statementId;
  }

  void start() {
    Thread thread = new Thread(this::run, "datanode-jdbc fetch " + statementId);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (awaitRoom() && fetch()) {
        continue;
      }
      end(null);
    } catch (IOException e) {
      end(session.lost(e, "statement " + statementId));
    } catch (SQLException e) {
      end(e);
    } catch (RuntimeException e) {
      end(SqlState.INTERNAL_ERROR.exception("Rows cannot be fetched: " + e, e));
    } catch (InterruptedException e) {
      end(SqlState.QUERY_CANCELED.exception("Fetching was interrupted", e));
    }
  }

  /** Waits until half of what was read is used up; false if nobody wants more. */
  private synchronized boolean awaitRoom() throws InterruptedException {
    while (bytes > RemoteSession.CREDIT / 2 && !stopped) {
      wait();
    }
    return !stopped;
  }

  /** Reads one response; true if there is another. */
  private boolean fetch() throws IOException, SQLException {
    for (int detours = 0; ; detours++) {
      Exchange response = session.fetch(place, statementId);
      if (!started(response)) {
        response.abandon();
        return false;
      }
      FrameReader frame = spare();
      boolean read = false;
      try {
        read = response.read(frame) != Frame.UNKNOWN_SESSION || detours == Requests.DETOURS;
      } finally {
        if (!read) {
          response.abandon();
        }
      }
      if (read) {
        return rest(response, frame);
      }
    }
  }

  private boolean rest(Exchange response, FrameReader first) throws IOException, SQLException {
    FrameReader frame = first;
    boolean whole = false;
    try {
      while (true) {
        Frame kind = frame.kind();
        if (kind == Frame.BATCH) {
          add(frame);
          frame = spare();
          response.read(frame);
          continue;
        }
        whole = true;
        if (kind == Frame.ERROR) {
          throw frame.error();
        }
        if (kind == Frame.UNKNOWN_SESSION) {
          throw SqlState.CONNECTION_LOST.exception(
              "The server lost the session; the rest of statement "
                  + statementId
                  + " cannot be read, run it again");
        }
        if (kind != Frame.MORE && kind != Frame.END) {
          throw Answers.unexpected(kind, Frame.BATCH);
        }
        return kind == Frame.MORE;
      }
    } finally {
      if (whole) {
        response.finish();
      } else {
        response.abandon();
      }
    }
  }

  private synchronized boolean started(Exchange response) {
    exchange = response;
    return !stopped;
  }

  private synchronized FrameReader spare() {
    FrameReader frame = spare.poll();
    return frame == null ? new FrameReader() : frame;
  }

  private synchronized void add(FrameReader frame) {
    ready.add(frame);
    bytes += frame.length();
    notifyAll();
  }

  private synchronized void end(SQLException reason) {
    ended = true;
    failure = reason;
    notifyAll();
  }

  /** The next frame with rows, or null at the end. */
  synchronized FrameReader take() throws SQLException {
    try {
      while (ready.isEmpty() && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SqlState.QUERY_CANCELED.exception("Waiting for rows was interrupted", e);
    }
    FrameReader frame = ready.poll();
    if (frame == null && failure != null) {
      throw failure;
    }
    return frame;
  }

  /** Takes back a frame whose rows were decoded. */
  synchronized void recycle(FrameReader frame) {
    bytes -= frame.length();
    if (spare.size() < SPARE_FRAMES) {
      spare.push(frame);
    }
    notifyAll();
  }

  /** Stops fetching. Any thread may call it. */
  void stop() {
    Exchange response;
    synchronized (this) {
      stopped = true;
      response = exchange;
      notifyAll();
    }
    if (response != null) {
      response.abandon();
    }
  }
}
