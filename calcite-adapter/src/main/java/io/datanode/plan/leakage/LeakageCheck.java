package io.datanode.plan.leakage;

import io.datanode.jdbc.SqlState;
import io.datanode.node.Cadence;
import io.datanode.node.NodeView;
import io.datanode.node.RoleInference;
import io.datanode.plan.MetadataTable;
import io.datanode.plan.MetadataTables;
import io.datanode.plan.ParsedSqlException;
import io.datanode.plan.SqlPlaces;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.leakage.TimeColumn.Kind;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import io.datanode.schema.VirtualColumn;
import io.datanode.storage.sql.AsofMatch;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Finds where values of the future can reach the rows of a query.
 *
 * <p>A row's own time is its time index, which is the right edge of what the row covers: values of
 * a bar are there when the bar ends. In a join the row is that of the left side. What a query says
 * of times is followed through projections, buckets, groups and joins; where it can no longer be
 * followed, a leak is possible.
 */
public final class LeakageCheck {
  private final Set<Leak> leaks = new LinkedHashSet<>();
  private final Map<CorrelationId, Rows> outer = new HashMap<>();
  private final Times times = new Times(outer);
  private final Relations relations = new Relations(times, leaks);
  private final WindowFrames windows = new WindowFrames(times, leaks);

  private final boolean past;
  private final SqlPlaces places;

  private LeakageCheck(boolean past, SqlPlaces places) {
    this.past = past;
    this.places = places;
  }

  /**
   * The leaks of a query, in the order in which its parts are computed.
   *
   * @param rel the query, its as-of joins made {@link AsofMatch}es, before it is decided which
   *     versions of a node are read
   * @param past true if the session reads nodes as they were known at a time, which states that
   *     time as FOR SYSTEM_TIME AS OF does
   * @param places where the query names its nodes
   */
  public static List<Leak> leaks(RelNode rel, boolean past, SqlPlaces places) {
    LeakageCheck check = new LeakageCheck(past, places);
    check.visit(new FilterPush(rel.getCluster().getRexBuilder()).push(rel));
    return List.copyOf(check.leaks);
  }

  /**
   * Refuses a query with a leak.
   *
   * @throws ParsedSqlException 42000 that names the first
   */
  public static void refuse(RelNode rel, boolean past, SqlPlaces places) {
    List<Leak> leaks = leaks(rel, past, places);
    if (!leaks.isEmpty()) {
      Leak first = leaks.get(0);
      throw new ParsedSqlException(
          SqlState.INVALID_SQL,
          "strictPointInTime refuses this query: "
              + first.kind()
              + " of "
              + first.place()
              + ": "
              + first.reason()
              + "; right would be "
              + first.remedy()
              + (leaks.size() > 1 ? " (EXPLAIN LEAKAGE names " + leaks.size() + " places)" : ""),
          first.at());
    }
  }

  private Rows visit(RelNode rel) {
    if (rel instanceof TableScan) {
      return scan((TableScan) rel, false);
    } else if (rel instanceof Snapshot) {
      RelNode input = ((Snapshot) rel).getInput();
      return input instanceof TableScan ? scan((TableScan) input, true) : visit(input);
    } else if (rel instanceof Filter) {
      return filter((Filter) rel);
    } else if (rel instanceof Project) {
      return project((Project) rel, true);
    } else if (rel instanceof Aggregate) {
      return aggregate((Aggregate) rel);
    } else if (rel instanceof AsofMatch) {
      AsofMatch join = (AsofMatch) rel;
      Rows left = visit(join.getLeft());
      Rows right = visit(join.getRight());
      relations.asof(join, left, right);
      return joined(left, right);
    } else if (rel instanceof Join) {
      return join((Join) rel);
    } else if (rel instanceof Correlate) {
      return correlate((Correlate) rel);
    } else if (rel instanceof Sort) {
      return visit(((Sort) rel).getInput());
    } else if (rel instanceof SetOp) {
      return setOperation(rel);
    }
    return other(rel);
  }

  private Rows scan(TableScan scan, boolean asOf) {
    NodeTable table = scan.getTable() == null ? null : scan.getTable().unwrap(NodeTable.class);
    Rows none = Rows.none(scan.getRowType().getFieldCount());
    MetadataTable metadata =
        scan.getTable() == null ? null : scan.getTable().unwrap(MetadataTable.class);
    if (metadata != null && metadata.name().equals(MetadataTables.NODE_STATUS)) {
      // How far nodes reach now is no leak by itself, but next to a row of a node it is.
      return new Rows(none.columns(), Rows.STATUS, Set.of(), false, places.of(scan.getTable()));
    }
    if (table == null || !hasTimes(table.node())) {
      return none;
    }
    ResolvedNode node = table.node();
    String name = node.node().name().toString();
    Duration cadence =
        node.node().cadence() == null
            ? null
            : Cadence.fixedLength(node.node().cadence()).orElse(null);
    List<@Nullable TimeColumn> columns = new ArrayList<>();
    for (String column : scan.getRowType().getFieldNames()) {
      TimeColumn exact = new TimeColumn(Kind.EXACT, BigDecimal.ZERO, null, name, cadence);
      columns.add(
          column.equals(node.timeIndex())
              ? exact
              : column.equals(node.knowledgeTime())
                  ? exact.as(Kind.KNOWN, null)
                  : column.equals(VirtualColumn.START_TIME)
                          && table.virtualColumns().contains(column)
                      ? exact.as(Kind.EARLIER, cadence)
                      : null);
    }
    boolean all = table.view() == NodeView.VERSIONS;
    if (node.knowledgeTime() != null && !all && !asOf && !past) {
      leaks.add(
          new Leak(
              Leak.Severity.LEAK,
              "newest version",
              name,
              "the newest version of each row is read, which may have become known after the time of"
                  + " the row",
              "FOR SYSTEM_TIME AS OF a time, SET as_of, or an ASOF JOIN that compares "
                  + node.knowledgeTime(),
              places.of(scan.getTable())));
    }
    boolean versions = all && node.knowledgeTime() != null;
    return new Rows(
        columns,
        Set.of(name),
        versions ? Set.of(name) : Set.of(),
        false,
        places.of(scan.getTable()));
  }

  /**
   * False for a node, such as a list of assets, of which a date was only guessed to be its time.
   */
  private static boolean hasTimes(ResolvedNode node) {
    return node.timeIndex() != null
        && !RoleInference.isGuess(node.inferred().get(RoleInference.TIME_INDEX));
  }

  private Rows filter(Filter filter) {
    windows.keepsFirst(filter);
    Rows input = visit(filter.getInput());
    note(filter.getVariablesSet(), input);
    boolean bounded = false;
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      bounded |= relations.boundsByOuter(term, input);
    }
    subQueries(filter.getCondition(), input);
    return input.bounded(bounded);
  }

  private void note(Set<CorrelationId> ids, Rows rows) {
    ids.forEach(id -> outer.put(id, rows));
  }

  private Rows project(Project project, boolean labels) {
    Rows input = visit(project.getInput());
    note(project.getVariablesSet(), input);
    windows.check(project.getProjects(), input);
    List<@Nullable TimeColumn> columns = new ArrayList<>();
    for (RexNode expression : project.getProjects()) {
      subQueries(expression, input);
      TimeColumn behind = times.keptBehind(expression, project.getInput(), input);
      columns.add(
          RexOver.containsOver(expression)
              ? null
              : behind == null ? times.of(expression, input) : behind);
    }
    nameBuckets(project, columns);
    int last = columns.size() - 1;
    TimeColumn point = last < 0 ? null : columns.get(last);
    if (point != null && GridPoints.is(project)) {
      columns.set(
          last, new TimeColumn(Kind.EXACT, BigDecimal.ZERO, null, point.node(), point.cadence()));
      return input.with(columns);
    }
    if (labels) {
      checkLabels(project, input, columns);
    }
    return input.with(columns);
  }

  /** The columns that RESAMPLE adds, whose expressions in a zone are involved. */
  private static void nameBuckets(Project project, List<@Nullable TimeColumn> columns) {
    List<String> names = project.getRowType().getFieldNames();
    int count = names.size();
    if (count < 3
        || !names.subList(count - 3, count).equals(List.of("window_start", "window_end", "bucket"))
        || columns.get(count - 3) == null
        || columns.get(count - 2) == null) {
      return;
    }
    TimeColumn start = columns.get(count - 3).as(Kind.EARLIER, null);
    TimeColumn end = columns.get(count - 2).as(Kind.LATER, null);
    List<RexNode> expressions = project.getProjects();
    boolean right = expressions.get(count - 1).equals(expressions.get(count - 2));
    columns.set(count - 3, start);
    columns.set(count - 2, end);
    columns.set(count - 1, right ? end : start);
  }

  /** Values that keep only a label that is earlier than they are. */
  private void checkLabels(Project project, Rows input, List<@Nullable TimeColumn> columns) {
    boolean timedBefore = input.columns().stream().anyMatch(LeakageCheck::isUpperBound);
    boolean timedNow = columns.stream().anyMatch(LeakageCheck::isUpperBound);
    boolean values = columns.stream().anyMatch(column -> column == null);
    if (timedBefore && !timedNow && values) {
      checkLabel(columns, project.getRowType().getFieldNames(), project.getProjects(), input);
    }
  }

  private void checkLabel(
      List<@Nullable TimeColumn> columns,
      List<String> names,
      List<RexNode> expressions,
      Rows input) {
    for (int i = 0; i < columns.size(); i++) {
      TimeColumn column = columns.get(i);
      if (column != null && (column.kind() == Kind.EARLIER || column.kind() == Kind.UNKNOWN)) {
        boolean sure = column.kind() == Kind.EARLIER;
        leaks.add(
            new Leak(
                sure ? Leak.Severity.LEAK : Leak.Severity.POSSIBLE,
                "label before the end",
                names.get(i),
                sure
                    ? "rows are labelled with the start of a bucket and hold values from all of it"
                    : "it cannot be told that the label is not before the values",
                "label with the end: RESAMPLE with label => 'right', or add the width of the"
                    + " bucket",
                WindowFrames.at(expressions.get(i), input)));
        return;
      }
    }
  }

  private static boolean isUpperBound(@Nullable TimeColumn column) {
    return column != null && column.isUpperBound();
  }

  private Rows aggregate(Aggregate aggregate) {
    RelNode below = aggregate.getInput();
    Rows input = below instanceof Project ? project((Project) below, false) : visit(below);
    List<@Nullable TimeColumn> columns = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      columns.add(input.columns().get(key));
    }
    boolean labelled = columns.stream().anyMatch(LeakageCheck::isUpperBound);
    for (AggregateCall call : aggregate.getAggCallList()) {
      columns.add(extreme(call, input));
    }
    if (!labelled && !aggregate.getAggCallList().isEmpty()) {
      checkLabel(
          columns.subList(0, aggregate.getGroupCount()),
          aggregate.getRowType().getFieldNames(),
          aggregate.getGroupSet().asList().stream().map(key -> expression(below, key)).toList(),
          input);
    }
    return input.with(columns);
  }

  private static RexNode expression(RelNode rel, int column) {
    return rel instanceof Project
        ? ((Project) rel).getProjects().get(column)
        : rel.getCluster().getRexBuilder().makeInputRef(rel, column);
  }

  /** The greatest time of a group is not before any of its values. */
  private static @Nullable TimeColumn extreme(AggregateCall call, Rows input) {
    if (call.getArgList().size() != 1) {
      return null;
    }
    TimeColumn time = input.columns().get(call.getArgList().get(0));
    if (time == null || call.filterArg >= 0) {
      return time == null ? null : time.as(Kind.UNKNOWN, null);
    }
    if (call.getAggregation().getKind() == SqlKind.MAX && time.isUpperBound()) {
      return time.as(Kind.LATER, null);
    }
    return call.getAggregation().getKind() == SqlKind.MIN ? time.as(Kind.EARLIER, null) : null;
  }

  private Rows join(Join join) {
    Rows left = visit(join.getLeft());
    Rows right = visit(join.getRight());
    Rows both = left.beside(right);
    note(join.getVariablesSet(), both);
    subQueries(join.getCondition(), both);
    boolean rightIsRow = join.getJoinType() == JoinRelType.RIGHT;
    relations.join(join, left, right, rightIsRow);
    return joined(left, right);
  }

  private static Rows joined(Rows left, Rows right) {
    return left.beside(right);
  }

  private Rows correlate(Correlate correlate) {
    Rows left = visit(correlate.getLeft());
    outer.put(correlate.getCorrelationId(), left);
    Rows right = visit(correlate.getRight());
    relations.subQuery(left, right, false, "lateral join");
    return joined(left, right);
  }

  private Rows setOperation(RelNode rel) {
    Rows merged = null;
    for (RelNode input : rel.getInputs()) {
      Rows rows = visit(input);
      merged = merged == null ? rows : merged(merged, rows);
    }
    return merged == null ? Rows.none(rel.getRowType().getFieldCount()) : merged;
  }

  private static Rows merged(Rows first, Rows second) {
    List<@Nullable TimeColumn> columns = new ArrayList<>();
    for (int i = 0; i < first.columns().size(); i++) {
      TimeColumn one = first.columns().get(i);
      TimeColumn two = second.columns().get(i);
      boolean alike =
          one != null
              && two != null
              && one.kind() == two.kind()
              && one.offset().equals(two.offset());
      TimeColumn any = one == null ? two : one;
      columns.add(alike || any == null ? one : any.as(Kind.UNKNOWN, null));
    }
    Rows both = first.beside(second);
    return new Rows(
        columns, both.nodes(), both.versions(), first.bounded() && second.bounded(), both.at());
  }

  private Rows other(RelNode rel) {
    Rows rows = Rows.none(rel.getRowType().getFieldCount());
    for (RelNode input : rel.getInputs()) {
      Rows below = visit(input);
      rows =
          new Rows(
              rows.columns(),
              Rows.union(rows.nodes(), below.nodes()),
              Rows.union(rows.versions(), below.versions()),
              rows.bounded(),
              rows.at() == null ? below.at() : rows.at());
    }
    if (rows.timed()) {
      leaks.add(
          new Leak(
              Leak.Severity.POSSIBLE,
              "cannot be told",
              rows.names(),
              "what " + rel.getRelTypeName() + " does to times is not followed",
              "a query of joins, groups and windows",
              rows.at()));
    }
    return rows;
  }

  private void subQueries(RexNode expression, Rows rows) {
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitSubQuery(RexSubQuery query) {
            Rows inner = visit(query.rel);
            boolean sameTime = relations.sameTime(query, rows, inner);
            relations.subQuery(rows, inner, sameTime, "sub-query");
            return super.visitSubQuery(query);
          }
        });
  }
}
