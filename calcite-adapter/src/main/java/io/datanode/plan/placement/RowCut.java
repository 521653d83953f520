package io.datanode.plan.placement;

import io.datanode.plan.Plan;
import io.datanode.storage.sql.StorageDialect;
import java.math.BigDecimal;
import java.util.OptionalLong;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexLiteral;

/**
 * A query of which only the first rows are read. A storage that would collect all rows of a LIMIT
 * before it gives the first is asked without it, and left once there are enough.
 *
 * @param rel the query without such a limit
 * @param rows how many rows are read
 */
record RowCut(RelNode rel, Plan.Rows rows) {
  /** The query as it is best asked of a storage that has this dialect. */
  static RowCut of(RelNode rel, StorageDialect dialect) {
    OptionalLong limit = limit(rel);
    if (limit.isPresent()) {
      LogicalSort sort = (LogicalSort) rel;
      boolean cut =
          limit.getAsLong() > dialect.streamedLimit()
              && sort.collation.getFieldCollations().isEmpty()
              && sort.offset == null;
      return new RowCut(cut ? sort.getInput() : rel, new Plan.Rows(limit.getAsLong(), cut));
    }
    return new RowCut(rel, most(rel));
  }

  /** What LIMIT or FETCH FIRST says, if it says a number. */
  private static OptionalLong limit(RelNode rel) {
    if (rel instanceof LogicalSort && ((LogicalSort) rel).fetch instanceof RexLiteral) {
      BigDecimal fetch = RexLiteral.bigDecimalValue(((RexLiteral) ((LogicalSort) rel).fetch));
      if (fetch.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
        return OptionalLong.of(fetch.longValueExact());
      }
    }
    return OptionalLong.empty();
  }

  private static Plan.Rows most(RelNode rel) {
    RelNode rows = rel;
    while (rows instanceof LogicalProject) {
      rows = ((LogicalProject) rows).getInput();
    }
    if (rows instanceof LogicalValues) {
      return new Plan.Rows(((LogicalValues) rows).getTuples().size(), false);
    }
    boolean one =
        rows instanceof LogicalAggregate
            && ((LogicalAggregate) rows).getGroupType() == Aggregate.Group.SIMPLE
            && ((LogicalAggregate) rows).getGroupSet().isEmpty();
    return one ? new Plan.Rows(1, false) : Plan.Rows.ALL;
  }
}
