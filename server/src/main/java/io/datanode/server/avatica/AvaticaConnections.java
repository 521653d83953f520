package io.datanode.server.avatica;

import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.server.access.User;
import io.datanode.server.session.ClientSettings;
import io.datanode.server.session.ServerSession;
import io.datanode.server.session.Sessions;
import io.datanode.server.session.Sessions.SessionUse;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.BuiltInConnectionProperty;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service.CloseConnectionRequest;
import org.apache.calcite.avatica.remote.Service.OpenConnectionRequest;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;
import org.jspecify.annotations.Nullable;

/** The connections of one stock Avatica client, each a session of the server. */
final class AvaticaConnections {
  // Avatica's clients choose the ids of their connections; the prefix keeps them from naming
  // sessions of other protocols.
  private static final String SESSION_PREFIX = "avatica/";

  private final Sessions sessions;
  private final Encoding encoding;
  private final User owner;
  private @Nullable RpcMetadataResponse server;

  AvaticaConnections(Sessions sessions, Encoding encoding, User owner) {
    this.sessions = sessions;
    this.encoding = encoding;
    this.owner = owner;
  }

  void at(RpcMetadataResponse address) {
    server = address;
  }

  /** What answers say of the server that gave them; null if they are to say nothing. */
  @Nullable RpcMetadataResponse server() {
    return server;
  }

  /** Opens a session with the settings that are among the properties of the client. */
  void open(OpenConnectionRequest request) {
    answer(
        () -> {
          Map<String, String> sent = request.info == null ? Map.of() : request.info;
          Map<String, String> settings =
              ClientSettings.of(sent, BuiltInConnectionProperty::isLocalProperty);
          User user =
              owner.name().isEmpty()
                  ? User.named(sent.getOrDefault(Setting.USER.key(), ""))
                  : owner;
          return sessions.open(sessionId(request.connectionId), owner, user, settings);
        });
  }

  void close(CloseConnectionRequest request) {
    sessions.close(sessionId(request.connectionId), owner);
  }

  /** A number that no statement of this server has had. */
  int newNumber() {
    return sessions.newNumber();
  }

  /** The id that the client gave the connection of a session. */
  static String connectionId(ServerSession session) {
    return session.id().substring(SESSION_PREFIX.length());
  }

  /**
   * Does something in the session of a connection.
   *
   * @throws AvaticaFailure if there is no such connection of this user, or for an error of the work
   */
  <T> T inSession(String connectionId, InSession<T> work) {
    SessionUse use =
        sessions.use(sessionId(connectionId), owner).orElseThrow(AvaticaFailure::missingConnection);
    try (use) {
      return answer(() -> work.with(use.session()));
    }
  }

  AvaticaTypes types(ServerSession session) {
    return new AvaticaTypes(
        encoding, "with_time_zone".equals(session.settings().get(Setting.TIMESTAMP_TYPE.key())));
  }

  static Meta.Signature signature(
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

  /** What a message must hold: whoever writes it by hand may leave it out. */
  static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw AvaticaFailure.of(SqlState.PROTOCOL_ERROR, "The request has no '" + name + "'");
    }
    return value;
  }

  private static String sessionId(@Nullable String connectionId) {
    return SESSION_PREFIX + required(connectionId, "connectionId");
  }

  private static <T> T answer(Answer<T> answer) {
    try {
      return answer.give();
    } catch (SQLException e) {
      throw AvaticaFailure.of(e);
    }
  }

  @FunctionalInterface
  interface InSession<T> {
    T with(ServerSession session) throws SQLException;
  }

  @FunctionalInterface
  private interface Answer<T> {
    T give() throws SQLException;
  }
}
