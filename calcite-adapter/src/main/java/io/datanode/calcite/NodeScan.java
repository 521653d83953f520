package io.datanode.calcite;

import java.util.List;
import org.apache.calcite.adapter.jdbc.JdbcImplementor;
import org.apache.calcite.adapter.jdbc.JdbcRel;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;

/**
 * A scan of a node in the storage, with its published names and types. Planning must not look into
 * it: its conversions exist in the storage only.
 */
final class NodeScan extends TableScan implements JdbcRel {
  private final ScannedNode scanned;

  NodeScan(
      RelOptCluster cluster, RelOptTable table, ScannedNode scanned, NodeConvention convention) {
    super(cluster, cluster.traitSetOf(convention), List.of(), table);
    this.scanned = scanned;
  }

  /** The same over the stored table, for the writer of SQL. */
  RelNode written() {
    return scanned.written(this);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  @Override
  public JdbcImplementor.Result implement(JdbcImplementor implementor) {
    return implementor.implement(written());
  }

  /** A scan whose table has the names of the storage. */
  static final class Stored extends TableScan implements JdbcRel {
    Stored(RelOptCluster cluster, RelTraitSet traits, RelOptTable table) {
      super(cluster, traits, List.of(), table);
    }

    @Override
    public JdbcImplementor.Result implement(JdbcImplementor implementor) {
      return implementor.visit(this);
    }
  }
}
