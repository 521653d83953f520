package io.datanode.server.avatica;

import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.MetadataCall.Method;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.server.access.User;
import io.datanode.server.session.ClientSettings;
import io.datanode.server.session.OpenStatement;
import io.datanode.server.session.RowReader;
import io.datanode.server.session.ServerSession;
import io.datanode.server.session.ServerSession.StatementUse;
import io.datanode.server.session.Sessions;
import io.datanode.server.session.Sessions.SessionUse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.BuiltInConnectionProperty;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.Meta.DatabaseProperty;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one stock Avatica client, in one encoding.
 *
 * <p>A request names its connection by an id the client chose, and its statement by a number the
 * server chose; a statement is found only through the connection it belongs to. A result is never
 * run again behind the client's back: if it is gone, reading on is an error.
 *
 * <p>Implements Avatica's {@link Service} itself rather than its {@code Meta}: most methods of
 * {@code Meta} can never be reached by a remote client.
 */
public final class AvaticaService implements Service {
  private final Sessions sessions;
  private final Encoding encoding;
  private final User owner;
  private final Consumer<Runnable> clientGone;
  private @Nullable RpcMetadataResponse server;

  /**
   * A service for one request.
   *
   * @param owner who logged in, with an empty name if the server lets everybody in
   * @param clientGone takes what to do if the client goes while its statement runs
   */
  public AvaticaService(
      Sessions sessions, Encoding encoding, User owner, Consumer<Runnable> clientGone) {
    this.sessions = sessions;
    this.encoding = encoding;
    this.owner = owner;
    this.clientGone = clientGone;
  }

  @Override
  public void setRpcMetadata(RpcMetadataResponse metadata) {
    server = metadata;
  }

  // Connections

  @Override
  public OpenConnectionResponse apply(OpenConnectionRequest request) {
    return answer(
        () -> {
          Map<String, String> sent = request.info == null ? Map.of() : request.info;
          Map<String, String> settings =
              ClientSettings.of(sent, BuiltInConnectionProperty::isLocalProperty);
          User user =
              owner.name().isEmpty()
                  ? User.named(sent.getOrDefault(Setting.USER.key(), ""))
                  : owner;
          sessions.open(sessionId(request.connectionId), owner, user, settings);
          return new OpenConnectionResponse(server);
        });
  }

  @Override
  public CloseConnectionResponse apply(CloseConnectionRequest request) {
    sessions.close(sessionId(request.connectionId), owner);
    return new CloseConnectionResponse(server);
  }

  /**
   * Takes over what was set at the client, and answers with what is in force.
   *
   * <p>A refusal here would make clients send the refused value again with every later request. So
   * a schema that does not exist is reported by the next statement instead, once.
   */
  @Override
  public ConnectionSyncResponse apply(ConnectionSyncRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          String schema = required(request.connProps, "connProps").getSchema();
          if (schema != null && !schema.equals(session.engineSession().info().schema())) {
            try {
              session.locked(
                  engine -> {
                    engine.set(Setting.SCHEMA.key(), schema);
                    return null;
                  });
            } catch (SQLException e) {
              session.failLater(e);
            }
          }
          boolean autoCommit = !Boolean.FALSE.equals(request.connProps.isAutoCommit());
          ConnectionPropertiesImpl inForce =
              new ConnectionPropertiesImpl(
                  autoCommit,
                  true,
                  Connection.TRANSACTION_NONE,
                  request.connProps.getCatalog(),
                  session.engineSession().info().schema());
          return new ConnectionSyncResponse(inForce.setDirty(false), server);
        });
  }

  /** Nothing is ever written, so there is nothing to commit. */
  @Override
  public CommitResponse apply(CommitRequest request) {
    return inSession(request.connectionId, session -> EmptyResponses.COMMITTED);
  }

  /** Nothing is ever written, so there is nothing to roll back. */
  @Override
  public RollbackResponse apply(RollbackRequest request) {
    return inSession(request.connectionId, session -> EmptyResponses.ROLLED_BACK);
  }

  // Statements

  @Override
  public CreateStatementResponse apply(CreateStatementRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          session.throwPending();
          int id = newStatement(session, null, null);
          return new CreateStatementResponse(request.connectionId, id, server);
        });
  }

  @Override
  public CloseStatementResponse apply(CloseStatementRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          session.closeStatement(Integer.toString(request.statementId));
          return new CloseStatementResponse(server);
        });
  }

  @Override
  public PrepareResponse apply(PrepareRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          session.throwPending();
          StatementShape shape =
              session.locked(engine -> engine.prepare(required(request.sql, "sql")));
          int id = newStatement(session, request.sql, shape);
          Meta.Signature signature =
              signature(
                  request.sql,
                  shape.columns(),
                  types(session).parameters(shape.parameters()),
                  types(session));
          return new PrepareResponse(
              new Meta.StatementHandle(request.connectionId, id, signature), server);
        });
  }

  @Override
  public ExecuteResponse apply(PrepareAndExecuteRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          session.throwPending();
          Optional<StatementUse> found = session.use(Integer.toString(request.statementId));
          if (found.isEmpty()) {
            // The client makes a new statement and tries again; nothing has run yet.
            return new ExecuteResponse(null, true, server);
          }
          try (StatementUse use = found.get()) {
            RowReader rows =
                run(
                    use.statement(),
                    required(request.sql, "sql"),
                    List.of(),
                    Math.max(0, request.maxRowCount));
            return executed(
                session, use.statement(), request.sql, rows, request.maxRowsInFirstFrame);
          }
        });
  }

  @Override
  public ExecuteResponse apply(ExecuteRequest request) {
    return inSession(
        required(request.statementHandle, "statementHandle").connectionId,
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
                session, statement, sql, rows, (int) Math.min(request.maxRowCount, 100_000));
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

  @Override
  public FetchResponse apply(FetchRequest request) {
    return inSession(
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
                server);
          }
        });
  }

  /** Never "missing": a client would then run the statement again and skip rows by number. */
  private static SQLException lost(String why) {
    return SqlState.CONNECTION_LOST.exception(
        "The rest of the result is lost: " + why + "; run the statement again");
  }

  /** Only asked for by clients whose result is gone; see {@link #lost}. */
  @Override
  public SyncResultsResponse apply(SyncResultsRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          throw lost("the server does not hold it any more");
        });
  }

  @Override
  public ExecuteBatchResponse apply(PrepareAndExecuteBatchRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          throw readOnly();
        });
  }

  @Override
  public ExecuteBatchResponse apply(ExecuteBatchRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          throw readOnly();
        });
  }

  private static SQLException readOnly() {
    return SqlState.NOT_SUPPORTED.exception(
        "Batches change data, and nodes are read-only; run queries one by one");
  }

  // Metadata

  @Override
  public ResultSetResponse apply(CatalogsRequest request) {
    return metadata(request.connectionId, Method.CATALOGS);
  }

  @Override
  public ResultSetResponse apply(SchemasRequest request) {
    return metadata(request.connectionId, Method.SCHEMAS, request.catalog, request.schemaPattern);
  }

  @Override
  public ResultSetResponse apply(TablesRequest request) {
    return metadata(
        request.connectionId,
        Method.TABLES,
        request.catalog,
        request.schemaPattern,
        request.tableNamePattern,
        request.typeList);
  }

  @Override
  public ResultSetResponse apply(TableTypesRequest request) {
    return metadata(request.connectionId, Method.TABLE_TYPES);
  }

  @Override
  public ResultSetResponse apply(TypeInfoRequest request) {
    return metadata(request.connectionId, Method.TYPE_INFO);
  }

  @Override
  public ResultSetResponse apply(ColumnsRequest request) {
    return metadata(
        request.connectionId,
        Method.COLUMNS,
        request.catalog,
        request.schemaPattern,
        request.tableNamePattern,
        request.columnNamePattern);
  }

  @Override
  public DatabasePropertyResponse apply(DatabasePropertyRequest request) {
    return inSession(
        request.connectionId,
        session -> {
          Map<DatabaseProperty, Object> properties = new EnumMap<>(DatabaseProperty.class);
          SessionInfo info = session.engineSession().info();
          properties.put(DatabaseProperty.GET_DATABASE_PRODUCT_NAME, info.productName());
          properties.put(DatabaseProperty.GET_DATABASE_PRODUCT_VERSION, info.productVersion());
          properties.put(
              DatabaseProperty.GET_DEFAULT_TRANSACTION_ISOLATION, Connection.TRANSACTION_NONE);
          for (DatabaseProperty list : NAME_LISTS.values()) {
            properties.put(list, "");
          }
          for (List<@Nullable Object> row : rows(session, Method.NAME_LISTS).rows) {
            DatabaseProperty list = NAME_LISTS.get(String.valueOf(row.get(0)));
            if (list != null) {
              properties.put(list, String.valueOf(row.get(1)));
            }
          }
          return new DatabasePropertyResponse(properties, server);
        });
  }

  private static final Map<String, DatabaseProperty> NAME_LISTS =
      Map.of(
          "KEYWORDS", DatabaseProperty.GET_S_Q_L_KEYWORDS,
          "NUMERIC_FUNCTIONS", DatabaseProperty.GET_NUMERIC_FUNCTIONS,
          "STRING_FUNCTIONS", DatabaseProperty.GET_STRING_FUNCTIONS,
          "SYSTEM_FUNCTIONS", DatabaseProperty.GET_SYSTEM_FUNCTIONS,
          "TIME_DATE_FUNCTIONS", DatabaseProperty.GET_TIME_DATE_FUNCTIONS);

  private ResultSetResponse metadata(
      String connectionId, Method method, @Nullable Object... arguments) {
    return inSession(
        connectionId,
        session -> {
          Rows rows = rows(session, method, arguments);
          return new ResultSetResponse(
              connectionId,
              sessions.newNumber(),
              true,
              signature("", rows.columns, List.of(), types(session)),
              new Meta.Frame(0, true, new ArrayList<>(rows.rows)),
              -1,
              server);
        });
  }

  private Rows rows(ServerSession session, Method method, @Nullable Object... arguments)
      throws SQLException {
    return session.locked(
        engine -> {
          try (Result result =
              engine.metadata(new MetadataCall(method, Arrays.asList(arguments)))) {
            return new Rows(
                result.columns(), new AvaticaRows(types(session), result.timeZone()).all(result));
          }
        });
  }

  private record Rows(List<ResultColumn> columns, List<List<@Nullable Object>> rows) {}

  // Answers

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
    String connectionId = session.id().substring(SESSION_PREFIX.length());
    if (rows.columns().isEmpty()) {
      statement.read(RowReader.class, AvaticaService::drain);
      return new ExecuteResponse(
          List.of(new ResultSetResponse(connectionId, id, false, null, null, 0, server)),
          false,
          server);
    }
    Meta.Signature signature = signature(sql, rows.columns(), List.of(), types(session));
    Meta.Frame first = statement.read(RowReader.class, open -> frame(session, open, wanted));
    return new ExecuteResponse(
        List.of(new ResultSetResponse(connectionId, id, false, signature, first, -1, server)),
        false,
        server);
  }

  private static @Nullable Void drain(RowReader rows) throws SQLException {
    while (rows.batch() != null) {
      rows.take(1);
    }
    return null;
  }

  private Meta.Frame frame(ServerSession session, RowReader rows, int wanted) throws SQLException {
    return new AvaticaRows(types(session), rows.timeZone()).frame(rows, wanted);
  }

  private static Meta.Signature signature(
      String sql,
      List<ResultColumn> columns,
      List<AvaticaParameter> parameters,
      AvaticaTypes types) {
    List<ColumnMetaData> metadata = types.columns(columns);
    return Meta.Signature.create(
        metadata,
        sql,
        parameters,
        Meta.CursorFactory.LIST,
        columns.isEmpty() ? Meta.StatementType.OTHER_DDL : Meta.StatementType.SELECT);
  }

  private AvaticaTypes types(ServerSession session) {
    return new AvaticaTypes(
        encoding, "with_time_zone".equals(session.settings().get(Setting.TIMESTAMP_TYPE.key())));
  }

  private int newStatement(
      ServerSession session, @Nullable String sql, @Nullable StatementShape shape)
      throws SQLException {
    int id = sessions.newNumber();
    while (session.hasStatement(Integer.toString(id))) {
      id = sessions.newNumber();
    }
    session.addStatement(Integer.toString(id), sql, shape);
    return id;
  }

  // Avatica's clients choose the ids of their connections; the prefix keeps them from naming
  // sessions of other protocols.
  private static final String SESSION_PREFIX = "avatica/";

  private static String sessionId(@Nullable String connectionId) {
    return SESSION_PREFIX + required(connectionId, "connectionId");
  }

  /** What a message must hold: whoever writes it by hand may leave it out. */
  private static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw AvaticaFailure.of(SqlState.PROTOCOL_ERROR, "The request has no '" + name + "'");
    }
    return value;
  }

  private <T> T inSession(String connectionId, InSession<T> work) {
    SessionUse use =
        sessions.use(sessionId(connectionId), owner).orElseThrow(AvaticaFailure::missingConnection);
    try (use) {
      return answer(() -> work.with(use.session()));
    }
  }

  private static <T> T answer(Answer<T> answer) {
    try {
      return answer.give();
    } catch (SQLException e) {
      throw AvaticaFailure.of(e);
    }
  }

  @FunctionalInterface
  private interface InSession<T> {
    T with(ServerSession session) throws SQLException;
  }

  @FunctionalInterface
  private interface Answer<T> {
    T give() throws SQLException;
  }
}
