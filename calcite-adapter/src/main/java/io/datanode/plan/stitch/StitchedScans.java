package io.datanode.plan.stitch;

import com.google.common.collect.ImmutableSet;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.SqlPlaces;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.jspecify.annotations.Nullable;

/**
 * Replaces each stitched node that a query reads by its parts.
 *
 * <p>The conditions of the query are moved to the node before: each part is then asked for rows
 * that meet them, and a part that can have none is left out.
 */
public final class StitchedScans {
  private final RexBuilder rex;
  private final List<ParameterSource> sources;
  private final SqlPlaces places;

  /**
   * For one statement.
   *
   * @param sources what its parameters stand for; boundaries that move are added behind
   * @param places takes down that parts are named where the node is
   */
  public StitchedScans(RexBuilder rex, List<ParameterSource> sources, SqlPlaces places) {
    this.rex = rex;
    this.sources = sources;
    this.places = places;
  }

  /** The query over parts, sub-queries included; itself if it reads no stitched node. */
  public RelNode apply(RelNode rel) {
    // A part may be stitched too.
    RelNode parts = rel;
    while (reads(parts)) {
      parts = expanded(new FilterPush(rex).push(parts));
    }
    return parts;
  }

  private static boolean reads(RelNode rel) {
    if (stitched(rel) != null || rel.getInputs().stream().anyMatch(StitchedScans::reads)) {
      return true;
    }
    boolean[] found = new boolean[1];
    rel.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            found[0] |= reads(query.rel);
            return super.visitSubQuery(query);
          }
        });
    return found[0];
  }

  private static @Nullable NodeTable stitched(RelNode rel) {
    NodeTable table =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(NodeTable.class)
            : null;
    return table != null && table.node().stitched() ? table : null;
  }

  private RelNode expanded(RelNode rel) {
    if (rel instanceof Filter) {
      return filtered((Filter) rel);
    }
    NodeTable table = stitched(rel);
    return table == null
        ? RelTree.map(rel, this::expanded)
        : StitchedRows.of(rel, table, rex, sources, places).rows(List.of());
  }

  private RelNode filtered(Filter filter) {
    RelNode input = filter.getInput();
    RelNode scan = input instanceof Snapshot ? input.getInput(0) : input;
    NodeTable table = stitched(scan);
    if (table == null) {
      return RelTree.map(filter, this::expanded);
    }
    List<RexNode> moved = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      (FilterPush.movable(term) ? moved : staying).add(term);
    }
    RelNode rows = StitchedRows.of(scan, table, rex, sources, places).rows(moved);
    RelNode known = scan == input ? rows : input.copy(input.getTraitSet(), List.of(rows));
    return staying.isEmpty()
        ? known
        : LogicalFilter.create(
            known,
            RelTree.mapSubQueries(FilterPush.all(rex, staying), this::expanded),
            ImmutableSet.copyOf(filter.getVariablesSet()));
  }
}
