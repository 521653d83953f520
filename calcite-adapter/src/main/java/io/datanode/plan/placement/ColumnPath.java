package io.datanode.plan.placement;

import io.datanode.plan.filter.FilterPush;
import io.datanode.storage.sql.RowEstimate;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Follows a column down a query: to the pieces that it is read from, and to the least of the query
 * that gives all its values.
 */
final class ColumnPath {
  /** Sides greater than this are not kept in the embedded engine for the sake of their keys. */
  static final double KEPT = 200_000;

  private final RowEstimate estimate;

  ColumnPath(RowEstimate estimate) {
    this.estimate = estimate;
  }

  /** A column of a piece. */
  record Target(ShippedTable piece, int column) {}

  /** A column of a part of the query. */
  record Source(RelNode rel, int column) {}

  /** Pieces in which a condition on a column could be checked. */
  static List<Target> targets(RelNode rel, int column) {
    ShippedTable piece = UsedColumns.piece(rel);
    if (piece != null) {
      return List.of(new Target(piece, column));
    }
    if (rel instanceof Filter) {
      return targets(((Filter) rel).getInput(), column);
    } else if (rel instanceof Project) {
      Project project = (Project) rel;
      RexNode expression = project.getProjects().get(column);
      return expression instanceof RexInputRef && FilterPush.passes(project, column)
          ? targets(project.getInput(), ((RexInputRef) expression).getIndex())
          : List.of();
    } else if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return aggregate.getGroupType() == Aggregate.Group.SIMPLE
              && column < aggregate.getGroupCount()
          ? targets(aggregate.getInput(), aggregate.getGroupSet().nth(column))
          : List.of();
    } else if (rel instanceof Sort) {
      Sort sort = (Sort) rel;
      return sort.fetch == null && sort.offset == null
          ? targets(sort.getInput(), column)
          : List.of();
    } else if (rel instanceof SetOp) {
      List<Target> all = new ArrayList<>();
      rel.getInputs().forEach(input -> all.addAll(targets(input, column)));
      return all;
    } else if (rel instanceof Join || rel instanceof Correlate) {
      return joinTargets(rel, column);
    }
    return List.of();
  }

  private static List<Target> joinTargets(RelNode rel, int column) {
    int leftCount = rel.getInput(0).getRowType().getFieldCount();
    JoinRelType type =
        rel instanceof Join ? ((Join) rel).getJoinType() : ((Correlate) rel).getJoinType();
    if (column < leftCount) {
      return type == JoinRelType.RIGHT || type == JoinRelType.FULL
          ? List.of()
          : targets(rel.getInput(0), column);
    }
    return rel instanceof Join && (type == JoinRelType.INNER || type == JoinRelType.RIGHT)
        ? targets(rel.getInput(1), column - leftCount)
        : List.of();
  }

  /** The least of a query that gives all values of a column, and always the same; or null. */
  @Nullable Source source(RelNode rel, int column) {
    if (UsedColumns.piece(rel) != null) {
      return new Source(rel, column);
    }
    boolean whole = !(rel instanceof Join) || estimate.of(rel) <= KEPT * 10;
    if (whole && isStable(rel) && Scans.of(rel).embedded() && Scans.of(rel).closed()) {
      return new Source(rel, column);
    }
    if (rel instanceof Filter || rel instanceof Sort) {
      return source(rel.getInput(0), column);
    } else if (rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      return expression instanceof RexInputRef
          ? source(((Project) rel).getInput(), ((RexInputRef) expression).getIndex())
          : null;
    } else if (rel instanceof Aggregate) {
      Aggregate aggregate = (Aggregate) rel;
      return column < aggregate.getGroupCount()
          ? source(aggregate.getInput(), aggregate.getGroupSet().nth(column))
          : null;
    } else if (rel instanceof Join) {
      int leftCount = ((Join) rel).getLeft().getRowType().getFieldCount();
      return column < leftCount
          ? source(((Join) rel).getLeft(), column)
          : source(((Join) rel).getRight(), column - leftCount);
    } else if (rel instanceof Intersect || rel instanceof Minus) {
      return source(rel.getInput(0), column);
    }
    return null;
  }

  /** True if its rows are the same each time: they depend on no order and on no sum. */
  static boolean isStable(RelNode rel) {
    boolean rowwise =
        rel instanceof TableScan
            || rel instanceof Filter
            || (rel instanceof Project && !((Project) rel).containsOver())
            || (rel instanceof Join && !(rel instanceof AsofJoin))
            || (rel instanceof Union);
    return rowwise
        && Scans.of(rel).deterministic()
        && rel.getInputs().stream().allMatch(ColumnPath::isStable);
  }
}
