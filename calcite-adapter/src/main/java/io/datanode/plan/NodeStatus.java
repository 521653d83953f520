package io.datanode.plan;

import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.RelTree;
import io.datanode.plan.stitch.SourceCondition;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import io.datanode.schema.VirtualColumn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * {@code metadata.node_status} as a query over nodes: how far each series of a node reaches, and
 * whether it is up to date. Being a query, it sees what the session sees, of the nodes that its
 * conditions name.
 *
 * <p>The three answers to how far a node reaches are those of KaizenFlow: the last time of any
 * asset (MarketData), of the last of its assets that is still fed (ImClientMarketData), and of one
 * asset (RealTimeMarketData).
 */
final class NodeStatus {
  /** An asset without rows for so many bars is no longer fed; of minute bars, half an hour. */
  private static final int BARS_FED = 30;

  private static final int NAMESPACE = 0;
  private static final int IDENTIFIER = 1;

  private final Nodes nodes;
  private final Map<NodeName, String> unreadable;
  private final Function<String, RelNode> query;

  /**
   * For one statement.
   *
   * @param unreadable nodes that cannot be read, and why
   * @param query makes the relational expression of a query
   */
  NodeStatus(Nodes nodes, Map<NodeName, String> unreadable, Function<String, RelNode> query) {
    this.nodes = nodes;
    this.unreadable = unreadable;
    this.query = query;
  }

  /** The query over nodes, sub-queries included; itself if it does not read the table. */
  RelNode apply(RelNode rel) {
    return reads(rel) ? expanded(new FilterPush(rel.getCluster().getRexBuilder()).push(rel)) : rel;
  }

  private static boolean reads(RelNode rel) {
    boolean[] found = {isStatus(rel)};
    RelTree.map(
        rel,
        input -> {
          found[0] |= reads(input);
          return input;
        });
    return found[0];
  }

  private static boolean isStatus(RelNode rel) {
    MetadataTable table =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(MetadataTable.class)
            : null;
    return table != null && table.name().equals(MetadataTables.NODE_STATUS);
  }

  private RelNode expanded(RelNode rel) {
    if (rel instanceof Filter && isStatus(((Filter) rel).getInput())) {
      List<RexNode> conditions = RelOptUtil.conjunctions(((Filter) rel).getCondition());
      RelNode rows = rows(((Filter) rel).getInput(), conditions);
      return rel.copy(rel.getTraitSet(), List.of(rows));
    }
    return isStatus(rel) ? rows(rel, List.of()) : RelTree.map(rel, this::expanded);
  }

  private RelNode rows(RelNode scan, List<RexNode> conditions) {
    List<RelNode> found = new ArrayList<>();
    for (DataNode node : nodes.snapshot().nodes().values()) {
      NodeName name = node.name();
      boolean meant =
          conditions.stream()
              .allMatch(
                  condition ->
                      may(SourceCondition.known(condition, NAMESPACE, name.namespace()))
                          && may(SourceCondition.known(condition, IDENTIFIER, name.identifier())));
      String error = unreadable.get(name);
      if (meant && error != null) {
        found.add(failed(scan, name, error));
      } else if (meant) {
        nodes
            .resolve(name)
            .filter(resolved -> resolved.timeIndex() != null)
            .map(NodeStatus::sql)
            .map(query)
            .map(rows -> RelOptUtil.createCastRel(rows, scan.getRowType(), true))
            .ifPresent(found::add);
      }
    }
    if (found.isEmpty()) {
      return LogicalValues.createEmpty(scan.getCluster(), scan.getRowType());
    }
    RelNode all = found.size() == 1 ? found.get(0) : LogicalUnion.create(found, true);
    return RelOptUtil.areRowTypesEqual(all.getRowType(), scan.getRowType(), true)
        ? all
        : RelOptUtil.createCastRel(all, scan.getRowType(), true);
  }

  /** The row of a node that cannot be read: its name, and why. */
  private static RelNode failed(RelNode scan, NodeName name, String error) {
    RexBuilder rex = scan.getCluster().getRexBuilder();
    List<RelDataTypeField> fields = scan.getRowType().getFieldList();
    List<RexNode> row = new ArrayList<>();
    for (RelDataTypeField field : fields) {
      int column = field.getIndex();
      String text =
          column == NAMESPACE
              ? name.namespace()
              : column == IDENTIFIER
                  ? name.identifier()
                  : column == fields.size() - 1 ? error : null;
      row.add(
          text == null
              ? rex.makeNullLiteral(field.getType())
              : rex.makeLiteral(text, field.getType(), true));
    }
    return LogicalProject.create(
        LogicalValues.createOneRow(scan.getCluster()),
        List.of(),
        row,
        scan.getRowType().getFieldNames(),
        Set.of());
  }

  private static boolean may(Optional<Boolean> known) {
    return known.orElse(true);
  }

  private static String sql(ResolvedNode node) {
    NodeName name = node.node().name();
    String time = quoted(node.timeIndex());
    List<String> identity = node.identity().stream().map(NodeStatus::quoted).toList();
    String series =
        (node.asset() == null ? identity.stream() : List.of(quoted(node.asset())).stream())
            .map(column -> "CAST(" + column + " AS VARCHAR)")
            .collect(Collectors.joining(" || ', ' || "));
    Duration length = VirtualColumn.bar(node, timeOf(node)).orElse(null);
    String bar = length == null ? null : interval(length);
    String knowledge =
        node.knowledgeTime() == null ? "NULL" : "MAX(" + quoted(node.knowledgeTime()) + ")";
    String each =
        "SELECT "
            + (series.isEmpty() ? "CAST(NULL AS VARCHAR)" : series)
            + " AS series, CAST(MIN("
            + time
            + ") AS TIMESTAMPTZ) AS first_time, CAST(MAX("
            + time
            + ") AS TIMESTAMPTZ) AS last_time, COUNT(*) AS n, CAST("
            + knowledge
            + " AS TIMESTAMPTZ) AS known FROM "
            + table(node)
            + (identity.isEmpty() ? "" : " GROUP BY " + String.join(", ", identity));
    String all =
        "SELECT s.*, MAX(last_time) OVER () AS last_any, MIN("
            + (length == null
                ? "last_time"
                : "CASE WHEN last_time > " + fed(node) + " THEN last_time END")
            + ") OVER () AS last_all FROM ("
            + each
            + ") AS s";
    return "SELECT '"
        + name.namespace().replace("'", "''")
        + "', '"
        + name.identifier().replace("'", "''")
        + "', series, first_time, last_time, n, known, last_any, last_all,"
        + " TIMESTAMPDIFF(SECOND, last_time, CURRENT_TIMESTAMP), "
        + online("last_time", bar)
        + ", "
        + online("last_any", bar)
        + ", "
        + online("last_all", bar)
        + ", CAST(NULL AS VARCHAR) FROM ("
        + all
        + ") AS a";
  }

  /** True if the last bar, or the one before it, is there. */
  private static String online(String last, @Nullable String bar) {
    return bar == null
        ? "CAST(NULL AS BOOLEAN)"
        : last + " >= TIME_BUCKET(" + bar + ", CURRENT_TIMESTAMP) - " + bar;
  }

  private static NodeColumn timeOf(ResolvedNode node) {
    return node.column(String.valueOf(node.timeIndex())).orElseThrow();
  }

  private static String interval(Duration length) {
    return "INTERVAL '" + length.toSeconds() + "' SECOND(10)";
  }

  /** A node as SQL names it. */
  static String table(ResolvedNode node) {
    NodeName name = node.node().name();
    return quoted(name.namespace()) + "." + quoted(name.identifier());
  }

  /** The time behind which a series has rows if it is still fed; null without fixed cadence. */
  static @Nullable String fed(ResolvedNode node) {
    return VirtualColumn.bar(node, timeOf(node))
        .map(length -> "CURRENT_TIMESTAMP - " + interval(length.multipliedBy(BARS_FED)))
        .orElse(null);
  }

  static String quoted(@Nullable String name) {
    return '"' + String.valueOf(name).replace("\"", "\"\"") + '"';
  }
}
