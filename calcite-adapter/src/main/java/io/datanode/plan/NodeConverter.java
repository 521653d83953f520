package io.datanode.plan;

import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.jspecify.annotations.Nullable;

/** Calcite's converter, which checks recursive queries before it compares types itself. */
final class NodeConverter extends SqlToRelConverter {
  NodeConverter(
      SqlValidator validator, Prepare.CatalogReader catalog, RelOptCluster cluster, Config config) {
    super(null, validator, catalog, cluster, NodeConvertlets.INSTANCE, config);
  }

  @Override
  protected RelRoot convertQueryRecursive(
      SqlNode query, boolean top, @Nullable RelDataType targetRowType) {
    RelRoot converted = super.convertQueryRecursive(query, top, targetRowType);
    RecursiveQueries.check(converted.rel);
    return converted;
  }
}
