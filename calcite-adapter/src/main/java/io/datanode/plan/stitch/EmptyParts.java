package io.datanode.plan.stitch;

import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.filter.RelTree;
import io.datanode.plan.time.BoundedRanges;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;

/**
 * Leaves out parts of which conditions on time leave nothing, as those on the far side of a
 * boundary: their storage is not asked.
 */
public final class EmptyParts {
  private final List<ParameterSource> sources;

  /**
   * For one statement.
   *
   * @param sources what its parameters stand for; ends of ranges are added behind
   */
  public EmptyParts(List<ParameterSource> sources) {
    this.sources = sources;
  }

  /** The same rows, sub-queries included. */
  public RelNode apply(RelNode rel) {
    RelNode mapped = RelTree.map(rel, this::apply);
    if (mapped instanceof Filter) {
      return empty(mapped.getInput(0)) || nothingMeets((Filter) mapped) ? none(mapped) : mapped;
    }
    if (mapped instanceof Project) {
      return empty(mapped.getInput(0)) ? none(mapped) : mapped;
    }
    return mapped instanceof Union && ((Union) mapped).all ? union((Union) mapped) : mapped;
  }

  private boolean nothingMeets(Filter filter) {
    return BoundedRanges.of(filter, sources).stream().anyMatch(BoundedRanges::neverHolds);
  }

  private static boolean empty(RelNode rel) {
    return rel instanceof Values && ((Values) rel).getTuples().isEmpty();
  }

  private static RelNode none(RelNode rel) {
    return LogicalValues.createEmpty(rel.getCluster(), rel.getRowType());
  }

  private static RelNode union(Union union) {
    List<RelNode> left = new ArrayList<>();
    union.getInputs().stream().filter(input -> !empty(input)).forEach(left::add);
    if (left.size() == union.getInputs().size()) {
      return union;
    }
    if (left.isEmpty()) {
      return none(union);
    }
    RelNode rest = left.size() == 1 ? left.get(0) : LogicalUnion.create(left, true);
    return RelOptUtil.areRowTypesEqual(rest.getRowType(), union.getRowType(), true)
        ? rest
        : RelOptUtil.createCastRel(rest, union.getRowType(), true);
  }
}
