package io.datanode.server.avatica;

import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.MetadataCall.Method;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.server.session.ServerSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.Meta.DatabaseProperty;
import org.apache.calcite.avatica.remote.Service.DatabasePropertyRequest;
import org.apache.calcite.avatica.remote.Service.DatabasePropertyResponse;
import org.apache.calcite.avatica.remote.Service.ResultSetResponse;
import org.jspecify.annotations.Nullable;

/** What a client asks about the catalog and about the product. */
final class AvaticaMetadata {
  private static final Map<String, DatabaseProperty> NAME_LISTS =
      Map.of(
          "KEYWORDS", DatabaseProperty.GET_S_Q_L_KEYWORDS,
          "NUMERIC_FUNCTIONS", DatabaseProperty.GET_NUMERIC_FUNCTIONS,
          "STRING_FUNCTIONS", DatabaseProperty.GET_STRING_FUNCTIONS,
          "SYSTEM_FUNCTIONS", DatabaseProperty.GET_SYSTEM_FUNCTIONS,
          "TIME_DATE_FUNCTIONS", DatabaseProperty.GET_TIME_DATE_FUNCTIONS);

  private final AvaticaConnections connections;

  AvaticaMetadata(AvaticaConnections connections) {
    this.connections = connections;
  }

  DatabasePropertyResponse properties(DatabasePropertyRequest request) {
    return connections.inSession(
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
          return new DatabasePropertyResponse(properties, connections.server());
        });
  }

  ResultSetResponse result(String connectionId, Method method, @Nullable Object... arguments) {
    return connections.inSession(
        connectionId,
        session -> {
          Rows rows = rows(session, method, arguments);
          return new ResultSetResponse(
              connectionId,
              connections.newNumber(),
              true,
              AvaticaConnections.signature("", rows.columns, List.of(), connections.types(session)),
              new Meta.Frame(0, true, new ArrayList<>(rows.rows)),
              -1,
              connections.server());
        });
  }

  private Rows rows(ServerSession session, Method method, @Nullable Object... arguments)
      throws SQLException {
    return session.locked(
        engine -> {
          try (Result result =
              engine.metadata(new MetadataCall(method, Arrays.asList(arguments)))) {
            return new Rows(
                result.columns(),
                new AvaticaRows(connections.types(session), result.timeZone()).all(result));
          }
        });
  }

  private record Rows(List<ResultColumn> columns, List<List<@Nullable Object>> rows) {}
}
