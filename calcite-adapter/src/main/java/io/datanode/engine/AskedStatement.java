package io.datanode.engine;

import io.datanode.node.NodeName;
import io.datanode.plan.DecimalPlace;
import io.datanode.plan.Plan;
import io.datanode.plan.PlanSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A statement to run, written or built.
 *
 * @param text for the query log
 * @param asOf the instant it is to be in, or null for that of the session
 * @param planning makes its plan, again if need be
 */
record AskedStatement(
    String id,
    String text,
    List<@Nullable Object> parameters,
    long maxRows,
    int timeoutSeconds,
    @Nullable Instant asOf,
    Function<PlanSettings, Plan> planning) {
  Plan plan(SessionSettings now, PlanSettings settings) {
    Plan plan = planning.apply(settings);
    if (plan instanceof Plan.ForArguments
        && parameters.size() == plan.shape().parameters().size()) {
      Set<Integer> wanted = ((Plan.ForArguments) plan).parameters();
      return plan(now, settings.forArguments(ParameterValues.arguments(wanted, parameters)));
    }
    Map<Integer, DecimalPlace> unequal =
        new ParameterValues(now.timeZone()).unequal(plan.shape().parameters(), parameters);
    return unequal.isEmpty() ? plan : planning.apply(settings.with(unequal));
  }

  /** The same while these nodes cannot be read. */
  AskedStatement without(Map<NodeName, String> unreadable) {
    return new AskedStatement(
        id,
        text,
        parameters,
        maxRows,
        timeoutSeconds,
        asOf,
        settings -> planning.apply(settings.without(unreadable)));
  }
}
