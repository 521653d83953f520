package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.plan.Plan;
import io.datanode.plan.PlanSettings;
import io.datanode.plan.QueryPlanner;
import io.datanode.plan.RelationalQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Plans made by hand, to show how the engine runs plans that SQL does not lead to so easily: pieces
 * shipped between storages, failures of the planner itself.
 */
final class ScriptedPlanner implements QueryPlanner {
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();

  /** A statement that the embedded engine runs as it stands. */
  ScriptedPlanner embedded(String sql, List<Plan.ParameterSource> parameters, ColumnType... types) {
    plans.put(sql, query(sql, parameters, List.of(), types));
    return this;
  }

  ScriptedPlanner plan(String sql, Plan plan) {
    plans.put(sql, plan);
    return this;
  }

  static Plan.Query query(
      String sql,
      List<Plan.ParameterSource> parameters,
      List<Plan.Shipment> shipments,
      ColumnType... types) {
    List<ResultColumn> columns = new ArrayList<>();
    for (ColumnType type : types) {
      columns.add(ResultColumn.of("c" + (columns.size() + 1), type));
    }
    List<ResultColumn> taken =
        parameters.stream()
            .filter(source -> source instanceof Plan.ParameterSource.User)
            .map(source -> ResultColumn.of("?", source.type()))
            .toList();
    return new Plan.Query(
        new StatementShape(columns, taken),
        new Plan.StorageStatement(Plan.StorageStatement.EMBEDDED, sql, parameters, List.of(types)),
        shipments);
  }

  @Override
  public Plan plan(String sql, PlanSettings settings) {
    Plan plan = plans.get(sql);
    if (plan == null) {
      throw new DataNodeException(SqlState.SYNTAX_ERROR, "No plan for " + sql);
    }
    return plan;
  }

  @Override
  public Plan.Query plan(RelationalQuery query, PlanSettings settings) {
    return (Plan.Query) plan(query.toString(), settings);
  }
}
