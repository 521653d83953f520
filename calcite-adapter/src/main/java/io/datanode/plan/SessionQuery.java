package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.asof.AsofMatches;
import io.datanode.plan.filter.SymbolConditions;
import io.datanode.plan.leakage.LeakageCheck;
import io.datanode.plan.stitch.EmptyParts;
import io.datanode.plan.stitch.StitchedScans;
import io.datanode.plan.stitch.VirtualColumns;
import io.datanode.plan.time.LatestRows;
import io.datanode.plan.time.NodeVersions;
import io.datanode.plan.time.NodeVersions.NamedTime;
import io.datanode.plan.time.TimeRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A query with the meaning it has in a session: its time zone, the time it is in, which rows of its
 * nodes are read.
 *
 * @param sources what its parameters stand for
 * @param times of FOR SYSTEM_TIME AS OF
 * @param ignoresDelay true if the session's delay does not apply
 * @param asked the query before it is decided which rows it reads
 * @param places where it names its nodes
 */
record SessionQuery(
    RelNode rel,
    StatementShape shape,
    List<ParameterSource> sources,
    List<NamedTime> times,
    boolean ignoresDelay,
    RelNode asked,
    SqlPlaces places) {
  /**
   * A query with its as-of joins, if the session allows what it may let see of the future.
   *
   * @throws ParsedSqlException 42000 if it does not
   */
  static RelNode asked(RelNode rel, PlanSettings settings, SqlPlaces places) {
    RelNode matched = new AsofMatches(rel.getCluster().getRexBuilder(), places).apply(rel);
    if (settings.strictPointInTime()) {
      LeakageCheck.refuse(matched, settings.past(), places);
    }
    return matched;
  }

  /**
   * The query that a relational expression over nodes is in a session.
   *
   * @param rel what is asked, or the same with tables of metadata as queries over nodes
   * @param shape its columns and parameters
   * @param unequal parameters whose values are not to be rounded to their types
   * @param stored true over the rows that are stored
   * @param places where it names its nodes
   */
  static SessionQuery of(
      RelNode rel,
      StatementShape shape,
      PlanSettings settings,
      Map<Integer, DecimalPlace> unequal,
      boolean stored,
      SqlPlaces places) {
    RelOptCluster cluster = rel.getCluster();
    List<ParameterSource> sources = new ArrayList<>();
    for (int i = 0; i < shape.parameters().size(); i++) {
      sources.add(new ParameterSource.User(i, shape.parameters().get(i).type()));
    }
    RelNode latest = LatestRows.apply(rel);
    RelNode named = new VirtualColumns(cluster.getRexBuilder()).apply(latest);
    RelNode parts =
        stored ? new StitchedScans(cluster.getRexBuilder(), sources, places).apply(named) : named;
    NodeVersions versions = new NodeVersions(cluster, sources, settings.past(), places);
    RelNode read = stored ? versions.apply(parts) : parts;
    RelNode compared = new DecimalComparisons(cluster.getRexBuilder()).apply(read);
    RelNode exact =
        unequal.isEmpty()
            ? compared
            : new UnequalDecimals(cluster.getRexBuilder(), unequal, sources).apply(compared);
    SessionRules rules =
        new SessionRules(cluster.getRexBuilder(), settings.schema(), settings.timeZone(), sources);
    RelNode finished = rules.apply(exact);
    List<NamedTime> times =
        versions.times().stream()
            .map(time -> new NamedTime(rules.apply(time.row()), time.at()))
            .toList();
    if (settings.pushdown()) {
      finished = new SymbolConditions(cluster.getRexBuilder()).apply(finished);
      finished = new TimeRanges(cluster.getRexBuilder(), sources).apply(finished);
    }
    if (settings.pushdown() && parts != named) {
      finished = new EmptyParts(sources).apply(finished);
    }
    if (settings.limited()) {
      finished = limit(finished, cluster, sources);
    }
    return new SessionQuery(finished, shape, sources, times, false, rel, places);
  }

  SessionQuery asked(RelNode query, boolean ignores) {
    return new SessionQuery(rel, shape, sources, times, ignores, query, places);
  }

  /** A limit on top, for {@code Statement.setMaxRows}. */
  private static RelNode limit(RelNode rel, RelOptCluster cluster, List<ParameterSource> sources) {
    sources.add(new ParameterSource.MaxRows(ColumnType.BIGINT));
    RexNode fetch =
        cluster
            .getRexBuilder()
            .makeDynamicParam(
                cluster.getTypeFactory().createSqlType(SqlTypeName.BIGINT), sources.size() - 1);
    if (rel instanceof LogicalSort
        && ((LogicalSort) rel).fetch == null
        && ((LogicalSort) rel).offset == null) {
      LogicalSort sort = (LogicalSort) rel;
      return LogicalSort.create(sort.getInput(), sort.getCollation(), null, fetch);
    }
    return LogicalSort.create(rel, RelCollations.EMPTY, null, fetch);
  }
}
