package io.datanode.plan.placement;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Cuts the inputs of a union to as many rows as the whole is cut to. */
final class UnionLimits {
  private final RexBuilder rex;

  UnionLimits(RexBuilder rex) {
    this.rex = rex;
  }

  /** The union with its inputs cut; null if that is not possible, or of no use. */
  @Nullable RelNode cut(Sort sort) {
    boolean whole = sort.fetch instanceof RexLiteral || (sort.fetch != null && sort.offset == null);
    boolean start = sort.offset == null || sort.offset instanceof RexLiteral;
    Project project = sort.getInput() instanceof Project ? (Project) sort.getInput() : null;
    RelNode input = project == null ? sort.getInput() : project.getInput();
    RelCollation collation = below(sort.getCollation(), project);
    if (!whole || !start || !(input instanceof Union) || collation == null) {
      return null;
    }
    Union union = (Union) input;
    if (!union.all
        || Scans.of(union).only() != null
        || union.getInputs().stream().noneMatch(UnionLimits::isForeign)
        || union.getInputs().stream().anyMatch(each -> each instanceof Sort)) {
      return null;
    }
    RexNode rows = sort.fetch;
    if (sort.offset != null) {
      rows =
          rex.makeExactLiteral(
              RexLiteral.bigDecimalValue(sort.fetch).add(RexLiteral.bigDecimalValue(sort.offset)));
    }
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode each : union.getInputs()) {
      inputs.add(LogicalSort.create(each, collation, null, rows));
    }
    RelNode cut = LogicalUnion.create(inputs, true);
    return sort.copy(
        sort.getTraitSet(),
        List.of(project == null ? cut : project.copy(project.getTraitSet(), List.of(cut))));
  }

  /** The same order by columns of the input of a projection; null if they are computed. */
  private static @Nullable RelCollation below(RelCollation collation, @Nullable Project project) {
    if (project == null) {
      return collation;
    }
    List<RelFieldCollation> fields = new ArrayList<>();
    for (RelFieldCollation field : collation.getFieldCollations()) {
      RexNode key = project.getProjects().get(field.getFieldIndex());
      if (!(key instanceof RexInputRef)) {
        return null;
      }
      fields.add(field.withFieldIndex(((RexInputRef) key).getIndex()));
    }
    return project.containsOver() ? null : RelCollations.of(fields);
  }

  /** True for what one other storage can give, and has not cut to a limit yet. */
  static boolean isForeign(RelNode rel) {
    Scans scans = Scans.of(rel);
    return scans.only() != null && !scans.foreign().isEmpty() && scans.closed() && !limited(rel);
  }

  private static boolean limited(RelNode rel) {
    return (rel instanceof Sort && ((Sort) rel).fetch != null)
        || ((rel instanceof Filter || rel instanceof Project) && limited(rel.getInput(0)));
  }
}
