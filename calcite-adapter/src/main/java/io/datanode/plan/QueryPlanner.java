package io.datanode.plan;

/** Makes plans of SQL. Thread-safe. */
public interface QueryPlanner {
  /**
   * Plans a statement, or finds its plan among those remembered.
   *
   * @param sql one statement; a trailing semicolon is allowed
   * @throws io.datanode.DataNodeException 42xxx with line and column if the SQL is wrong
   */
  Plan plan(String sql, PlanSettings settings);
}
