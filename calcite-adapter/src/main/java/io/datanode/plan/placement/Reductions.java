package io.datanode.plan.placement;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Plan.Reduction.Use;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.KeysPredicate;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.ColumnTypes;
import io.datanode.storage.sql.AsofSides;
import io.datanode.storage.sql.RowEstimate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Semi-join reduction: finds the pieces whose rows need not all be shipped, because a join, an IN
 * or an EXISTS keeps only those with a key that another part of the query has, and asks them for
 * these keys only. It never changes an answer: a key set holds at least the keys that can match.
 *
 * <p>Keys are computed apart from the rows they come from, so they come only from what gives the
 * same rows each time; where a limit or the like makes that uncertain, its rows are kept in the
 * embedded engine and read twice from there.
 */
final class Reductions {
  /** Keys that are sent as a list; beyond them the least and the greatest are. */
  static final int KEYS = 100_000;

  /** Pieces smaller than this are shipped as they are. */
  private static final double WORTHWHILE = 2_000;

  private static final Set<ColumnType.Kind> KINDS =
      EnumSet.of(
          ColumnType.Kind.TINYINT,
          ColumnType.Kind.SMALLINT,
          ColumnType.Kind.INTEGER,
          ColumnType.Kind.BIGINT,
          ColumnType.Kind.DECIMAL,
          ColumnType.Kind.VARCHAR,
          ColumnType.Kind.UUID,
          ColumnType.Kind.DATE,
          ColumnType.Kind.TIMESTAMP,
          ColumnType.Kind.INSTANT);

  private final RexBuilder rex;
  private final RowEstimate estimate;
  private final Splitter splitter;
  private final FilterPush filters;
  private final ColumnPath columns;
  private final List<Keys> keys = new ArrayList<>();

  Reductions(RexBuilder rex, RowEstimate estimate, Splitter splitter) {
    this.rex = rex;
    this.estimate = estimate;
    this.splitter = splitter;
    this.filters = new FilterPush(rex);
    this.columns = new ColumnPath(estimate);
  }

  /**
   * Where the keys of a set come from.
   *
   * @param rel gives them in {@code column}, perhaps among others
   * @param list true if some use takes all of them, not only bounds
   */
  record Keys(RelNode rel, int column, boolean list) {
    ColumnType type() {
      return ColumnTypes.fromRel(rel.getRowType().getFieldList().get(column).getType());
    }
  }

  /** Key sets by number. */
  List<Keys> keys() {
    return keys;
  }

  /** The same query; pieces it reads have become narrower, and sides of joins may be kept. */
  RelNode reduce(RelNode rel) {
    RelNode copied = RelTree.map(rel, this::reduce);
    if (copied instanceof Join) {
      return join((Join) copied);
    }
    if (copied instanceof Filter) {
      return filter((Filter) copied);
    }
    if (copied instanceof Project && !copied.getVariablesSet().isEmpty()) {
      RelNode row = copied;
      for (RexNode expression : ((Project) copied).getProjects()) {
        subQueries(expression, query -> correlated(row, query.rel, false));
      }
    }
    return copied;
  }

  private RelNode join(Join join) {
    JoinRelType type = join.getJoinType();
    boolean asof = join instanceof AsofJoin;
    boolean inner = type == JoinRelType.INNER || type == JoinRelType.SEMI;
    boolean reducesLeft = inner || type == JoinRelType.RIGHT || type == JoinRelType.ASOF;
    boolean reducesRight = inner || asof || type == JoinRelType.LEFT || type == JoinRelType.ANTI;
    RelNode left = join.getLeft();
    RelNode right = join.getRight();
    if (reducesLeft && reducesRight && isGreater(left, right)) {
      right = keepIfNeeded(left, right);
      comparisons(join, right, left, false);
      comparisons(join, left, right, true);
    } else {
      if (reducesRight) {
        left = keepIfNeeded(right, left);
        comparisons(join, left, right, true);
      }
      if (reducesLeft) {
        right = keepIfNeeded(left, right);
        comparisons(join, right, left, false);
      }
    }
    return left == join.getLeft() && right == join.getRight()
        ? join
        : join.copy(join.getTraitSet(), List.of(left, right));
  }

  private boolean isGreater(RelNode first, RelNode second) {
    return estimate.of(first) > estimate.of(second);
  }

  /** Keeps the rows of a side whose keys narrow the other, if computing them twice may differ. */
  private RelNode keepIfNeeded(RelNode reduced, RelNode side) {
    Scans scans = Scans.of(side);
    boolean narrows =
        Scans.of(reduced).shipped().stream()
            .anyMatch(piece -> piece.storage() != null && work(piece.rel()) >= WORTHWHILE);
    return narrows
            && scans.embedded()
            && scans.closed()
            && !ColumnPath.isStable(side)
            && estimate.of(side) <= ColumnPath.KEPT
        ? splitter.keep(side).scan()
        : side;
  }

  /** Narrows one side of a join by what its condition compares with the other. */
  private void comparisons(Join join, RelNode from, RelNode reduced, boolean reducesRight) {
    int leftCount = join.getLeft().getRowType().getFieldCount();
    for (RexNode term : RelOptUtil.conjunctions(join.getCondition())) {
      comparison(term, leftCount, from, reduced, reducesRight);
    }
    if (join instanceof AsofJoin) {
      for (RexNode term : RelOptUtil.conjunctions(((AsofJoin) join).getMatchCondition())) {
        comparison(term, leftCount, from, reduced, reducesRight);
      }
    }
  }

  private void comparison(
      RexNode term, int leftCount, RelNode from, RelNode reduced, boolean reducesRight) {
    if (!(term instanceof RexCall) || ((RexCall) term).getOperands().size() != 2) {
      return;
    }
    RexNode first = ((RexCall) term).getOperands().get(0);
    RexNode second = ((RexCall) term).getOperands().get(1);
    if (!(first instanceof RexInputRef) && second instanceof RexInputRef && reducesRight) {
      shifted((RexCall) term, leftCount, from, reduced);
      return;
    }
    if (!(first instanceof RexInputRef) || !(second instanceof RexInputRef)) {
      return;
    }
    int one = ((RexInputRef) first).getIndex();
    int two = ((RexInputRef) second).getIndex();
    boolean leftFirst = one < leftCount;
    if (leftFirst == two < leftCount) {
      return;
    }
    int left = leftFirst ? one : two;
    int right = (leftFirst ? two : one) - leftCount;
    boolean reducedFirst = leftFirst != reducesRight;
    Use use = use(term.getKind(), reducedFirst);
    if (use != null) {
      reduce(from, reducesRight ? left : right, reduced, reducesRight ? right : left, use);
    }
  }

  /**
   * A bound of an as-of join such as {@code p.time_index - INTERVAL '5' DAY <= f.time_index}: what
   * is computed of the left side is a column of it for once.
   */
  private void shifted(RexCall term, int leftCount, RelNode left, RelNode right) {
    RexNode value = term.getOperands().get(0);
    int column = ((RexInputRef) term.getOperands().get(1)).getIndex() - leftCount;
    Use use = use(term.getKind(), false);
    if (use == null || use == Use.KEYS || !AsofSides.isLeft(value, leftCount) || column < 0) {
      return;
    }
    List<String> name = List.of("bound");
    RelNode values = LogicalProject.create(left, List.of(), List.of(value), name, Set.of());
    reduce(values, 0, right, column, use);
  }

  /** What the keys of the other side say of the side to narrow. */
  private static @Nullable Use use(SqlKind comparison, boolean reducedFirst) {
    switch (comparison) {
      case EQUALS:
        return Use.KEYS;
      case LESS_THAN:
      case LESS_THAN_OR_EQUAL:
        return reducedFirst ? Use.AT_MOST : Use.AT_LEAST;
      case GREATER_THAN:
      case GREATER_THAN_OR_EQUAL:
        return reducedFirst ? Use.AT_LEAST : Use.AT_MOST;
      default:
        return null;
    }
  }

  private RelNode filter(Filter filter) {
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      if (term instanceof RexSubQuery && term.isA(SqlKind.IN)) {
        RexSubQuery query = (RexSubQuery) term;
        for (int i = 0; i < query.getOperands().size(); i++) {
          if (query.getOperands().get(i) instanceof RexInputRef) {
            int outer = ((RexInputRef) query.getOperands().get(i)).getIndex();
            either(filter.getInput(), outer, query.rel, i);
          }
        }
      }
      boolean exists = term.isA(SqlKind.EXISTS);
      subQueries(term, query -> correlated(filter, query.rel, exists && query == term));
    }
    return filter;
  }

  private void either(RelNode first, int firstColumn, RelNode second, int secondColumn) {
    if (isGreater(first, second)) {
      reduce(second, secondColumn, first, firstColumn, Use.KEYS);
    } else {
      reduce(first, firstColumn, second, secondColumn, Use.KEYS);
      reduce(second, secondColumn, first, firstColumn, Use.KEYS);
    }
  }

  private static void subQueries(RexNode term, Consumer<RexSubQuery> each) {
    term.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitSubQuery(RexSubQuery query) {
            each.accept(query);
            return super.visitSubQuery(query);
          }
        });
  }

  /** Equalities of a sub-query with columns of the row outside narrow what the sub-query reads. */
  private void correlated(RelNode outer, RelNode rel, boolean bothWays) {
    if (rel instanceof Filter) {
      for (RexNode term : RelOptUtil.conjunctions(((Filter) rel).getCondition())) {
        if (!term.isA(SqlKind.EQUALS)) {
          continue;
        }
        RexNode first = ((RexCall) term).getOperands().get(0);
        RexNode second = ((RexCall) term).getOperands().get(1);
        RexNode own = first instanceof RexInputRef ? first : second;
        Integer field = outerField(own == first ? second : first, outer.getVariablesSet());
        if (own instanceof RexInputRef && field != null) {
          int column = ((RexInputRef) own).getIndex();
          if (bothWays && isGreater(outer.getInput(0), rel)) {
            reduce(rel.getInput(0), column, outer.getInput(0), field, Use.KEYS);
          } else {
            reduce(outer.getInput(0), field, rel.getInput(0), column, Use.KEYS);
          }
        }
      }
    }
    // Below a limit or an outer join the condition would no longer be about the same rows for
    // both ways; from outside in, each filter stands for itself.
    boolean stillBoth = bothWays && (rel instanceof Filter || rel instanceof Project);
    rel.getInputs().forEach(input -> correlated(outer, input, stillBoth));
  }

  private static @Nullable Integer outerField(RexNode node, Set<CorrelationId> ids) {
    if (!(node instanceof RexFieldAccess)) {
      return null;
    }
    RexNode row = ((RexFieldAccess) node).getReferenceExpr();
    return row instanceof RexCorrelVariable && ids.contains(((RexCorrelVariable) row).id)
        ? ((RexFieldAccess) node).getField().getIndex()
        : null;
  }

  /** Narrows the pieces that give a column by the values of another. */
  private void reduce(RelNode from, int fromColumn, RelNode reduced, int reducedColumn, Use use) {
    ColumnPath.Source source = columns.source(from, fromColumn);
    if (source == null) {
      return;
    }
    RelDataType keyType = source.rel().getRowType().getFieldList().get(source.column()).getType();
    if (!KINDS.contains(ColumnTypes.fromRel(keyType).kind())) {
      return;
    }
    Scans read = Scans.of(source.rel());
    double keyRows = estimate.of(source.rel());
    for (ColumnPath.Target target : ColumnPath.targets(reduced, reducedColumn)) {
      RelNode rel = target.piece().rel();
      RelDataType type = rel.getRowType().getFieldList().get(target.column()).getType();
      double rows = work(rel);
      boolean worthwhile =
          rows >= WORTHWHILE && (read.shipped().isEmpty() ? rows * 20 >= keyRows : rows >= keyRows);
      boolean cyclic = read.shipped().stream().anyMatch(piece -> piece.needs(target.piece()));
      if (target.piece().storage() == null || !worthwhile || cyclic || !comparable(keyType, type)) {
        continue;
      }
      int set = keySet(source, use == Use.KEYS);
      RexNode condition = KeysPredicate.of(rex, target.column(), type, set, use);
      target.piece().narrow(filters.push(rel, List.of(condition)));
      read.shipped().forEach(piece -> target.piece().waitFor(piece));
    }
  }

  /** About how many rows a piece handles, if it gives fewer. */
  private double work(RelNode rel) {
    return Math.max(
        estimate.of(rel), rel.getInputs().stream().mapToDouble(this::work).max().orElse(0));
  }

  private static boolean comparable(RelDataType first, RelDataType second) {
    return SqlTypeUtil.equalSansNullability(first, second)
        || (SqlTypeFamily.CHARACTER.contains(first) && SqlTypeFamily.CHARACTER.contains(second));
  }

  private int keySet(ColumnPath.Source source, boolean list) {
    for (int i = 0; i < keys.size(); i++) {
      Keys known = keys.get(i);
      if (known.column() == source.column() && known.rel().deepEquals(source.rel())) {
        keys.set(i, new Keys(known.rel(), known.column(), known.list() || list));
        return i;
      }
    }
    keys.add(new Keys(source.rel(), source.column(), list));
    return keys.size() - 1;
  }
}
