package io.datanode.plan.placement;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.plan.MetadataTable;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.sql.StoredTable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.schema.Table;

/** Says where the rows of a scanned table are. */
final class StoredTables {
  /** Where its storage, or the embedded engine, has the rows of a table. */
  StoredTable of(RelOptTable scanned) {
    Table table = scanned.unwrap(Table.class);
    if (table instanceof NodeTable) {
      ResolvedNode node = ((NodeTable) table).node();
      if (node.stitched()) {
        throw new DataNodeException(
            SqlState.INTERNAL_ERROR,
            "Node '" + node.node().name() + "' is stitched and has no rows of its own");
      }
      return new StoredTable(
          node.table().path(),
          node.table().query(),
          node.columns().stream().map(NodeColumn::storedName).collect(Collectors.toList()),
          node.table().rowEstimate(),
          node.table().indexes());
    }
    if (table instanceof MetadataTable) {
      MetadataTable metadata = (MetadataTable) table;
      return new StoredTable(
          List.of(metadata.shippedAs()),
          metadata.columns().stream().map(ResultColumn::label).collect(Collectors.toList()));
    }
    if (table instanceof ShippedTable) {
      return new StoredTable(
          List.of(((ShippedTable) table).name()), scanned.getRowType().getFieldNames());
    }
    throw new DataNodeException(
        SqlState.INTERNAL_ERROR, "The table " + scanned.getQualifiedName() + " cannot be read");
  }

  /** About how many rows a table has; negative if unknown. */
  double rows(RelOptTable scanned) {
    Table table = scanned.unwrap(Table.class);
    if (table instanceof NodeTable) {
      return ((NodeTable) table).node().table().rowEstimate();
    }
    if (table instanceof ShippedTable) {
      return new io.datanode.storage.sql.RowEstimate(this::rows).of(((ShippedTable) table).rel());
    }
    return table instanceof MetadataTable ? 1000 : -1;
  }
}
