package io.datanode.jdbc.remote;

import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.ConnectUrl.Address;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * The sockets of one session: one for each request under way, a few idle ones kept for the next.
 * Thread-safe.
 */
final class Channels {
  private static final int MOST_IDLE = 3;
  private static final long LIVELY_NANOS = 5_000_000_000L;

  /** No connection can be made, so nothing was sent. */
  static final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final Tls tls;
  private final int connectTimeoutMillis;
  private final Deque<HttpChannel> idle = new ArrayDeque<>();
  private final Set<HttpChannel> open = new HashSet<>();
  private volatile int readTimeoutMillis;
  private Address address;
  private boolean closed;

  /**
   * Sockets to a server.
   *
   * @param tls null to speak plain text
   */
  Channels(Address address, Tls tls, int connectTimeoutMillis, int readTimeoutMillis) {
    this.address = address;
    this.tls = tls;
    this.connectTimeoutMillis = connectTimeoutMillis;
    this.readTimeoutMillis = readTimeoutMillis;
  }

  /**
   * Sockets to the first server of a URL, with its timeouts and its kind of transport.
   *
   * @throws SQLException 22023 for settings of TLS that make no sense together
   */
  static Channels of(ConnectUrl url) throws SQLException {
    return new Channels(
        url.addresses().get(0),
        tls(url),
        millis(url.value(Setting.CONNECT_TIMEOUT)),
        millis(url.value(Setting.SOCKET_TIMEOUT)));
  }

  private static Tls tls(ConnectUrl url) throws SQLException {
    String root = url.value(Setting.SSL_ROOT_CERT);
    if (Boolean.parseBoolean(url.value(Setting.SSL))) {
      return Tls.trusting(root);
    }
    if (!root.isEmpty()) {
      throw SqlState.INVALID_PARAMETER.exception(
          "Setting 'sslRootCert' has no effect without ssl=true, and passwords would travel in plain"
              + " text; set both");
    }
    return null;
  }

  private static int millis(String seconds) {
    return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(seconds) * 1000);
  }

  synchronized Address address() {
    return address;
  }

  /** Connects to another server from now on. */
  synchronized void moveTo(Address next) {
    address = next;
    idle.forEach(HttpChannel::close);
    open.removeAll(idle);
    idle.clear();
  }

  int readTimeout() {
    return readTimeoutMillis;
  }

  void setReadTimeout(int millis) {
    readTimeoutMillis = millis;
  }

  /**
   * A channel for one request, to be given back with {@link #release}.
   *
   * @param to the server; channels are kept for the one that was moved to last
   * @param reuse whether one that carried requests before will do
   */
  HttpChannel take(Address to, boolean reuse) throws IOException {
    synchronized (this) {
      HttpChannel waiting = reuse && to.equals(address) ? idle.poll() : null;
      if (waiting != null) {
        waiting.setReadTimeout(readTimeoutMillis);
        return waiting;
      }
    }
    HttpChannel channel;
    try {
      channel = HttpChannel.open(to, tls, connectTimeoutMillis);
    } catch (IOException e) {
      throw new UnreachableException(e);
    }
    channel.setReadTimeout(readTimeoutMillis);
    synchronized (this) {
      if (closed) {
        channel.close();
      }
      open.add(channel);
    }
    return channel;
  }

  /** A new channel for opening a session: what takes connections but never answers is no server. */
  HttpChannel takeToOpen() throws IOException {
    HttpChannel channel = take(address(), false);
    int limit = connectTimeoutMillis;
    if (limit > 0 && (readTimeoutMillis == 0 || readTimeoutMillis > limit)) {
      channel.setReadTimeout(limit);
    }
    return channel;
  }

  /** How long to wait for an answer that costs a server nothing: at most as for a connection. */
  int patience(int mostMillis) {
    return connectTimeoutMillis > 0 ? Math.min(mostMillis, connectTimeoutMillis) : mostMillis;
  }

  /** A channel that is new, or was used so lately that the server will not have closed it. */
  HttpChannel takeLively(Address to) throws IOException {
    HttpChannel channel = take(to, true);
    if (channel.used() && channel.idleNanos() > LIVELY_NANOS) {
      channel.close();
      release(channel);
      return take(to, false);
    }
    return channel;
  }

  synchronized void release(HttpChannel channel) {
    boolean keep =
        !closed
            && idle.size() < MOST_IDLE
            && channel.address().equals(address)
            && channel.reusable();
    if (keep) {
      idle.push(channel);
    } else {
      channel.close();
      open.remove(channel);
    }
  }

  /** Closes all sockets; requests under way fail. */
  void close() {
    List<HttpChannel> channels;
    synchronized (this) {
      closed = true;
      channels = new ArrayList<>(open);
      idle.clear();
      open.clear();
    }
    channels.forEach(HttpChannel::close);
  }

  /** What went wrong, in words for the user. */
  static String reason(IOException e) {
    IOException cause = e;
    while (!(cause instanceof SSLException) && cause.getCause() instanceof IOException) {
      cause = (IOException) cause.getCause();
    }
    if (cause instanceof UnknownHostException) {
      return "the host is not known";
    }
    if (cause instanceof SocketTimeoutException) {
      return e instanceof UnreachableException ? "no answer in time" : "no bytes came in time";
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    if (cause instanceof SSLException) {
      return Tls.reason((SSLException) cause);
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** The error for a response that is not in our format. */
  static SQLException refusal(int status, Address address) {
    if (status == 401 || status == 403) {
      return SqlState.INVALID_AUTHORIZATION.exception(
          "Server " + address + " refuses the login; check user and password");
    }
    if (status == 429 || status == 503) {
      return SqlState.CANNOT_CONNECT_NOW.exception(
          "Server " + address + " is busy or shutting down (HTTP status " + status + ")");
    }
    return SqlState.PROTOCOL_ERROR.exception(
        "Server "
            + address
            + " answered with HTTP status "
            + status
            + " and not as a DataNode SQL server of this version does; check host and port");
  }
}
