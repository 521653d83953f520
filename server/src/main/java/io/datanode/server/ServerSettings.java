package io.datanode.server;

import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.server.access.Access;
import io.datanode.server.session.SessionLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where and how a server serves.
 *
 * @param host address or name to listen on
 * @param port to listen on; 0 means any that is free
 * @param limits what clients may hold
 * @param statementThreads requests that run a statement or read its rows at the same time
 * @param requests what requests and their connections may be
 * @param drain how long running requests may go on when the server is stopped
 * @param sessionDefaults values, by {@link io.datanode.jdbc.Setting} key, of session settings that
 *     a client does not give
 * @param access who may use it
 */
public record ServerSettings(
    String host,
    int port,
    SessionLimits limits,
    int statementThreads,
    RequestLimits requests,
    Duration drain,
    Map<String, String> sessionDefaults,
    Access access) {
  /** The port of a server that is not told another. */
  public static final int DEFAULT_PORT = 8765;

  public ServerSettings {
    sessionDefaults = Map.copyOf(sessionDefaults);
  }

  /** A server whose sessions begin as those in process do. */
  public ServerSettings(
      String host,
      int port,
      SessionLimits limits,
      int statementThreads,
      int maxRequestBytes,
      Duration drain) {
    this(
        host,
        port,
        limits,
        statementThreads,
        RequestLimits.defaults().with(maxRequestBytes),
        drain,
        Map.of(),
        Access.open());
  }

  /** What is in force unless configured otherwise. */
  public static ServerSettings defaults() {
    return new ServerSettings(
        "127.0.0.1",
        DEFAULT_PORT,
        SessionLimits.defaults(),
        512,
        RequestLimits.defaults().maxBytes(),
        Duration.ofSeconds(10));
  }

  /** The same at another address. */
  public ServerSettings at(String newHost, int newPort) {
    return new ServerSettings(
        newHost, newPort, limits, statementThreads, requests, drain, sessionDefaults, access);
  }

  /** The same with other limits. */
  public ServerSettings with(SessionLimits newLimits) {
    return new ServerSettings(
        host, port, newLimits, statementThreads, requests, drain, sessionDefaults, access);
  }

  /** The same for other users. */
  public ServerSettings with(Access newAccess) {
    return new ServerSettings(
        host, port, limits, statementThreads, requests, drain, sessionDefaults, newAccess);
  }

  /** True if a session whose client says nothing of time is in the past. */
  boolean inPast() {
    return Stream.of(Setting.AS_OF, Setting.AS_OF_DELAY, Setting.REPLAY_FROM)
        .anyMatch(setting -> !sessionDefaults.getOrDefault(setting.key(), "").isEmpty());
  }

  /** True if the server can only be reached from this machine. */
  boolean onlyLocal() throws SQLException {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          "Host '" + host + "' is not known; give an address of this machine, such as 127.0.0.1",
          e);
    }
  }
}
