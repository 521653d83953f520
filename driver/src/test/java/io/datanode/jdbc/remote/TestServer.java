package io.datanode.jdbc.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.datanode.jdbc.MemorySession;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.wire.ExecuteRequest;
import io.datanode.jdbc.wire.FetchRequest;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.MetadataRequest;
import io.datanode.jdbc.wire.Opened;
import io.datanode.jdbc.wire.ResultWriter;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** The smallest server that speaks the wire format, over {@link MemorySession}s. */
final class TestServer implements AutoCloseable {
  private final Map<String, MemorySession> sessions = new ConcurrentHashMap<>();
  private final Map<String, ResultWriter> open = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile String authorization;
  private volatile boolean losingFetches;
  private volatile boolean refusingSettings;
  private volatile boolean draining;

  TestServer() throws IOException {
    this(0);
  }

  TestServer(int port) throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
  }

  private TestServer(HttpServer server) {
    this.server = server;
    server.createContext("/jdbc/v1/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** A server that speaks TLS. */
  static TestServer secure(SSLContext context) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new TestServer(server);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Refuses every other login from now on. */
  void require(String header) {
    authorization = header;
  }

  /** Gives rows of the next fetches away and breaks the connection without an answer. */
  void loseFetches() {
    losingFetches = true;
  }

  /** Whether changes of settings are errors from now on. */
  void refuseSettings(boolean refuse) {
    refusingSettings = refuse;
  }

  /** Begins nothing new from now on; rows of open results can still be fetched. */
  void drain() {
    draining = true;
  }

  /** Last parts of the paths asked for so far. */
  List<String> requests() {
    return requests;
  }

  /** Forgets every session, as after an idle time. */
  void expireSessions() {
    sessions.clear();
    open.clear();
  }

  int openResults() {
    return open.size();
  }

  MemorySession onlySession() {
    return sessions.values().iterator().next();
  }

  int sessions() {
    return sessions.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      requests.add(path.substring(path.lastIndexOf('/') + 1));
      String given = exchange.getRequestHeaders().getFirst("Authorization");
      if (authorization != null && !authorization.equals(given)) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      if (losingFetches && path.equals(WireFormat.FETCH)) {
        answer(
            path,
            exchange.getRequestHeaders().getFirst(WireFormat.SESSION_HEADER),
            body,
            OutputStream.nullOutputStream());
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", WireFormat.MEDIA_TYPE);
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      try {
        answer(path, exchange.getRequestHeaders().getFirst(WireFormat.SESSION_HEADER), body, out);
      } catch (SQLException e) {
        WireFormat.writeError(out, e);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      exchange.close();
    }
  }

  private void answer(String path, String id, byte[] body, OutputStream out)
      throws SQLException, IOException {
    if (path.equals(WireFormat.OPEN)) {
      if (draining) {
        throw SqlState.CANNOT_CONNECT_NOW.exception("The server is shutting down");
      }
      String opened = UUID.randomUUID().toString();
      MemorySession session = new MemorySession(WireFormat.readSettings(body));
      sessions.put(opened, session);
      WireFormat.writeOpened(out, new Opened(opened, session.info()));
      return;
    }
    MemorySession session = id == null ? null : sessions.get(id);
    boolean begins = !path.equals(WireFormat.FETCH) && !path.startsWith(WireFormat.CLOSE);
    if (session == null || (draining && begins)) {
      WireFormat.writeEmpty(out, Frame.UNKNOWN_SESSION);
      return;
    }
    switch (path) {
      case WireFormat.PREPARE:
        WireFormat.writeShape(out, session.prepare(WireFormat.readText(body)));
        break;
      case WireFormat.EXECUTE:
        ExecuteRequest execute = WireFormat.readExecute(body);
        Result result = session.execute(execute.call());
        start(id + execute.call().id(), result, session.info(), execute.credit(), out);
        break;
      case WireFormat.METADATA:
        MetadataRequest metadata = WireFormat.readMetadata(body);
        Result rows = session.metadata(metadata.call());
        start(id + metadata.statementId(), rows, session.info(), metadata.credit(), out);
        break;
      case WireFormat.FETCH:
        FetchRequest fetch = WireFormat.readFetch(body);
        ResultWriter writer = open.get(id + fetch.statementId());
        if (writer == null) {
          throw SqlState.CONNECTION_LOST.exception(
              "Statement " + fetch.statementId() + " is not known");
        }
        write(id + fetch.statementId(), writer, fetch.credit(), out);
        break;
      case WireFormat.CLOSE_STATEMENT:
        open.remove(id + WireFormat.readText(body));
        WireFormat.writeEmpty(out, Frame.DONE);
        break;
      case WireFormat.CANCEL:
        session.cancel(WireFormat.readText(body));
        WireFormat.writeEmpty(out, Frame.DONE);
        break;
      case WireFormat.SET:
        if (refusingSettings) {
          throw SqlState.UNDEFINED_SCHEMA.exception("The schema is gone");
        }
        SetRequest set = WireFormat.readSet(body);
        session.set(set.key(), set.value());
        WireFormat.writeInfo(out, session.info());
        break;
      case WireFormat.CLOSE:
        sessions.remove(id).close();
        WireFormat.writeEmpty(out, Frame.DONE);
        break;
      default:
        WireFormat.writeEmpty(out, Frame.DONE);
    }
  }

  private void start(String key, Result result, SessionInfo info, long credit, OutputStream out)
      throws IOException {
    ResultWriter writer = new ResultWriter(result, false);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    writer.writeHeader(header, info);
    header.writeTo(out);
    open.put(key, writer);
    write(key, writer, credit, out);
  }

  private void write(String key, ResultWriter writer, long credit, OutputStream out)
      throws IOException {
    if (!writer.writeRows(out, credit)) {
      open.remove(key);
    }
  }
}
