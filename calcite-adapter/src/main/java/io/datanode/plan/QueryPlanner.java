package io.datanode.plan;

/** Makes plans of SQL and of queries that are built. Thread-safe. */
public interface QueryPlanner {
  /**
   * Plans a statement, or finds its plan among those remembered.
   *
   * @param sql one statement; a trailing semicolon is allowed
   * @throws io.datanode.DataNodeException 42xxx with line and column if the SQL is wrong
   */
  Plan plan(String sql, PlanSettings settings);

  /**
   * Plans a query that is built, or finds its plan among those remembered.
   *
   * @throws io.datanode.DataNodeException 42xxx if it cannot be built over the nodes as they are
   */
  Plan.Query plan(RelationalQuery query, PlanSettings settings);

  /** How often a plan was remembered. */
  default PlanCounts counts() {
    return PlanCounts.NONE;
  }
}
