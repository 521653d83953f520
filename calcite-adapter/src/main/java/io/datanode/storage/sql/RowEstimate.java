package io.datanode.storage.sql;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/**
 * About how many rows an expression has, from what the storages know of the size of their tables.
 * Good for choosing between two ways to the same rows, and for nothing else.
 */
public final class RowEstimate {
  /** Taken for a table whose size is not known. */
  public static final double UNKNOWN = 1_000_000;

  /** Taken for an array whose length is not known. */
  private static final double ARRAY = 1_000;

  private final ToDoubleFunction<RelOptTable> tables;

  /**
   * Estimates.
   *
   * @param tables rows of a table, negative if unknown
   */
  public RowEstimate(ToDoubleFunction<RelOptTable> tables) {
    this.tables = tables;
  }

  /** About how many rows; at least 1, except for what is known to be empty. */
  public double of(RelNode rel) {
    if (rel instanceof TableScan) {
      double rows = tables.applyAsDouble(rel.getTable());
      return rows < 0 ? UNKNOWN : rows;
    } else if (rel instanceof Uncollect) {
      return Math.max(ARRAY, of(rel.getInput(0)));
    } else if (rel instanceof Values) {
      return ((Values) rel).getTuples().size();
    } else if (rel instanceof Filter) {
      double rows = of(rel.getInput(0));
      RowPick pick = RowPick.of((Filter) rel);
      double share = pick == null ? selectivity(((Filter) rel).getCondition()) : 1;
      for (RexNode term : pick == null ? List.<RexNode>of() : pick.rest()) {
        share *= selectivity(term);
      }
      return Math.max(1, rows * share);
    } else if (rel instanceof Aggregate) {
      return aggregate((Aggregate) rel);
    } else if (rel instanceof Sort) {
      double rows = of(rel.getInput(0));
      RexNode fetch = ((Sort) rel).fetch;
      return fetch instanceof RexLiteral
          ? Math.min(rows, RexLiteral.intValue(fetch))
          : fetch == null ? rows : Math.min(rows, 1000);
    } else if (rel instanceof Join) {
      return join((Join) rel);
    } else if (rel instanceof Union) {
      return rel.getInputs().stream().mapToDouble(this::of).sum();
    }
    return rel.getInputs().stream().mapToDouble(this::of).max().orElse(UNKNOWN);
  }

  private double aggregate(Aggregate aggregate) {
    if (aggregate.getGroupCount() == 0) {
      return 1;
    }
    double rows = of(aggregate.getInput());
    return Math.max(1, Math.min(rows, Math.pow(rows, 0.4 + 0.2 * aggregate.getGroupCount())));
  }

  private double join(Join join) {
    double left = of(join.getLeft());
    if (join instanceof AsofJoin) {
      return left;
    }
    double right = of(join.getRight());
    if (join.getJoinType() == JoinRelType.SEMI || join.getJoinType() == JoinRelType.ANTI) {
      return left;
    }
    boolean equality =
        RelOptUtil.conjunctions(join.getCondition()).stream()
            .anyMatch(term -> term.isA(SqlKind.EQUALS));
    return equality ? Math.max(left, right) : left * right;
  }

  /** The share of rows that meet a condition, guessed from its form. */
  static double selectivity(RexNode condition) {
    double share = 1;
    switch (condition.getKind()) {
      case AND:
        for (RexNode term : ((RexCall) condition).getOperands()) {
          share *= selectivity(term);
        }
        return share;
      case OR:
        double sum = 0;
        for (RexNode term : ((RexCall) condition).getOperands()) {
          sum += selectivity(term);
        }
        return Math.min(1, sum);
      case EQUALS:
        return 0.01;
      case LESS_THAN:
      case LESS_THAN_OR_EQUAL:
      case GREATER_THAN:
      case GREATER_THAN_OR_EQUAL:
        return 0.3;
      case LIKE:
        return 0.1;
      case IN:
      case SOME:
        return 0.2;
      case IS_NULL:
        return 0.1;
      case LITERAL:
        return condition.isAlwaysFalse() ? 0 : 1;
      default:
        return 0.5;
    }
  }
}
