package io.datanode.jdbc.remote;

import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.jdbc.wire.ExecuteRequest;
import io.datanode.jdbc.wire.FetchRequest;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.MetadataRequest;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A session at a server.
 *
 * <p>If the server does not know the session any more, because it was restarted or the session idle
 * for too long, a new one is opened, the settings changed so far are repeated, and then the
 * request; rows that were on their way are lost with 08006. So too if the server is being stopped,
 * but then rows on their way are still read from it.
 */
public final class RemoteSession implements Session {
  /** Small enough for the socket's buffer: the server need not wait for a reader that pauses. */
  static final long FIRST_CREDIT = 128 * 1024;

  static final long CREDIT = 4 << 20;

  private static final int CANCEL_TIMEOUT_MILLIS = 10_000;
  private static final int CLOSE_TIMEOUT_MILLIS = 5_000;
  private static final Logger LOGGER = Logger.getLogger("io.datanode.jdbc");

  private final Channels channels;
  private final Requests requests;
  private final SessionOpening opening;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicLong metadataIds = new AtomicLong();
  private final Set<RemoteResult> results = ConcurrentHashMap.newKeySet();

  /** Guarded by this. */
  private final SettingChanges changes = new SettingChanges();

  private volatile SessionPlace opened;
  private volatile SessionInfo info;

  private RemoteSession(ConnectUrl url) throws SQLException {
    this.channels = Channels.of(url);
    this.requests = Requests.of(url, channels);
    this.opening = new SessionOpening(url, channels, requests, closed);
  }

  /**
   * Opens a session at the first server of the URL that answers.
   *
   * @throws SQLException 08001 if none does, 28000 if the login is refused
   */
  public static RemoteSession open(ConnectUrl url) throws SQLException {
    RemoteSession session = new RemoteSession(url);
    try {
      session.opened = session.opening.open();
      session.info = session.opened.info();
    } catch (SQLException e) {
      session.channels.close();
      throw e;
    }
    return session;
  }

  // Opening and healing

  /**
   * Opens a session in place of one that is lost, unless another thread did so already. It takes
   * its place only with all its settings: without them, rows could silently be others.
   */
  private synchronized void heal(SessionPlace lost, String what) throws SQLException {
    if (opened != lost) {
      return;
    }
    SessionPlace fresh;
    try {
      fresh = opening.open();
    } catch (SQLException e) {
      throw SqlState.CONNECTION_FAILED.code().equals(e.getSQLState())
          ? SqlState.CONNECTION_LOST.exception(
              "The session was lost at " + what + ". " + e.getMessage(), e)
          : e;
    }
    try {
      info = changes.repeat(fresh, requests, channels.readTimeout());
    } catch (IOException e) {
      throw lost(e, "the settings of the session");
    }
    opened = fresh;
  }

  // Requests

  /**
   * Sends a request, healing the session if need be. The first frame is read into {@code frame} and
   * is not an error.
   *
   * @param what is asked, for errors
   */
  private Exchange send(String path, String what, byte[] body, FrameReader frame, Frame expected)
      throws SQLException {
    for (int attempt = 0; ; attempt++) {
      SessionPlace at = opened;
      Exchange exchange;
      try {
        requireOpen();
        exchange = requests.ask(path, at, body, frame, channels.readTimeout());
      } catch (Channels.UnreachableException e) {
        // The server is gone; another of the URL, or the same after a restart, may take over.
        if (attempt > 0) {
          throw lost(e, what);
        }
        heal(at, what);
        continue;
      } catch (IOException e) {
        throw lost(e, what);
      }
      boolean done = false;
      try {
        if (frame.kind() == Frame.UNKNOWN_SESSION && attempt == 0) {
          exchange.finish();
          heal(at, what);
          continue;
        }
        Answers.check(frame, expected);
        done = true;
        return exchange;
      } finally {
        if (!done) {
          exchange.finish();
        }
      }
    }
  }

  /** The error for a connection that broke during a request. */
  SQLException lost(IOException e, String what) {
    if (closed.get()) {
      return SqlState.CONNECTION_CLOSED.exception("Connection was closed during " + what, e);
    }
    return SqlState.CONNECTION_LOST.exception(
        "Connection to " + channels.address() + " broke during " + what + ": " + Channels.reason(e),
        e);
  }

  private void requireOpen() throws SQLException {
    if (closed.get()) {
      throw SqlState.CONNECTION_CLOSED.exception("Connection is closed");
    }
  }

  // Session

  @Override
  public SessionInfo info() {
    return info;
  }

  @Override
  public StatementShape prepare(String sql) throws SQLException {
    FrameReader frame = new FrameReader();
    Exchange exchange =
        send(WireFormat.PREPARE, "preparing a statement", WireFormat.text(sql), frame, Frame.SHAPE);
    try {
      return frame.shape();
    } finally {
      exchange.finish();
    }
  }

  @Override
  public Result execute(StatementCall call) throws SQLException {
    byte[] body = WireFormat.execute(new ExecuteRequest(call, FIRST_CREDIT));
    RemoteResult result = result(WireFormat.EXECUTE, body, call.id());
    if (result.columns().isEmpty()) {
      // What gives no rows changes the session, whatever comments it starts with.
      synchronized (this) {
        changes.run(call);
      }
    }
    return result;
  }

  @Override
  public Result metadata(MetadataCall call) throws SQLException {
    String id = "m" + metadataIds.incrementAndGet();
    byte[] body = WireFormat.metadata(new MetadataRequest(id, call, FIRST_CREDIT));
    return result(WireFormat.METADATA, body, id);
  }

  private RemoteResult result(String path, byte[] body, String id) throws SQLException {
    FrameReader frame = new FrameReader();
    Exchange exchange = send(path, "statement " + id, body, frame, Frame.HEADER);
    boolean done = false;
    try {
      if (frame.kind() == Frame.INFO) {
        info = frame.info();
        Answers.expect(exchange, frame, Frame.HEADER);
      }
      RemoteResult result = new RemoteResult(this, opened, id, exchange, frame);
      results.add(result);
      done = true;
      return result;
    } catch (IOException e) {
      throw lost(e, "statement " + id);
    } finally {
      if (!done) {
        exchange.abandon();
      }
    }
  }

  void forget(RemoteResult result) {
    results.remove(result);
  }

  /** Asks for more rows. */
  Exchange fetch(SessionPlace at, String statementId) throws IOException, SQLException {
    requireOpen();
    byte[] body = WireFormat.fetch(new FetchRequest(statementId, CREDIT));
    // Never repeated: the server may have given rows away that did not arrive.
    return requests.send(WireFormat.FETCH, at, body, channels.takeLively(at.address()));
  }

  /** Tells the server that nobody will read the rest of a result. */
  void closeStatement(SessionPlace at, String statementId) {
    if (!closed.get()) {
      quietly(WireFormat.CLOSE_STATEMENT, at, statementId);
    }
  }

  @Override
  public void set(String key, String value) throws SQLException {
    SetRequest request = new SetRequest(key, value);
    FrameReader frame = new FrameReader();
    Exchange exchange =
        send(
            WireFormat.SET,
            "a change of setting " + key,
            WireFormat.set(request),
            frame,
            Frame.INFO);
    try {
      info = frame.info();
    } finally {
      exchange.finish();
    }
    synchronized (this) {
      changes.set(request);
    }
  }

  @Override
  public void cancel(String statementId) throws SQLException {
    requireOpen();
    SessionPlace place =
        results.stream()
            .filter(result -> result.statementId().equals(statementId))
            .map(RemoteResult::place)
            .findAny()
            .orElse(opened);
    try {
      ask(WireFormat.CANCEL, place, statementId, CANCEL_TIMEOUT_MILLIS);
    } catch (IOException e) {
      throw lost(e, "cancel of statement " + statementId);
    }
  }

  @Override
  public boolean isValid(int timeoutSeconds) {
    if (closed.get()) {
      return false;
    }
    int before = channels.readTimeout();
    try {
      if (timeoutSeconds > 0) {
        channels.setReadTimeout((int) Math.min(Integer.MAX_VALUE, timeoutSeconds * 1000L));
      }
      byte[] body = WireFormat.text(Integer.toString(timeoutSeconds));
      send(WireFormat.PING, "isValid", body, new FrameReader(), Frame.DONE).finish();
      return true;
    } catch (SQLException e) {
      return false;
    } finally {
      channels.setReadTimeout(before);
    }
  }

  /** Sets how long to wait for bytes of the server; 0 means for ever. */
  public void setNetworkTimeout(int milliseconds) {
    channels.setReadTimeout(milliseconds);
  }

  /** How long to wait for bytes of the server, in milliseconds; 0 means for ever. */
  public int networkTimeout() {
    return channels.readTimeout();
  }

  @Override
  public void close() {
    if (closed.get()) {
      return;
    }
    for (RemoteResult result : new ArrayList<>(results)) {
      result.abandon();
    }
    if (closed.compareAndSet(false, true)) {
      quietly(WireFormat.CLOSE, opened, "");
      channels.close();
    }
  }

  /**
   * Sends a request whose failure changes nothing for us: if the server is not there, it has freed
   * what it held, or will when the session has been idle for long.
   */
  private void quietly(String path, SessionPlace at, String text) {
    try {
      ask(path, at, text, CLOSE_TIMEOUT_MILLIS);
    } catch (IOException | SQLException e) {
      LOGGER.log(Level.FINE, "No answer to " + path, e);
    }
  }

  private void ask(String path, SessionPlace at, String text, int timeoutMillis)
      throws IOException, SQLException {
    FrameReader frame = new FrameReader();
    requests.ask(path, at, WireFormat.text(text), frame, channels.patience(timeoutMillis)).finish();
    if (frame.kind() == Frame.ERROR) {
      throw frame.error();
    }
  }
}
