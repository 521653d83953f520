package io.datanode.server.rest;

import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query string of a request. */
final class QueryParameters {
  private final Map<String, String> values;

  private QueryParameters(Map<String, String> values) {
    this.values = values;
  }

  /**
   * The parameters of a request.
   *
   * @param known what there may be
   * @throws RefusedException 400 for another one, or one that is given twice
   */
  static QueryParameters of(Exchange exchange, Collection<String> known) throws RefusedException {
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, List<String>> given : exchange.queryParameters().entrySet()) {
      String name = given.getKey();
      if (!known.contains(name)) {
        throw refused(
            "There is no query parameter '"
                + name
                + "'"
                + Nearest.hint(name, "the parameters here", known));
      }
      if (given.getValue().size() > 1) {
        throw refused("Query parameter '" + name + "' is given more than once");
      }
      values.put(name, given.getValue().get(0));
    }
    return new QueryParameters(values);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  boolean flag(String name) throws RefusedException {
    String value = values.getOrDefault(name, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw refused("Query parameter '" + name + "' is '" + value + "'; expected true or false");
    }
    return value.equals("true");
  }

  /** A whole number greater than zero, or 0 if it is not there. */
  int positive(String name) throws RefusedException {
    String value = values.get(name);
    if (value == null) {
      return 0;
    }
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw refused(
          "Query parameter '"
              + name
              + "' is '"
              + value
              + "'; expected a whole number from 1 to 999999999");
    }
    return Integer.parseInt(value);
  }

  private static RefusedException refused(String message) {
    return new RefusedException(HttpError.of(400, SqlState.INVALID_PARAMETER, message));
  }
}
