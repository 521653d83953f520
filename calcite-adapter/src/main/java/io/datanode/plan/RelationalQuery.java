package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import java.util.List;
import org.apache.calcite.rel.RelNode;

/**
 * A query that is built rather than parsed: what filters and fixed reads become. It is planned,
 * placed, remembered and run as SQL is.
 *
 * <p>It holds the structure of the query and no values of the user; these are bound when it runs.
 * Its plan is remembered by {@code equals} and {@code hashCode}: two equal queries must build the
 * same expression over the same nodes, so an implementation is best a record. {@code toString} is
 * what the query log shows; it must not hold values either.
 */
public interface RelationalQuery {
  /** Types of the values it takes, in order; {@code QueryBuilder.parameter} refers to them. */
  List<ColumnType> parameters();

  /**
   * Builds the expression; its field names become the labels of the result.
   *
   * @param builder fresh, over the nodes as they are now; not kept
   * @throws io.datanode.DataNodeException 42P01 or 42703 if a node or column is not there
   */
  RelNode build(QueryBuilder builder);
}
