package io.datanode.plan.filter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Moves conditions as near to the nodes as they may go, so that each storage reads no more than it
 * has to. One storage alone does most of this better itself; all of it is done for queries over
 * several.
 *
 * <p>Conditions with sub-queries, with columns of an outer row, or of another value at each
 * evaluation stay where they are. Of an as-of join only conditions on the left side may move below
 * it: one on the right side would change which row matches.
 */
public final class FilterPush {
  private final RexBuilder rex;
  private final BiPredicate<RexNode, RelNode> worth;

  /** Moves every condition that may move. */
  public FilterPush(RexBuilder rex) {
    this(rex, (condition, rel) -> true);
  }

  /**
   * Moves conditions as far as it is of use.
   *
   * @param worth true if a condition on the rows of an expression is worth moving into it
   */
  public FilterPush(RexBuilder rex, BiPredicate<RexNode, RelNode> worth) {
    this.rex = rex;
    this.worth = worth;
  }

  /** The same rows, with conditions further down. */
  public RelNode push(RelNode rel) {
    return push(rel, List.of());
  }

  /** The rows of {@code rel} that meet all conditions. */
  public RelNode push(RelNode rel, List<RexNode> conditions) {
    if (rel instanceof Filter) {
      return filter((Filter) rel, conditions);
    }
    List<RexNode> below = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    for (RexNode condition : conditions) {
      (worth.test(condition, rel) ? below : staying).add(condition);
    }
    return above(into(rel, below), staying);
  }

  private RelNode into(RelNode rel, List<RexNode> conditions) {
    if (rel instanceof Project) {
      return project((Project) rel, conditions);
    } else if (rel instanceof AsofJoin) {
      return asofJoin((AsofJoin) rel, conditions);
    } else if (rel instanceof Join) {
      return join((Join) rel, conditions);
    } else if (rel instanceof Aggregate) {
      return aggregate((Aggregate) rel, conditions);
    } else if (rel instanceof SetOp) {
      return setOperation((SetOp) rel, conditions);
    } else if (rel instanceof Sort) {
      return sort((Sort) rel, conditions);
    } else if (rel instanceof Correlate) {
      return correlate((Correlate) rel, conditions);
    }
    return above(RelTree.map(rel, this::push), conditions);
  }

  /** True if a condition means the same wherever its columns are. */
  public static boolean movable(RexNode condition) {
    if (!RexUtil.isDeterministic(condition)) {
      return false;
    }
    boolean[] bound = new boolean[1];
    condition.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitSubQuery(RexSubQuery query) {
            bound[0] = true;
            return null;
          }

          @Override
          public Void visitCorrelVariable(RexCorrelVariable variable) {
            bound[0] = true;
            return null;
          }

          @Override
          public Void visitOver(RexOver over) {
            bound[0] = true;
            return null;
          }
        });
    return !bound[0];
  }

  /** All conditions as one, without the cast of nullability alone that a filter refuses. */
  public static RexNode all(RexBuilder rex, List<RexNode> conditions) {
    return RexUtil.removeNullabilityCast(
        rex.getTypeFactory(), RexUtil.composeConjunction(rex, conditions));
  }

  private RelNode above(RelNode rel, List<RexNode> conditions) {
    return conditions.isEmpty() ? rel : LogicalFilter.create(rel, all(rex, conditions));
  }

  private boolean movesInto(RelNode rel, RexNode condition) {
    return movable(condition) && worth.test(condition, rel);
  }

  private RelNode filter(Filter filter, List<RexNode> conditions) {
    List<RexNode> terms = new ArrayList<>(conditions);
    terms.addAll(RelOptUtil.conjunctions(filter.getCondition()));
    List<RexNode> moved = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    for (RexNode term : terms) {
      (movesInto(filter.getInput(), term) ? moved : staying).add(term);
    }
    RelNode input = push(filter.getInput(), moved);
    if (staying.isEmpty()) {
      return input;
    }
    RexNode condition = RelTree.mapSubQueries(all(rex, staying), this::push);
    return LogicalFilter.create(input, condition, ImmutableSet.copyOf(filter.getVariablesSet()));
  }

  private RelNode project(Project project, List<RexNode> conditions) {
    List<RexNode> below = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    for (RexNode condition : conditions) {
      boolean passes =
          RelOptUtil.InputFinder.bits(condition).asList().stream()
              .allMatch(column -> passes(project, column));
      (passes ? below : staying).add(condition);
    }
    List<RexNode> ofInput = RelOptUtil.pushPastProject(below, project);
    RelNode copied =
        RelTree.mapSubQueries(
            RelTree.mapInputs(project, input -> push(input, ofInput)), this::push);
    return above(copied, staying);
  }

  /** True if a condition on a column of the projection is one on its input. */
  public static boolean passes(Project project, int column) {
    RexNode expression = project.getProjects().get(column);
    if (!movable(expression)) {
      return false;
    }
    return !project.containsOver()
        || (expression instanceof RexInputRef
            && partitions(project).get(((RexInputRef) expression).getIndex()));
  }

  /** Input columns by which every window of the projection is partitioned. */
  private static ImmutableBitSet partitions(Project project) {
    List<ImmutableBitSet> keys = new ArrayList<>();
    for (RexNode expression : project.getProjects()) {
      expression.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitOver(RexOver over) {
              ImmutableBitSet.Builder columns = ImmutableBitSet.builder();
              for (RexNode key : over.getWindow().partitionKeys) {
                if (key instanceof RexInputRef) {
                  columns.set(((RexInputRef) key).getIndex());
                }
              }
              keys.add(columns.build());
              return super.visitOver(over);
            }
          });
    }
    return keys.stream().reduce(ImmutableBitSet::intersect).orElse(ImmutableBitSet.of());
  }

  private RelNode aggregate(Aggregate aggregate, List<RexNode> conditions) {
    List<RexNode> below = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    int keys = aggregate.getGroupCount();
    Map<Integer, Integer> inputs = new HashMap<>();
    for (int i = 0; i < keys; i++) {
      inputs.put(i, aggregate.getGroupSet().nth(i));
    }
    for (RexNode condition : conditions) {
      ImmutableBitSet columns = RelOptUtil.InputFinder.bits(condition);
      boolean passes =
          aggregate.getGroupType() == Aggregate.Group.SIMPLE
              && !columns.isEmpty()
              && ImmutableBitSet.range(keys).contains(columns);
      if (passes) {
        below.add(moved(condition, inputs, aggregate.getInput().getRowType()));
      } else {
        staying.add(condition);
      }
    }
    RelNode input = push(aggregate.getInput(), below);
    return above(aggregate.copy(aggregate.getTraitSet(), List.of(input)), staying);
  }

  private RelNode setOperation(SetOp set, List<RexNode> conditions) {
    List<RexNode> below = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    for (RexNode condition : conditions) {
      ImmutableBitSet columns = RelOptUtil.InputFinder.bits(condition);
      boolean passes =
          !columns.isEmpty()
              && set.getInputs().stream().allMatch(input -> sameTypes(set, input, columns));
      (passes ? below : staying).add(condition);
    }
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode input : set.getInputs()) {
      List<RexNode> own = new ArrayList<>();
      for (RexNode condition : below) {
        own.add(moved(condition, Map.of(), input.getRowType()));
      }
      inputs.add(push(input, own));
    }
    return above(set.copy(set.getTraitSet(), inputs), staying);
  }

  private static boolean sameTypes(RelNode set, RelNode input, ImmutableBitSet columns) {
    return columns.asList().stream()
        .allMatch(
            column ->
                SqlTypeUtil.equalSansNullability(
                    set.getRowType().getFieldList().get(column).getType(),
                    input.getRowType().getFieldList().get(column).getType()));
  }

  private RelNode sort(Sort sort, List<RexNode> conditions) {
    boolean limited = sort.fetch != null || sort.offset != null;
    RelNode input = push(sort.getInput(), limited ? List.of() : conditions);
    RelNode copied = sort.copy(sort.getTraitSet(), List.of(input));
    return limited ? above(copied, conditions) : copied;
  }

  private RelNode correlate(Correlate correlate, List<RexNode> conditions) {
    ImmutableBitSet left = ImmutableBitSet.range(correlate.getLeft().getRowType().getFieldCount());
    List<RexNode> below = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    for (RexNode condition : conditions) {
      (onlyFrom(condition, left) ? below : staying).add(condition);
    }
    RelNode pushedLeft = push(correlate.getLeft(), below);
    RelNode pushedRight = push(correlate.getRight(), List.of());
    return above(
        correlate.copy(correlate.getTraitSet(), List.of(pushedLeft, pushedRight)), staying);
  }

  private RelNode asofJoin(AsofJoin join, List<RexNode> conditions) {
    ImmutableBitSet left = ImmutableBitSet.range(join.getLeft().getRowType().getFieldCount());
    List<RexNode> below = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    for (RexNode condition : conditions) {
      (onlyFrom(condition, left) ? below : staying).add(condition);
    }
    // Rows of the right side that have none of the left side's keys match nothing.
    List<RexNode> right = new ArrayList<>();
    EqualColumns.fromLeft(join, join.getCondition()).addInferred(below, right);
    RelNode pushedLeft = push(join.getLeft(), below);
    RelNode pushedRight = push(join.getRight(), right);
    return above(join.copy(join.getTraitSet(), List.of(pushedLeft, pushedRight)), staying);
  }

  private RelNode join(Join join, List<RexNode> conditions) {
    JoinRelType type = join.getJoinType();
    if (type.isOuterJoin()) {
      type = RelOptUtil.simplifyJoin(join, ImmutableList.copyOf(conditions), type);
    }
    int leftCount = join.getLeft().getRowType().getFieldCount();
    int rightCount = join.getRight().getRowType().getFieldCount();
    ImmutableBitSet leftColumns = ImmutableBitSet.range(leftCount);
    ImmutableBitSet rightColumns = ImmutableBitSet.range(leftCount, leftCount + rightCount);
    List<RexNode> left = new ArrayList<>();
    List<RexNode> right = new ArrayList<>();
    List<RexNode> on = new ArrayList<>();
    List<RexNode> staying = new ArrayList<>();
    boolean inner = type == JoinRelType.INNER;
    boolean semi = type == JoinRelType.SEMI || type == JoinRelType.ANTI;
    for (RexNode condition : conditions) {
      if ((inner || semi || type == JoinRelType.LEFT) && onlyFrom(condition, leftColumns)) {
        left.add(condition);
      } else if ((inner || type == JoinRelType.RIGHT) && onlyFrom(condition, rightColumns)) {
        right.add(RexUtil.shift(condition, -leftCount));
      } else if (inner) {
        on.add(condition);
      } else {
        staying.add(condition);
      }
    }
    for (RexNode term : RelOptUtil.conjunctions(join.getCondition())) {
      boolean leftMayShrink = inner || type == JoinRelType.SEMI || type == JoinRelType.RIGHT;
      boolean rightMayShrink = inner || semi || type == JoinRelType.LEFT;
      if (leftMayShrink && onlyFrom(term, leftColumns) && movesInto(join.getLeft(), term)) {
        left.add(term);
      } else if (rightMayShrink
          && onlyFrom(term, rightColumns)
          && movesInto(join.getRight(), RexUtil.shift(term, -leftCount))) {
        right.add(RexUtil.shift(term, -leftCount));
      } else {
        on.add(term);
      }
    }
    RexNode condition = RexUtil.composeConjunction(rex, on);
    if (inner || semi || type == JoinRelType.LEFT) {
      EqualColumns.fromLeft(join, condition).addInferred(left, right);
    }
    if (inner || type == JoinRelType.SEMI || type == JoinRelType.RIGHT) {
      EqualColumns.fromRight(join, condition).addInferred(right, left);
    }
    RelNode pushedLeft = push(join.getLeft(), left);
    RelNode pushedRight = push(join.getRight(), right);
    RelNode copied =
        join.copy(
            join.getTraitSet(),
            RelTree.mapSubQueries(condition, this::push),
            pushedLeft,
            pushedRight,
            type,
            join.isSemiJoinDone());
    RelNode rows =
        copied.getRowType().equals(join.getRowType())
            ? copied
            : RelOptUtil.createCastRel(copied, join.getRowType(), true);
    return above(rows, staying);
  }

  private static boolean onlyFrom(RexNode condition, ImmutableBitSet columns) {
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(condition);
    return !used.isEmpty() && columns.contains(used);
  }

  /** A condition with its columns at other places and of the types they have there. */
  private static RexNode moved(RexNode condition, Map<Integer, Integer> places, RelDataType row) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            int place = places.getOrDefault(ref.getIndex(), ref.getIndex());
            return new RexInputRef(place, row.getFieldList().get(place).getType());
          }
        });
  }
}
