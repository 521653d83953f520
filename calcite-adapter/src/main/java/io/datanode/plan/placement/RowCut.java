package io.datanode.plan.placement;

import io.datanode.plan.Plan;
import io.datanode.storage.sql.StorageDialect;
import java.math.BigDecimal;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexLiteral;

/**
 * A query of which only the first rows are read. A storage that would collect all rows of a LIMIT
 * before it gives the first is asked without it, and left once there are enough.
 *
 * @param rel the query without such a limit
 * @param rows how many rows are read
 */
record RowCut(RelNode rel, long rows) {
  /** The query as it is best asked of a storage that has this dialect. */
  static RowCut of(RelNode rel, StorageDialect dialect) {
    boolean limited =
        rel instanceof LogicalSort
            && ((LogicalSort) rel).collation.getFieldCollations().isEmpty()
            && ((LogicalSort) rel).offset == null
            && ((LogicalSort) rel).fetch instanceof RexLiteral;
    if (limited) {
      BigDecimal fetch = RexLiteral.bigDecimalValue(((RexLiteral) ((LogicalSort) rel).fetch));
      if (fetch.compareTo(BigDecimal.valueOf(dialect.streamedLimit())) > 0
          && fetch.compareTo(BigDecimal.valueOf(Plan.Query.ALL_ROWS)) < 0) {
        return new RowCut(((LogicalSort) rel).getInput(), fetch.longValueExact());
      }
    }
    return new RowCut(rel, Plan.Query.ALL_ROWS);
  }
}
