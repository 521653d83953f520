package io.datanode.plan.placement;

import io.datanode.storage.sql.AsofMatch;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** Finds which columns of the shipped pieces a query reads; the others are not shipped. */
final class UsedColumns {
  private final Map<ShippedTable, ImmutableBitSet> used = new LinkedHashMap<>();
  private final Map<CorrelationId, ImmutableBitSet> outer = new HashMap<>();

  private UsedColumns() {}

  /**
   * Columns that any of the expressions reads, by piece; a piece of which only the number of rows
   * counts has none.
   */
  static Map<ShippedTable, ImmutableBitSet> of(List<RelNode> roots) {
    UsedColumns columns = new UsedColumns();
    roots.forEach(columns::collectOuter);
    roots.forEach(root -> columns.visit(root, all(root)));
    return columns.used;
  }

  private static ImmutableBitSet all(RelNode rel) {
    return ImmutableBitSet.range(rel.getRowType().getFieldCount());
  }

  private void collectOuter(RelNode rel) {
    rel.accept(
        new RexShuttle() {
          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            if (access.getReferenceExpr() instanceof RexCorrelVariable) {
              CorrelationId id = ((RexCorrelVariable) access.getReferenceExpr()).id;
              outer.merge(
                  id, ImmutableBitSet.of(access.getField().getIndex()), ImmutableBitSet::union);
            }
            return access;
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            collectOuter(query.rel);
            return super.visitSubQuery(query);
          }
        });
    rel.getInputs().forEach(this::collectOuter);
  }

  private ImmutableBitSet outer(Set<CorrelationId> ids) {
    return ids.stream()
        .map(id -> outer.getOrDefault(id, ImmutableBitSet.of()))
        .reduce(ImmutableBitSet.of(), ImmutableBitSet::union);
  }

  private void visit(RelNode rel, ImmutableBitSet columns) {
    if (rel instanceof TableScan) {
      ShippedTable piece = piece(rel);
      if (piece != null) {
        used.merge(piece, columns, ImmutableBitSet::union);
      }
    } else if (rel instanceof Project) {
      Project project = (Project) rel;
      ImmutableBitSet inputs = outer(project.getVariablesSet());
      for (int i = 0; i < project.getProjects().size(); i++) {
        RexNode expression = project.getProjects().get(i);
        if (columns.get(i)) {
          inputs = inputs.union(references(expression));
        }
        subQueries(expression);
      }
      visit(project.getInput(), inputs);
    } else if (rel instanceof Filter) {
      Filter filter = (Filter) rel;
      subQueries(filter.getCondition());
      visit(
          filter.getInput(),
          columns.union(references(filter.getCondition())).union(outer(filter.getVariablesSet())));
    } else if (rel instanceof Join) {
      join((Join) rel, columns);
    } else if (rel instanceof Aggregate) {
      visit(((Aggregate) rel).getInput(), inputs((Aggregate) rel));
    } else if (rel instanceof Sort) {
      visit(((Sort) rel).getInput(), columns.union(keys(((Sort) rel).getCollation())));
    } else if (rel instanceof Union && ((Union) rel).all) {
      rel.getInputs().forEach(input -> visit(input, columns));
    } else if (rel instanceof Correlate) {
      Correlate correlate = (Correlate) rel;
      split(
          correlate.getLeft(),
          correlate.getRight(),
          columns
              .union(correlate.getRequiredColumns())
              .union(outer(Set.of(correlate.getCorrelationId()))));
    } else {
      rel.getInputs().forEach(input -> visit(input, all(input)));
    }
  }

  private void join(Join join, ImmutableBitSet columns) {
    subQueries(join.getCondition());
    ImmutableBitSet both =
        columns.union(references(join.getCondition())).union(outer(join.getVariablesSet()));
    if (join instanceof AsofJoin) {
      both = both.union(references(((AsofJoin) join).getMatchCondition()));
    }
    if (join instanceof AsofMatch) {
      int left = join.getLeft().getRowType().getFieldCount();
      both = both.union(ImmutableBitSet.of(((AsofMatch) join).ties()).shift(left));
    }
    if (join.getJoinType() == JoinRelType.SEMI || join.getJoinType() == JoinRelType.ANTI) {
      both = both.union(columns);
    }
    split(join.getLeft(), join.getRight(), both);
  }

  private void split(RelNode left, RelNode right, ImmutableBitSet columns) {
    int count = left.getRowType().getFieldCount();
    visit(left, columns.intersect(ImmutableBitSet.range(count)));
    visit(right, columns.except(ImmutableBitSet.range(count)).shift(-count));
  }

  private static ImmutableBitSet inputs(Aggregate aggregate) {
    ImmutableBitSet.Builder inputs = aggregate.getGroupSet().rebuild();
    for (AggregateCall call : aggregate.getAggCallList()) {
      call.getArgList().forEach(inputs::set);
      inputs.addAll(keys(call.getCollation()));
      if (call.filterArg >= 0) {
        inputs.set(call.filterArg);
      }
      if (call.distinctKeys != null) {
        inputs.addAll(call.distinctKeys);
      }
    }
    return inputs.build();
  }

  private static ImmutableBitSet keys(RelCollation collation) {
    ImmutableBitSet.Builder keys = ImmutableBitSet.builder();
    collation.getFieldCollations().forEach(field -> keys.set(field.getFieldIndex()));
    return keys.build();
  }

  private static ImmutableBitSet references(RexNode expression) {
    return RelOptUtil.InputFinder.bits(List.of(expression), null);
  }

  private void subQueries(RexNode expression) {
    expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            visit(
                query.rel,
                query.getKind() == SqlKind.EXISTS ? ImmutableBitSet.of() : all(query.rel));
            return super.visitSubQuery(query);
          }
        });
  }

  /** The piece that a scan reads, or null. */
  static @Nullable ShippedTable piece(RelNode rel) {
    return rel instanceof TableScan && rel.getTable() != null
        ? rel.getTable().unwrap(ShippedTable.class)
        : null;
  }
}
