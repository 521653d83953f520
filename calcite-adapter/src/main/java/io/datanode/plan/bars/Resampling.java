package io.datanode.plan.bars;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/** Rows with the bucket that each is in; rows without time are in none, and left out. */
final class Resampling {
  private Resampling() {}

  static RelNode of(RelNode input, int time, TimeTableArguments arguments, ZoneId sessionZone) {
    RexBuilder rex = input.getCluster().getRexBuilder();
    RexNode column = rex.makeInputRef(input, time);
    RelNode timed =
        column.getType().isNullable()
            ? LogicalFilter.create(input, rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, column))
            : input;
    Buckets.Bounds bounds = new Buckets(rex, arguments, sessionZone).of(column);
    List<RexNode> columns = new ArrayList<>(rex.identityProjects(input.getRowType()));
    List<String> names = new ArrayList<>(input.getRowType().getFieldNames());
    columns.add(bounds.start());
    columns.add(bounds.end());
    columns.add(arguments.labelRight() ? bounds.end() : bounds.start());
    names.addAll(List.of("window_start", "window_end", "bucket"));
    return LogicalProject.create(timed, List.of(), columns, names, Set.of());
  }
}
