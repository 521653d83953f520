package io.datanode.server.rest;

import io.datanode.engine.InvalidSettingException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import io.datanode.server.session.ClientSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/query}: SQL with parameters, answered by rows in the format asked for. */
public final class QueryEndpoint extends RestEndpoint {
  private static final List<String> MEMBERS =
      List.of("sql", "parameters", "settings", "max_rows", "timeout_seconds");

  private final StatementRunner runner;
  private final RequestBody bodies;

  QueryEndpoint(StatementRunner runner, RequestBody bodies) {
    this.runner = runner;
    this.bodies = bodies;
  }

  @Override
  public Lane lane(Exchange exchange) {
    return Lane.STATEMENT;
  }

  @Override
  void reply(Exchange exchange) throws RefusedException, SQLException, IOException {
    RowsFormat format = Accepted.format(exchange);
    RequestObject request = bodies.object(exchange).onlyWith(MEMBERS);
    String sql = request.text("sql");
    List<@Nullable Object> parameters = request.values("parameters");
    int maxRows = request.wholeNumber("max_rows", 1, 0);
    int timeout = request.wholeNumber("timeout_seconds", 1, 0);
    Map<String, String> settings = settings(request);
    // One row more than asked for tells whether there are more.
    long limit = maxRows == 0 ? 0 : maxRows + 1L;
    try {
      runner.answer(
          exchange,
          settings,
          (session, id) -> session.execute(new StatementCall(id, sql, parameters, limit, timeout)),
          new StatementRunner.Answer(
              format.contentType(), (out, result) -> format.writer(out), maxRows));
    } catch (InvalidSettingException e) {
      throw placed(e, request);
    }
  }

  private static Map<String, String> settings(RequestObject request) throws RefusedException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (Map.Entry<String, String> sent : request.texts("settings").entrySet()) {
      try {
        settings.putAll(ClientSettings.of(Map.of(sent.getKey(), sent.getValue()), name -> false));
      } catch (SQLException e) {
        throw new RefusedException(HttpError.of(e).at(request.place("settings", sent.getKey())));
      }
    }
    return settings;
  }

  /** The error, with the place of the setting if it is the request that gave it, not its header. */
  private static RefusedException placed(InvalidSettingException error, RequestObject request)
      throws RefusedException {
    HttpError told = HttpError.of(error);
    for (String given : request.texts("settings").keySet()) {
      if (Setting.find(given).equals(Setting.find(error.setting()))) {
        return new RefusedException(told.at(request.place("settings", given)));
      }
    }
    return new RefusedException(told);
  }
}
