package io.datanode.plan.stitch;

import io.datanode.node.Stitch;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.SqlPlaces;
import io.datanode.plan.filter.FilterPush;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/** The rows of one stitched node where a query reads it. */
abstract class StitchedRows {
  final RexBuilder rex;
  final ResolvedNode node;
  final Stitch stitch;

  /** What the rows are to look like: the columns of the node, then its virtual ones. */
  final RelDataType row;

  private final RelNode scan;
  private final NodeTable table;
  private final SqlPlaces places;

  StitchedRows(RelNode scan, NodeTable table, RexBuilder rex, SqlPlaces places) {
    this.scan = scan;
    this.table = table;
    this.places = places;
    this.rex = rex;
    this.node = table.node();
    this.stitch = node.node().stitch().orElseThrow();
    this.row = scan.getRowType();
  }

  /**
   * The rows of a scan.
   *
   * @param sources what the parameters of the statement stand for
   * @param places takes down that parts are named where the node is
   */
  static StitchedRows of(
      RelNode scan,
      NodeTable table,
      RexBuilder rex,
      List<ParameterSource> sources,
      SqlPlaces places) {
    return table.node().node().stitch().orElseThrow().sideBySide()
        ? new SideBySide(scan, table, rex, places)
        : new OneAfterTheOther(scan, table, rex, sources, places);
  }

  /**
   * The rows that meet all conditions.
   *
   * @param conditions on the columns of the node
   */
  abstract RelNode rows(List<RexNode> conditions);

  /** All rows of a part. */
  final RelNode scan(ResolvedNode part) {
    NodeTable shown = table.ofNode(part);
    RelOptTable stored =
        RelOptTableImpl.create(
            scan.getTable().getRelOptSchema(),
            shown.getRowType(scan.getCluster().getTypeFactory()),
            List.of(part.node().name().namespace(), part.node().name().identifier()),
            shown,
            (org.apache.calcite.linq4j.tree.Expression) null);
    places.nameAlike(stored, scan.getTable());
    return LogicalTableScan.create(scan.getCluster(), stored, List.of());
  }

  /** A column of a part. */
  final RexNode column(RelNode rows, ResolvedNode part, String name) {
    List<NodeColumn> columns = part.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return rex.makeInputRef(rows, i);
      }
    }
    throw new IllegalArgumentException(part.node().name() + " has no column " + name);
  }

  /** Time index and identity. */
  final List<String> key() {
    return node.key();
  }

  /** True if a condition is on the time index and the identity alone. */
  final boolean onKey(RexNode condition) {
    List<String> names = node.columns().stream().map(NodeColumn::name).toList();
    ImmutableBitSet columns = RelOptUtil.InputFinder.bits(condition);
    return !columns.isEmpty()
        && columns.asList().stream()
            .allMatch(column -> column < names.size() && key().contains(names.get(column)));
  }

  final RelNode filter(RelNode rows, List<RexNode> conditions) {
    return conditions.isEmpty()
        ? rows
        : LogicalFilter.create(rows, FilterPush.all(rex, conditions));
  }

  /** The rows with exactly the types and names of the node. */
  final RelNode asDeclared(RelNode rows) {
    return RelOptUtil.areRowTypesEqual(rows.getRowType(), row, true)
        ? rows
        : RelOptUtil.createCastRel(rows, row, true);
  }

  /** An expression as a type, which may also only differ in whether it can be NULL. */
  final RexNode as(RelDataType type, RexNode expression) {
    return expression.getType().equals(type)
        ? expression
        : rex.makeAbstractCast(type, expression, false);
  }

  final List<RelDataType> types() {
    List<RelDataType> types = new ArrayList<>();
    row.getFieldList().forEach(field -> types.add(field.getType()));
    return types;
  }
}
