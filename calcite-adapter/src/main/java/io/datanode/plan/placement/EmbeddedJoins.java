package io.datanode.plan.placement;

import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reorders inner joins so that what the embedded engine can read is joined first. Conditions on any
 * of its nodes then say which keys of another storage's node are needed at all: in prices joined to
 * assets joined to sectors, the sector wanted decides which prices are shipped.
 */
final class EmbeddedJoins {
  private final RexBuilder rex;

  EmbeddedJoins(RexBuilder rex) {
    this.rex = rex;
  }

  RelNode apply(RelNode rel) {
    if (isInner(rel)) {
      Group group = new Group();
      group.flatten(rel, 0);
      RelNode reordered = group.reordered(rel);
      if (reordered != null) {
        return reordered;
      }
    }
    return RelTree.map(rel, this::apply);
  }

  private static boolean isInner(RelNode rel) {
    return rel instanceof Join
        && !(rel instanceof AsofJoin)
        && ((Join) rel).getJoinType() == JoinRelType.INNER
        && FilterPush.movable(((Join) rel).getCondition());
  }

  /** An input of a group of inner joins, with the place of its first column in their result. */
  private record Leaf(RelNode rel, int start) {
    ImmutableBitSet columns() {
      return ImmutableBitSet.range(start, start + rel.getRowType().getFieldCount());
    }
  }

  private final class Group {
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<RexNode> conditions = new ArrayList<>();

    int flatten(RelNode rel, int start) {
      if (!isInner(rel)) {
        leaves.add(new Leaf(apply(rel), start));
        return start + rel.getRowType().getFieldCount();
      }
      Join join = (Join) rel;
      int middle = flatten(join.getLeft(), start);
      int end = flatten(join.getRight(), middle);
      RelOptUtil.conjunctions(join.getCondition())
          .forEach(term -> conditions.add(RexUtil.shift(term, start)));
      return end;
    }

    /** Null if nothing is won. */
    @Nullable RelNode reordered(RelNode original) {
      List<Leaf> embedded = new ArrayList<>();
      List<Leaf> others = new ArrayList<>();
      for (Leaf leaf : leaves) {
        (Scans.of(leaf.rel()).embedded() ? embedded : others).add(leaf);
      }
      if (embedded.size() < 2 || others.isEmpty()) {
        return null;
      }
      List<Leaf> order = new ArrayList<>(connected(embedded));
      if (order.size() < 2) {
        return null;
      }
      List<Leaf> rest = new ArrayList<>(leaves);
      rest.removeAll(order);
      while (!rest.isEmpty()) {
        Leaf next =
            rest.stream().filter(leaf -> joins(order, leaf)).findFirst().orElse(rest.get(0));
        order.add(next);
        rest.remove(next);
      }
      return joined(order, original);
    }

    /** The most of these inputs that equalities connect. */
    private List<Leaf> connected(List<Leaf> candidates) {
      List<Leaf> best = List.of();
      for (Leaf first : candidates) {
        List<Leaf> reached = new ArrayList<>(List.of(first));
        boolean grown = true;
        while (grown) {
          grown = false;
          for (Leaf leaf : candidates) {
            if (!reached.contains(leaf) && joins(reached, leaf)) {
              reached.add(leaf);
              grown = true;
            }
          }
        }
        best = reached.size() > best.size() ? reached : best;
      }
      return best;
    }

    private boolean joins(List<Leaf> reached, Leaf leaf) {
      ImmutableBitSet columns =
          reached.stream().map(Leaf::columns).reduce(ImmutableBitSet.of(), ImmutableBitSet::union);
      return conditions.stream()
          .anyMatch(
              term -> {
                ImmutableBitSet used = RelOptUtil.InputFinder.bits(term);
                return term.isA(SqlKind.EQUALS)
                    && used.intersects(columns)
                    && used.intersects(leaf.columns())
                    && columns.union(leaf.columns()).contains(used);
              });
    }

    private RelNode joined(List<Leaf> order, RelNode original) {
      Map<Integer, Integer> places = new HashMap<>();
      List<RexNode> open = new ArrayList<>(conditions);
      ImmutableBitSet known = ImmutableBitSet.of();
      RelNode rows = null;
      for (Leaf leaf : order) {
        int place = rows == null ? 0 : rows.getRowType().getFieldCount();
        for (int column : leaf.columns()) {
          places.put(column, place + column - leaf.start());
        }
        known = known.union(leaf.columns());
        if (rows == null) {
          // What needs its columns only, or none, is asked of the first join.
          rows = leaf.rel();
          continue;
        }
        List<RexNode> now = new ArrayList<>();
        for (RexNode term : List.copyOf(open)) {
          if (known.contains(RelOptUtil.InputFinder.bits(term))) {
            open.remove(term);
            now.add(moved(term, places));
          }
        }
        RexNode condition = RexUtil.composeConjunction(rex, now);
        rows =
            LogicalJoin.create(rows, leaf.rel(), List.of(), condition, Set.of(), JoinRelType.INNER);
      }
      List<RexNode> columns = new ArrayList<>();
      for (RelDataTypeField field : original.getRowType().getFieldList()) {
        columns.add(new RexInputRef(places.get(field.getIndex()), field.getType()));
      }
      return LogicalProject.create(
          Objects.requireNonNull(rows),
          List.of(),
          columns,
          original.getRowType().getFieldNames(),
          Set.of());
    }
  }

  private static RexNode moved(RexNode term, Map<Integer, Integer> places) {
    return term.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return new RexInputRef(places.get(ref.getIndex()), ref.getType());
          }
        });
  }
}
