package io.datanode.plan.time;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.NodeView;
import io.datanode.plan.ParsedSqlException;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.SqlPlaces;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import io.datanode.schema.TimeFunctions;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Replaces each node that a query reads by the rows that are really read: of a node with knowledge
 * time the newest version of each row, or the newest that was known at the time of {@code FOR
 * SYSTEM_TIME AS OF}.
 *
 * <p>What is known at a time is filtered before the newest is chosen: a later version hides none
 * that was known then. After this a scan of a node stands for all its stored rows.
 */
public final class NodeVersions {
  private static final int SESSION = ParameterSource.KnownBy.SESSION;

  private final RelOptCluster cluster;
  private final RexBuilder rex;
  private final List<ParameterSource> sources;
  private final boolean past;
  private final SqlPlaces places;
  private final List<RexNode> periods = new ArrayList<>();

  /**
   * For one statement.
   *
   * @param sources what its parameters stand for; times to read at are added behind
   * @param past true if nothing is to be seen that became known after the time of the session
   * @param places where the statement names its nodes and times
   */
  public NodeVersions(
      RelOptCluster cluster, List<ParameterSource> sources, boolean past, SqlPlaces places) {
    this.cluster = cluster;
    this.rex = cluster.getRexBuilder();
    this.sources = sources;
    this.past = past;
    this.places = places;
  }

  /**
   * A time that the statement names.
   *
   * @param row one row of one instant
   * @param at where it is named
   */
  public record NamedTime(RelNode row, @Nullable SqlParserPos at) {}

  /** Times that the statement names. */
  public List<NamedTime> times() {
    return periods.stream().map(period -> new NamedTime(row(period), places.of(period))).toList();
  }

  private RelNode row(RexNode period) {
    return LogicalProject.create(
        LogicalValues.createOneRow(cluster), List.of(), List.of(period), List.of("time"), Set.of());
  }

  /** The instant that such a row holds, if it is a literal or a parameter; else null. */
  public static @Nullable ParameterSource value(RelNode time, List<ParameterSource> sources) {
    RexNode value = ((LogicalProject) time).getProjects().get(0);
    if (value instanceof RexDynamicParam) {
      return sources.get(((RexDynamicParam) value).getIndex());
    }
    LocalDateTime literal =
        value instanceof RexLiteral ? TimeExpression.constant((RexLiteral) value) : null;
    return literal == null
        ? null
        : new ParameterSource.Constant(literal.toInstant(ZoneOffset.UTC), ColumnType.INSTANT);
  }

  /** The query over stored rows, sub-queries included. */
  public RelNode apply(RelNode rel) {
    return visit(rel, SESSION);
  }

  /**
   * The query as it was at a time.
   *
   * @param time that of the innermost AS OF around it, by its number
   */
  private RelNode visit(RelNode rel, int time) {
    if (rel instanceof Snapshot) {
      RexNode period = ((Snapshot) rel).getPeriod();
      check(period);
      periods.add(period);
      return visit(((Snapshot) rel).getInput(), periods.size() - 1);
    }
    NodeTable table =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(NodeTable.class)
            : null;
    return table == null
        ? RelTree.map(rel, input -> visit(input, time))
        : rows((TableScan) rel, table, time);
  }

  private void check(RexNode period) {
    boolean[] varies = {RexUtil.containsCorrelation(period)};
    period.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef column) {
            varies[0] = true;
            return column;
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            varies[0] = true;
            return query;
          }
        });
    if (varies[0]) {
      throw new ParsedSqlException(
          SqlState.NOT_SUPPORTED,
          "FOR SYSTEM_TIME AS OF takes one time for the whole query: a literal, ?, or an expression"
              + " such as CURRENT_TIMESTAMP - INTERVAL '1' DAY; for what was known at the time of each"
              + " row use ASOF JOIN",
          places.of(period));
    }
    checkType(period);
  }

  /** What is named is cast to an instant; numbers and times of day are none. */
  private void checkType(RexNode period) {
    if (!period.isA(SqlKind.CAST)) {
      return;
    }
    SqlTypeName type = ((RexCall) period).getOperands().get(0).getType().getSqlTypeName();
    if (SqlTypeName.NUMERIC_TYPES.contains(type) || type == SqlTypeName.TIME) {
      throw new ParsedSqlException(
          SqlState.DATATYPE_MISMATCH,
          "FOR SYSTEM_TIME AS OF takes an instant, for example TIMESTAMP '2024-01-31 09:30:00', not "
              + type.getName(),
          places.of(period));
    }
  }

  private RelNode rows(TableScan scan, NodeTable table, int time) {
    ResolvedNode node = table.node();
    String knowledge = node.knowledgeTime();
    if (node.knownBy() == null && time != SESSION) {
      throw new ParsedSqlException(
          SqlState.NOT_SUPPORTED,
          undeclared("Node '" + node.node().name() + "'" + partOf(scan)),
          places.of(scan.getTable()));
    }
    String cut = knowledge == null ? node.timeIndex() : knowledge;
    RelNode known = scan;
    if (time != SESSION) {
      known = knownBy(known, node, cut, time);
    }
    if (past && cut != null) {
      known = knownBy(known, node, cut, SESSION);
    }
    return knowledge == null || table.view() == NodeView.VERSIONS
        ? known
        : newest(known, node, knowledge, known == scan);
  }

  private RelNode knownBy(RelNode rows, ResolvedNode node, String column, int time) {
    long lag = column.equals(node.knowledgeTime()) ? 0 : lag(node);
    ParameterSource.KnownBy source = new ParameterSource.KnownBy(time, lag);
    int index = sources.indexOf(source);
    if (index < 0) {
      index = sources.size();
      sources.add(source);
    }
    RexNode end = rex.makeDynamicParam(TimeFunctions.instant(rex.getTypeFactory(), false), index);
    return LogicalFilter.create(
        rows,
        rex.makeCall(
            SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
            rex.makeInputRef(rows, place(node, column)),
            end));
  }

  private static long lag(ResolvedNode node) {
    return node.publicationLag().orElse(Duration.ZERO).toNanos() / 1_000;
  }

  /** Of which node the one that is scanned is a part, in words; empty if it is named itself. */
  private String partOf(TableScan scan) {
    NodeTable named = places.named(scan.getTable()).unwrap(NodeTable.class);
    return named != null && named.node().stitched()
        ? ", a part of '" + named.node().node().name() + "',"
        : "";
  }

  /**
   * What to declare of a node so that its past can be read.
   *
   * @param node what it is called in the message
   */
  public static String undeclared(String node) {
    return node
        + " has no knowledge time, so what was known of it at a time cannot be told; declare in the"
        + " catalog which column says when a row became known, knowledge_time: <column>, or how long"
        + " after its time a row is published, for example knowledge_time: time_index + 15m";
  }

  /**
   * The newest version of each row.
   *
   * @param stored all rows of the node, with its columns in their order
   */
  public static RelNode newest(RelNode stored, ResolvedNode node) {
    return node.knowledgeTime() == null ? stored : newest(stored, node, node.knowledgeTime(), true);
  }

  private static RelNode newest(
      RelNode known, ResolvedNode node, String knowledge, boolean unfiltered) {
    List<Integer> keys = new ArrayList<>();
    if (node.timeIndex() != null) {
      keys.add(place(node, node.timeIndex()));
    }
    node.identity().forEach(column -> keys.add(place(node, column)));
    List<Integer> order = new ArrayList<>();
    order.add(place(node, knowledge));
    Set<Integer> losing = new HashSet<>();
    if (unfiltered && node.columns().get(place(node, knowledge)).nullable()) {
      losing.add(place(node, knowledge));
    }
    List<String> tieBreak = node.tieBreak();
    if (tieBreak != null) {
      for (String name : tieBreak) {
        order.add(place(node, name));
        if (node.columns().get(place(node, name)).nullable()) {
          losing.add(place(node, name));
        }
      }
    } else if (!isUnique(node, knowledge, unfiltered)) {
      IntStream.range(0, node.columns().size())
          .filter(i -> node.columns().get(i).ordered())
          .filter(i -> !keys.contains(i) && !order.contains(i))
          .forEach(order::add);
    }
    return NewestRow.of(known, keys, order, losing);
  }

  /**
   * True if the storage lets no two versions of a row have one knowledge time.
   *
   * @param unfiltered true if versions without knowledge time are among them
   */
  private static boolean isUnique(ResolvedNode node, String knowledge, boolean unfiltered) {
    List<String> names = new ArrayList<>(node.identity());
    names.add(knowledge);
    Optional.ofNullable(node.timeIndex()).ifPresent(names::add);
    return node.enforcesUnique(names, unfiltered ? List.of() : List.of(knowledge));
  }

  private static int place(ResolvedNode node, String name) {
    List<String> names = node.columns().stream().map(NodeColumn::name).toList();
    return names.indexOf(name);
  }
}
