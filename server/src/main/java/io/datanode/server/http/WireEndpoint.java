package io.datanode.server.http;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.wire.ExecuteRequest;
import io.datanode.jdbc.wire.FetchRequest;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.MetadataRequest;
import io.datanode.jdbc.wire.Opened;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import io.datanode.server.session.ClientSettings;
import io.datanode.server.session.OpenStatement;
import io.datanode.server.session.ServerSession;
import io.datanode.server.session.ServerSession.StatementUse;
import io.datanode.server.session.Sessions;
import io.datanode.server.session.Sessions.SessionUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /jdbc/v1/*}: the binary format of our own driver, see {@link WireFormat}.
 *
 * <p>Rows are sent as they come, up to the credit a request gives; then the client asks for more. A
 * response never waits for a client that pauses, so it takes memory, at most the credit, but no
 * thread.
 */
public final class WireEndpoint implements Endpoint {
  private static final Logger LOGGER = LoggerFactory.getLogger(WireEndpoint.class);
  private static final long LARGEST_CREDIT = 32L << 20;

  /** What a server that is being stopped does not begin any more. */
  private static final Set<String> BEGIN =
      Set.of(
          WireFormat.PREPARE,
          WireFormat.EXECUTE,
          WireFormat.METADATA,
          WireFormat.SET,
          WireFormat.PING);

  private final Sessions sessions;
  private final Executor cleaning;
  private final ClientPresence presence;

  /**
   * An endpoint.
   *
   * @param cleaning runs what ends statements of clients that are gone
   * @param presence told of the clients of sessions
   */
  public WireEndpoint(Sessions sessions, Executor cleaning, ClientPresence presence) {
    this.sessions = sessions;
    this.cleaning = cleaning;
    this.presence = presence;
  }

  @Override
  public Lane lane(Exchange exchange) {
    switch (exchange.path()) {
      case WireFormat.PREPARE:
      case WireFormat.EXECUTE:
      case WireFormat.FETCH:
        return Lane.STATEMENT;
      default:
        return Lane.SHORT;
    }
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    try {
      if (exchange.path().equals(WireFormat.OPEN)) {
        open(exchange);
        return;
      }
      String id = exchange.header(WireFormat.SESSION_HEADER);
      Optional<SessionUse> found =
          id == null ? Optional.empty() : sessions.use(id, exchange.user());
      if (found.isEmpty()) {
        respond(exchange, out -> WireFormat.writeEmpty(out, Frame.UNKNOWN_SESSION));
        return;
      }
      try (SessionUse use = found.get()) {
        exchange.ownConnection().ifPresent(connection -> presence.seen(connection, use.session()));
        answer(exchange, use.session());
      }
    } catch (SQLException e) {
      respond(exchange, out -> writeRefusal(exchange, e, out));
    } catch (DataNodeException e) {
      respond(exchange, out -> WireFormat.writeError(out, e.toSqlException()));
    } catch (RuntimeException e) {
      LOGGER.error("{} failed", exchange.path(), e);
      SQLException error =
          SqlState.INTERNAL_ERROR.exception(
              "The server failed (" + e.getClass().getSimpleName() + "); its log says more");
      respond(exchange, out -> WireFormat.writeError(out, error));
    }
  }

  /** Of a server that is being stopped, a session moves to another, if the driver knows one. */
  private void writeRefusal(Exchange exchange, SQLException e, OutputStream out)
      throws IOException {
    if (sessions.stopping()
        && BEGIN.contains(exchange.path())
        && SqlState.CANNOT_CONNECT_NOW.code().equals(e.getSQLState())) {
      WireFormat.writeEmpty(out, Frame.UNKNOWN_SESSION);
    } else {
      WireFormat.writeError(out, e);
    }
  }

  private void open(Exchange exchange) throws SQLException, IOException {
    Map<String, String> settings =
        ClientSettings.of(WireFormat.readSettings(exchange.body()), name -> false);
    ServerSession session =
        sessions.open(sessions.newId(), exchange.user(), exchange.shownUser(), settings);
    exchange.ownConnection().ifPresent(connection -> presence.seen(connection, session));
    SessionInfo info = session.engineSession().info();
    respond(exchange, out -> WireFormat.writeOpened(out, new Opened(session.id(), info)));
  }

  private void answer(Exchange exchange, ServerSession session) throws SQLException, IOException {
    byte[] body = exchange.body();
    if (BEGIN.contains(exchange.path())) {
      sessions.requireGoingOn();
    }
    switch (exchange.path()) {
      case WireFormat.PREPARE:
        String sql = WireFormat.readText(body);
        var shape = session.locked(engine -> engine.prepare(sql));
        respond(exchange, out -> WireFormat.writeShape(out, shape));
        return;
      case WireFormat.EXECUTE:
        execute(exchange, session, WireFormat.readExecute(body));
        return;
      case WireFormat.METADATA:
        metadata(exchange, session, WireFormat.readMetadata(body));
        return;
      case WireFormat.FETCH:
        fetch(exchange, session, WireFormat.readFetch(body));
        return;
      case WireFormat.CLOSE_STATEMENT:
        session.closeStatement(WireFormat.readText(body));
        done(exchange);
        return;
      case WireFormat.CANCEL:
        session.engineSession().cancel(WireFormat.readText(body));
        done(exchange);
        return;
      case WireFormat.SET:
        SetRequest set = WireFormat.readSet(body);
        session.locked(
            engine -> {
              engine.set(set.key(), set.value());
              return engine;
            });
        SessionInfo info = session.engineSession().info();
        respond(exchange, out -> WireFormat.writeInfo(out, info));
        return;
      case WireFormat.PING:
        ping(exchange, session, WireFormat.readText(body));
        return;
      case WireFormat.CLOSE:
        sessions.close(session.id(), exchange.user());
        done(exchange);
        return;
      default:
        exchange.fail(404, SqlState.PROTOCOL_ERROR, "There is nothing at POST " + exchange.path());
    }
  }

  private static void ping(Exchange exchange, ServerSession session, String seconds)
      throws SQLException, IOException {
    int wait;
    try {
      wait = Integer.parseInt(seconds);
    } catch (NumberFormatException e) {
      throw SqlState.PROTOCOL_ERROR.exception("'" + seconds + "' is no number of seconds", e);
    }
    if (!session.engineSession().isValid(wait)) {
      throw SqlState.CONNECTION_CLOSED.exception("The session cannot be used any more");
    }
    done(exchange);
  }

  private static boolean takesCompressed(Exchange exchange) {
    return WireFormat.DEFLATE.equals(exchange.header(WireFormat.COMPRESSION_HEADER));
  }

  private void execute(Exchange exchange, ServerSession session, ExecuteRequest request)
      throws SQLException, IOException {
    session.throwPending();
    String id = request.call().id();
    boolean compressed = takesCompressed(exchange);
    start(
        exchange,
        session,
        id,
        request.credit(),
        statement ->
            statement
                .run(request.call(), result -> new WireCursor(result, compressed))
                .start(session.engineSession()));
  }

  private void metadata(Exchange exchange, ServerSession session, MetadataRequest request)
      throws SQLException, IOException {
    boolean compressed = takesCompressed(exchange);
    start(
        exchange,
        session,
        request.statementId(),
        request.credit(),
        statement ->
            statement
                .run(
                    engine -> engine.metadata(request.call()),
                    result -> new WireCursor(result, compressed))
                .start(session.engineSession()));
  }

  private void start(Exchange exchange, ServerSession session, String id, long credit, Start start)
      throws SQLException, IOException {
    // A driver that lost its connection repeats an execute under the same id.
    session.closeStatement(id);
    session.addStatement(id, null, null);
    try (StatementUse use = inUse(session, id)) {
      exchange.onClientGone(() -> giveUp(session, use.statement()));
      try {
        start.run(use.statement());
        send(exchange, session, use.statement(), credit);
      } catch (SQLException | RuntimeException e) {
        session.closeStatement(use.statement());
        throw e;
      }
    }
  }

  private void fetch(Exchange exchange, ServerSession session, FetchRequest request)
      throws SQLException, IOException {
    try (StatementUse use = inUse(session, request.statementId())) {
      if (!use.statement().hasRows()) {
        throw lost();
      }
      exchange.onClientGone(() -> giveUp(session, use.statement()));
      send(exchange, session, use.statement(), request.credit());
    }
  }

  private static StatementUse inUse(ServerSession session, String id) throws SQLException {
    return session.use(id).orElseThrow(WireEndpoint::lost);
  }

  private static SQLException lost() {
    return SqlState.CONNECTION_LOST.exception(
        "The rest of the result is lost: the server does not hold it any more, as it was idle for"
            + " too long; run the statement again");
  }

  private void send(Exchange exchange, ServerSession session, OpenStatement statement, long credit)
      throws SQLException {
    statement.read(
        WireCursor.class,
        cursor -> {
          ResponseStream stream = exchange.stream(WireFormat.MEDIA_TYPE);
          stream.onFailure(() -> giveUp(session, statement));
          try {
            FrameOutput out = new FrameOutput(stream);
            cursor.write(out, Math.max(1, Math.min(credit, LARGEST_CREDIT)));
            stream.end(out.taken());
          } catch (IOException e) {
            LOGGER.debug("The client of statement {} is gone", statement.id());
            cursor.abandon();
          } catch (RuntimeException | Error e) {
            stream.abort(e);
            throw e;
          }
          return null;
        });
    if (!statement.hasRows()) {
      session.closeStatement(statement);
    }
  }

  /** Ends the statement of a client that is gone; on other threads, as it may have to wait. */
  private void giveUp(ServerSession session, OpenStatement statement) {
    cleaning.execute(() -> session.giveUp(statement));
  }

  private static void done(Exchange exchange) throws IOException {
    respond(exchange, out -> WireFormat.writeEmpty(out, Frame.DONE));
  }

  private static void respond(Exchange exchange, Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writing.to(out);
    exchange.respond(200, WireFormat.MEDIA_TYPE, out.toByteArray());
  }

  @FunctionalInterface
  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  @FunctionalInterface
  private interface Start {
    void run(OpenStatement statement) throws SQLException;
  }

  /** Gathers frames until they are to be sent. */
  private static final class FrameOutput extends ByteArrayOutputStream {
    private static final int SMALL = 1024;

    private final ResponseStream stream;

    FrameOutput(ResponseStream stream) {
      super(SMALL);
      this.stream = stream;
    }

    // Makes room for just the frame: it is large, and mostly all there is to send.
    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (length > buf.length - count) {
        buf = Arrays.copyOf(buf, count + length + SMALL);
      }
      super.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      if (size() > 0) {
        stream.write(taken());
      }
    }

    /** What was gathered, which is not gathered any more. */
    ByteBuffer taken() {
      ByteBuffer taken = ByteBuffer.wrap(buf, 0, count);
      buf = new byte[SMALL];
      count = 0;
      return taken;
    }
  }
}
