package io.datanode.calcite;

import com.google.common.collect.ImmutableList;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.NodeName;
import io.datanode.node.NodeView;
import io.datanode.plan.NewestVersions;
import io.datanode.schema.ColumnTypes;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.sql.BorderFunctions;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.jdbc.JdbcRules;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A node as a table that is scanned in the storage.
 *
 * <p>Instants and timestamps are TIMESTAMP(3) in UTC: Calcite's runtime holds milliseconds, and its
 * TIMESTAMP WITH LOCAL TIME ZONE would make answers depend on the zone of the JVM. What Calcite has
 * no type for that it can read, such as intervals and bytes, is text.
 */
final class ScannedNode extends AbstractTable implements TranslatableTable {
  private static final int MILLISECONDS = 3;

  private final ResolvedNode node;
  private final NodeView view;
  private final NodeConvention convention;

  ScannedNode(ResolvedNode node, NodeView view, NodeConvention convention) {
    this.node = node;
    this.view = view;
    this.convention = convention;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return rowType(factory, true);
  }

  /** What else of the node can be read under a name of its own. */
  List<NodeView> views() {
    List<NodeView> views = new ArrayList<>();
    if (node.knowledgeTime() != null) {
      views.add(NodeView.VERSIONS);
    }
    if (node.timeIndex() != null) {
      views.add(NodeView.LATEST);
    }
    return views;
  }

  NodeName name() {
    return node.node().name();
  }

  boolean isKnowledgeTime(String column) {
    return column.equals(node.knowledgeTime());
  }

  boolean showsAllVersions() {
    return view == NodeView.VERSIONS;
  }

  private RelDataType rowType(RelDataTypeFactory factory, boolean published) {
    RelDataTypeFactory.Builder row = factory.builder();
    for (NodeColumn column : node.columns()) {
      row.add(published ? column.name() : column.storedName(), type(factory, column));
    }
    return row.build();
  }

  private static RelDataType type(RelDataTypeFactory factory, NodeColumn column) {
    RelDataType type;
    switch (column.type().kind()) {
      case TIMESTAMP:
      case INSTANT:
        type = factory.createSqlType(SqlTypeName.TIMESTAMP, MILLISECONDS);
        break;
      case TIME:
        type = factory.createSqlType(SqlTypeName.TIME, MILLISECONDS);
        break;
      default:
        if (!shownAsText(column.type())) {
          return ColumnTypes.toRel(factory, column.type(), column.nullable());
        }
        type = factory.createSqlType(SqlTypeName.VARCHAR);
    }
    return factory.createTypeWithNullability(type, column.nullable());
  }

  private static boolean shownAsText(ColumnType type) {
    switch (type.kind()) {
      case VARBINARY:
      case UUID:
      case YEAR_MONTH:
      case DAY_TIME:
      case ARRAY:
      case JSON:
      case OTHER:
        return true;
      default:
        return false;
    }
  }

  @Override
  public Statistic getStatistic() {
    // No keys: nothing enforces those of a node.
    long rows = node.table().rowEstimate();
    return rows < 0 ? Statistics.UNKNOWN : Statistics.of(rows, List.of());
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return new NodeScan(context.getCluster(), table, this, convention);
  }

  /**
   * The scan of the stored table, with its columns renamed and made text where need be; of versions
   * of a row the newest, unless all are wanted; of an identity the newest row, if that is.
   */
  RelNode written(NodeScan scan) {
    RelOptCluster cluster = scan.getCluster();
    RelOptTable table =
        RelOptTableImpl.create(
            scan.getTable().getRelOptSchema(),
            rowType(cluster.getTypeFactory(), false),
            this,
            ImmutableList.copyOf(node.table().path()));
    RelNode all = new NodeScan.Stored(cluster, scan.getTraitSet(), table);
    RelNode stored =
        switch (view) {
          case VERSIONS -> all;
          case NEWEST -> NewestVersions.of(all, node);
          case LATEST -> NewestVersions.latest(all, node);
        };
    RexBuilder builder = cluster.getRexBuilder();
    List<RexNode> columns = new ArrayList<>();
    boolean asStored = true;
    for (NodeColumn column : node.columns()) {
      RexNode value = builder.makeInputRef(stored, columns.size());
      boolean text = shownAsText(column.type());
      columns.add(
          text
              ? builder.makeCall(value.getType(), BorderFunctions.TEXT_OF, List.of(value))
              : value);
      asStored &= !text && column.name().equals(column.storedName());
    }
    return asStored
        ? stored
        : new JdbcRules.JdbcProject(
            cluster, scan.getTraitSet(), stored, columns, scan.getRowType());
  }
}
