package io.datanode.plan.leakage;

import io.datanode.storage.sql.GridSteps;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/** The points of a GRID: times that are counted out and hold no values yet. */
final class GridPoints {
  private GridPoints() {}

  /** True for a projection to the keys of a grid and, behind them, the times of its points. */
  static boolean is(Project project) {
    RelNode rel = project.getInput();
    while (rel instanceof Filter) {
      rel = ((Filter) rel).getInput();
    }
    if (!(rel instanceof Correlate)) {
      return false;
    }
    RelNode steps = ((Correlate) rel).getRight();
    return steps instanceof Uncollect
        && steps.getInput(0) instanceof Project
        && ((Project) steps.getInput(0)).getProjects().stream().allMatch(GridPoints::countsSteps);
  }

  private static boolean countsSteps(RexNode expression) {
    return expression instanceof RexCall
        && ((RexCall) expression).getOperator().getName().equals(GridSteps.NAME);
  }
}
