package io.datanode.plan;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.node.NodeName;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.util.Optional;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalValues;
import org.jspecify.annotations.Nullable;

/**
 * {@code metadata.assets} as a query over the node that lists the assets: the key of each with the
 * number, exchange and symbol that KaizenFlow reads in a full symbol. Being a query, conditions and
 * joins treat it as they treat the node.
 */
final class ListedAssets {
  private static final String TABLE = "assets";

  private final Nodes nodes;
  private final Function<String, RelNode> query;

  /**
   * For one statement.
   *
   * @param query makes the relational expression of a query
   */
  ListedAssets(Nodes nodes, Function<String, RelNode> query) {
    this.nodes = nodes;
    this.query = query;
  }

  /** The query over nodes, sub-queries included. */
  RelNode apply(RelNode rel) {
    MetadataTable table =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(MetadataTable.class)
            : null;
    return table != null && table.name().equals(TABLE) ? rows(rel) : RelTree.map(rel, this::apply);
  }

  private RelNode rows(RelNode scan) {
    CatalogSnapshot snapshot = nodes.snapshot();
    Optional<ResolvedNode> listing = snapshot.assetsNode().flatMap(this::resolved);
    @Nullable NodeColumn key =
        listing.flatMap(node -> snapshot.assetsKey().flatMap(node::column)).orElse(null);
    if (listing.isEmpty() || key == null) {
      return LogicalValues.createEmpty(scan.getCluster(), scan.getRowType());
    }
    return RelOptUtil.createCastRel(query.apply(sql(listing.get(), key)), scan.getRowType(), true);
  }

  private Optional<ResolvedNode> resolved(NodeName name) {
    return nodes.resolve(name);
  }

  /** Of an asset that is listed more than once, as of each of several times, one row. */
  private static String sql(ResolvedNode node, NodeColumn key) {
    return "SELECT a, ASSET_ID(a), EXCHANGE(a), SYMBOL(a) FROM (SELECT DISTINCT CAST("
        + NodeStatus.quoted(key.name())
        + " AS VARCHAR) AS a FROM "
        + NodeStatus.table(node)
        + ") AS k WHERE a IS NOT NULL";
  }
}
