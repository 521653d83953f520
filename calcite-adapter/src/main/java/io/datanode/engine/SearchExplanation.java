package io.datanode.engine;

import io.datanode.plan.Plan;
import io.datanode.search.NoSearchException;
import io.datanode.search.RelToSearch;
import io.datanode.search.SearchJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code EXPLAIN PLAN AS SEARCH FOR} says of a query. */
final class SearchExplanation {
  private final Plan.ExplainSearch explain;
  private final QueryRun.Arguments arguments;

  /**
   * An explanation.
   *
   * @param arguments values of the query's parameters, or none
   */
  SearchExplanation(Plan.ExplainSearch explain, QueryRun.Arguments arguments) {
    this.explain = explain;
    this.arguments = arguments;
  }

  /** The request as JSON and the columns of its result that the query has; or why there is none. */
  List<String> lines() {
    try {
      RelToSearch.Said said = RelToSearch.of(explain.rel(), this::value);
      return List.of(
          SearchJson.wire().write(said.request()), "columns " + String.join(", ", said.columns()));
    } catch (NoSearchException e) {
      return List.of("no search gives these rows: " + e.getMessage());
    }
  }

  private @Nullable Object value(int parameter) {
    Plan.ParameterSource source = explain.sources().get(parameter);
    if (source instanceof Plan.ParameterSource.User && arguments.parameters().isEmpty()) {
      throw RelToSearch.unknownParameter(parameter + 1);
    }
    return arguments.value(source);
  }
}
