package io.datanode.server.avatica;

import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.MetadataCall.Method;
import io.datanode.server.access.User;
import io.datanode.server.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.remote.Service;

/**
 * Answers the requests of one stock Avatica client, in one encoding.
 *
 * <p>A request names its connection by an id the client chose, and its statement by a number the
 * server chose; a statement is found only through the connection it belongs to.
 *
 * <p>Implements Avatica's {@link Service} itself rather than its {@code Meta}: most methods of
 * {@code Meta} can never be reached by a remote client.
 */
public final class AvaticaService implements Service {
  private final AvaticaConnections connections;
  private final AvaticaStatements statements;
  private final AvaticaMetadata metadata;

  /**
   * A service for one request.
   *
   * @param owner who logged in, with an empty name if the server lets everybody in
   * @param clientGone takes what to do if the client goes while its statement runs
   */
  public AvaticaService(
      Sessions sessions, Encoding encoding, User owner, Consumer<Runnable> clientGone) {
    this.connections = new AvaticaConnections(sessions, encoding, owner);
    this.statements = new AvaticaStatements(connections, clientGone);
    this.metadata = new AvaticaMetadata(connections);
  }

  @Override
  public void setRpcMetadata(RpcMetadataResponse address) {
    connections.at(address);
  }

  // Connections

  @Override
  public OpenConnectionResponse apply(OpenConnectionRequest request) {
    connections.open(request);
    return new OpenConnectionResponse(connections.server());
  }

  @Override
  public CloseConnectionResponse apply(CloseConnectionRequest request) {
    connections.close(request);
    return new CloseConnectionResponse(connections.server());
  }

  /**
   * Takes over what was set at the client, and answers with what is in force.
   *
   * <p>A refusal here would make clients send the refused value again with every later request. So
   * a schema that does not exist is reported by the next statement instead, once.
   */
  @Override
  public ConnectionSyncResponse apply(ConnectionSyncRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          String schema = AvaticaConnections.required(request.connProps, "connProps").getSchema();
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
          return new ConnectionSyncResponse(inForce.setDirty(false), connections.server());
        });
  }

  /** Nothing is ever written, so there is nothing to commit. */
  @Override
  public CommitResponse apply(CommitRequest request) {
    return connections.inSession(request.connectionId, session -> EmptyResponses.COMMITTED);
  }

  /** Nothing is ever written, so there is nothing to roll back. */
  @Override
  public RollbackResponse apply(RollbackRequest request) {
    return connections.inSession(request.connectionId, session -> EmptyResponses.ROLLED_BACK);
  }

  // Statements

  @Override
  public CreateStatementResponse apply(CreateStatementRequest request) {
    return statements.create(request);
  }

  @Override
  public CloseStatementResponse apply(CloseStatementRequest request) {
    return statements.close(request);
  }

  @Override
  public PrepareResponse apply(PrepareRequest request) {
    return statements.prepare(request);
  }

  @Override
  public ExecuteResponse apply(PrepareAndExecuteRequest request) {
    return statements.prepareAndExecute(request);
  }

  @Override
  public ExecuteResponse apply(ExecuteRequest request) {
    return statements.execute(request);
  }

  @Override
  public FetchResponse apply(FetchRequest request) {
    return statements.fetch(request);
  }

  /** Only asked for by clients whose result is gone; see {@link AvaticaStatements#lost}. */
  @Override
  public SyncResultsResponse apply(SyncResultsRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          throw AvaticaStatements.lost("the server does not hold it any more");
        });
  }

  @Override
  public ExecuteBatchResponse apply(PrepareAndExecuteBatchRequest request) {
    return connections.inSession(
        request.connectionId,
        session -> {
          throw readOnly();
        });
  }

  @Override
  public ExecuteBatchResponse apply(ExecuteBatchRequest request) {
    return connections.inSession(
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
    return metadata.result(request.connectionId, Method.CATALOGS);
  }

  @Override
  public ResultSetResponse apply(SchemasRequest request) {
    return metadata.result(
        request.connectionId, Method.SCHEMAS, request.catalog, request.schemaPattern);
  }

  @Override
  public ResultSetResponse apply(TablesRequest request) {
    return metadata.result(
        request.connectionId,
        Method.TABLES,
        request.catalog,
        request.schemaPattern,
        request.tableNamePattern,
        request.typeList);
  }

  @Override
  public ResultSetResponse apply(TableTypesRequest request) {
    return metadata.result(request.connectionId, Method.TABLE_TYPES);
  }

  @Override
  public ResultSetResponse apply(TypeInfoRequest request) {
    return metadata.result(request.connectionId, Method.TYPE_INFO);
  }

  @Override
  public ResultSetResponse apply(ColumnsRequest request) {
    return metadata.result(
        request.connectionId,
        Method.COLUMNS,
        request.catalog,
        request.schemaPattern,
        request.tableNamePattern,
        request.columnNamePattern);
  }

  @Override
  public DatabasePropertyResponse apply(DatabasePropertyRequest request) {
    return metadata.properties(request);
  }
}
