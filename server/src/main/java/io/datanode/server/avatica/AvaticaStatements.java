package io.datanode.server.avatica;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.server.session.OpenStatement;
import io.datanode.server.session.RowReader;
import io.datanode.server.session.ServerSession;
import io.datanode.server.session.ServerSession.StatementUse;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service.CloseStatementRequest;
import org.apache.calcite.avatica.remote.Service.CloseStatementResponse;
import org.apache.calcite.avatica.remote.Service.CreateStatementRequest;
import org.apache.calcite.avatica.remote.Service.CreateStatementResponse;
import org.apache.calcite.avatica.remote.Service.ExecuteRequest;
import org.apache.calcite.avatica.remote.Service.ExecuteResponse;
import org.apache.calcite.avatica.remote.Service.FetchRequest;
import org.apache.calcite.avatica.remote.Service.FetchResponse;
import org.apache.calcite.avatica.remote.Service.PrepareAndExecuteRequest;
import org.apache.calcite.avatica.remote.Service.PrepareRequest;
import org.apache.calcite.avatica.remote.Service.PrepareResponse;
import org.apache.calcite.avatica.remote.Service.ResultSetResponse;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a client, and their results. A result is never run again behind the client's
 * back: if it is gone, reading on is an error.
 */
final class AvaticaStatements {
  private static final int LARGEST_FRAME = 100_000;

  private final AvaticaConnections connections;
  private final Consumer<Runnable> clientGone;

  AvaticaStatements(AvaticaConnections connections, Consumer<Runnable> clientGone) {
    this.connections = connections;
    this.clientGone = clientGone;
  }

  CreateStatementResponse create(CreateStatementRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          session.throwPending();
          int id = newStatement(session, null, null);
          return new CreateStatementResponse(request.connectionId, id, connections.server());
        });
  }

  CloseStatementResponse close(CloseStatementRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          session.closeStatement(Integer.toString(request.statementId));
          return new CloseStatementResponse(connections.server());
        });
  }

  PrepareResponse prepare(PrepareRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          session.throwPending();
          StatementShape shape =
              session.locked(
                  engine -> engine.prepare(AvaticaConnections.required(request.sql, "sql")));
          int id = newStatement(session, request.sql, shape);
          Meta.Signature signature =
              AvaticaConnections.signature(
                  request.sql,
                  shape.columns(),
                  connections.types(session).parameters(shape.parameters()),
                  connections.types(session));
          return new PrepareResponse(
              new Meta.StatementHandle(request.connectionId, id, signature), connections.server());
        });
  }

  ExecuteResponse prepareAndExecute(PrepareAndExecuteRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          session.throwPending();
          Optional<StatementUse> found = session.use(Integer.toString(request.statementId));
          if (found.isEmpty()) {
            // The client makes a new statement and tries again; nothing has run yet.
            return new ExecuteResponse(null, true, connections.server());
          }
          try (StatementUse use = found.get()) {
            RowReader rows =
                run(
                    use.statement(),
                    AvaticaConnections.required(request.sql, "sql"),
                    List.of(),
                    Math.max(0, request.maxRowCount));
            return executed(
                session, use.statement(), request.sql, rows, request.maxRowsInFirstFrame);
          }
        });
  }

  ExecuteResponse execute(ExecuteRequest request) {
    return connections.inSession(
        AvaticaConnections.required(request.statementHandle, "statementHandle").connectionId,
        session -> {
          try (StatementUse use = prepared(session, request.statementHandle)) {
            OpenStatement statement = use.statement();
            StatementShape shape = statement.shape();
            if (shape == null) {
              throw SqlState.PROTOCOL_ERROR.exception(
                  "Statement " + request.statementHandle.id + " was not prepared");
            }
            List<TypedValue> values =
                request.parameterValues == null ? List.of() : request.parameterValues;
            String sql = String.valueOf(statement.sql());
            RowReader rows =
                run(
                    statement,
                    sql,
                    AvaticaParameters.values(
                        values, shape.parameters(), session.engineSession().info().timeZone()),
                    0);
            // Here maxRowCount is the client's fetch size.
            return executed(
                session, statement, sql, rows, (int) Math.min(request.maxRowCount, LARGEST_FRAME));
          }
        });
  }

  /** The prepared statement, prepared again if it was idle for so long that it was closed. */
  private StatementUse prepared(ServerSession session, Meta.StatementHandle handle)
      throws SQLException {
    String id = Integer.toString(handle.id);
    Optional<StatementUse> found = session.use(id);
    if (found.isEmpty() && handle.signature != null && handle.signature.sql != null) {
      String sql = handle.signature.sql;
      StatementShape shape = session.locked(engine -> engine.prepare(sql));
      session.addStatement(id, sql, shape);
      found = session.use(id);
    }
    return found.orElseThrow(
        () ->
            SqlState.INVALID_CURSOR_STATE.exception(
                "The statement was idle for too long and has been closed; prepare it again"));
  }

  FetchResponse fetch(FetchRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          Optional<StatementUse> found = session.use(Integer.toString(request.statementId));
          if (found.isEmpty()) {
            throw lost("it was idle for too long and has been closed");
          }
          try (StatementUse use = found.get()) {
            if (!use.statement().hasRows()) {
              throw lost("its result has been closed");
            }
            return new FetchResponse(
                use.statement()
                    .read(
                        RowReader.class,
                        rows -> {
                          if (rows.position() != request.offset) {
                            throw lost(
                                "row "
                                    + request.offset
                                    + " was asked for and row "
                                    + rows.position()
                                    + " is next");
                          }
                          return frame(session, rows, request.fetchMaxRowCount);
                        }),
                false,
                false,
                connections.server());
          }
        });
  }

  /** Never "missing": a client would then run the statement again and skip rows by number. */
  static SQLException lost(String why) {
    return SqlState.CONNECTION_LOST.exception(
        "The rest of the result is lost: " + why + "; run the statement again");
  }

  private RowReader run(OpenStatement statement, String sql, List<?> parameters, long maxRows)
      throws SQLException {
    clientGone.accept(statement::cancelQuietly);
    return statement.run(
        new StatementCall(statement.newCallId(), sql, parameters, maxRows, 0), RowReader::new);
  }

  private ExecuteResponse executed(
      ServerSession session, OpenStatement statement, String sql, RowReader rows, int wanted)
      throws SQLException {
    int id = Integer.parseInt(statement.id());
    String connectionId = AvaticaConnections.connectionId(session);
    if (rows.columns().isEmpty()) {
      statement.read(RowReader.class, AvaticaStatements::drain);
      return new ExecuteResponse(
          List.of(
              new ResultSetResponse(connectionId, id, false, null, null, 0, connections.server())),
          false,
          connections.server());
    }
    Meta.Signature signature =
        AvaticaConnections.signature(sql, rows.columns(), List.of(), connections.types(session));
    Meta.Frame first = statement.read(RowReader.class, open -> frame(session, open, wanted));
    return new ExecuteResponse(
        List.of(
            new ResultSetResponse(
                connectionId, id, false, signature, first, -1, connections.server())),
        false,
        connections.server());
  }

  private static @Nullable Void drain(RowReader rows) throws SQLException {
    while (rows.batch() != null) {
      rows.take(1);
    }
    return null;
  }

  private Meta.Frame frame(ServerSession session, RowReader rows, int wanted) throws SQLException {
    return new AvaticaRows(connections.types(session), rows.timeZone()).frame(rows, wanted);
  }

  private int newStatement(
      ServerSession session, @Nullable String sql, @Nullable StatementShape shape)
      throws SQLException {
    int id = connections.newNumber();
    while (session.hasStatement(Integer.toString(id))) {
      id = connections.newNumber();
    }
    session.addStatement(Integer.toString(id), sql, shape);
    return id;
  }
}
