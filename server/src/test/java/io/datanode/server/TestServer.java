package io.datanode.server;

import io.datanode.engine.Engine;
import io.datanode.server.session.SessionFactory;
import io.datanode.server.session.SessionLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;

/** A server on a free port, over sessions straight on DuckDB unless told otherwise. */
final class TestServer implements AutoCloseable {
  private final DataNodeServer server;
  private final TurnableClock clock;

  private TestServer(DataNodeServer server, TurnableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  static TestServer start() throws SQLException {
    return start(SessionLimits.defaults());
  }

  static TestServer start(SessionLimits limits) throws SQLException {
    return start(ServerSettings.defaults().at("127.0.0.1", 0).with(limits), DuckDbSession::new);
  }

  static TestServer start(ServerSettings settings, SessionFactory factory) throws SQLException {
    TurnableClock clock = new TurnableClock();
    return new TestServer(
        DataNodeServer.start(quickToStop(settings), factory, () -> true, clock), clock);
  }

  static TestServer start(Engine engine) throws SQLException {
    return start(ServerSettings.defaults().at("127.0.0.1", 0), engine);
  }

  static TestServer start(ServerSettings settings, Engine engine) throws SQLException {
    TurnableClock clock = new TurnableClock();
    return new TestServer(DataNodeServer.start(quickToStop(settings), engine, clock), clock);
  }

  private static ServerSettings quickToStop(ServerSettings settings) {
    return new ServerSettings(
        settings.host(),
        settings.port(),
        settings.limits(),
        settings.statementThreads(),
        settings.requests(),
        Duration.ofMillis(100),
        settings.sessionDefaults(),
        settings.access());
  }

  DataNodeServer server() {
    return server;
  }

  /** Lets time pass and closes what is idle. */
  void pass(Duration time) {
    clock.now = clock.now.plus(time);
    server.sessions().closeIdle();
  }

  /**
   * Lets time pass once no request is being worked on: what a client just read may still be being
   * put away, and what is in use does not expire.
   */
  void passAtRest(Duration time) throws InterruptedException {
    while (!server.atRest()) {
      Thread.sleep(5);
    }
    pass(time);
  }

  /** A connection of Avatica's own driver. */
  Connection avatica(String serialization, String... properties) throws SQLException {
    Properties info = new Properties();
    for (int i = 0; i < properties.length; i += 2) {
      info.setProperty(properties[i], properties[i + 1]);
    }
    return new org.apache.calcite.avatica.remote.Driver()
        .connect(
            "jdbc:avatica:remote:url="
                + server.httpUrl()
                + ";serialization="
                + serialization
                + ";timeZone=UTC",
            info);
  }

  /** A plain HTTP request. */
  HttpResponse<String> http(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return http(server, method, path, body, headers);
  }

  /** Where it answers HTTP. */
  String url() {
    return server.httpUrl();
  }

  static HttpResponse<String> http(
      DataNodeServer server, String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.httpUrl() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }

  private static final class TurnableClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-05T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }
  }
}
