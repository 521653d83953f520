package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.Plan.Shipment;
import io.datanode.plan.Plan.StorageStatement;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.Storage;
import io.datanode.storage.sql.RenderedStatement;
import io.datanode.storage.sql.StatementWriter;
import io.datanode.storage.sql.StorageDialect;
import io.datanode.storage.sql.StoredTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.schema.Table;

/** Decides which storage runs what, and writes the statements. */
final class Placement {
  private final StorageDialect embedded;
  private final Map<String, ResolvedNode> scanned = new LinkedHashMap<>();
  private final Map<String, MetadataTable> metadata = new LinkedHashMap<>();

  Placement(StorageDialect embedded) {
    this.embedded = embedded;
  }

  Plan.Query place(RelNode rel, StatementShape shape, List<ParameterSource> sources) {
    collect(rel);
    Storage storage = null;
    for (ResolvedNode node : scanned.values()) {
      if (storage != null && !storage.sharesStatementsWith(node.storage())) {
        throw new DataNodeException(
            SqlState.NOT_SUPPORTED,
            "Nodes of storages '"
                + storage.name()
                + "' and '"
                + node.storage().name()
                + "' cannot be read by one statement yet");
      }
      storage = node.storage();
    }
    StorageDialect dialect = storage == null ? embedded : storage.dialect();
    RenderedStatement rendered = new StatementWriter(dialect, this::stored).write(rel);
    List<ParameterSource> ordered =
        rendered.parameters().stream().map(sources::get).collect(Collectors.toList());
    List<ColumnType> columns =
        shape.columns().stream().map(ResultColumn::type).collect(Collectors.toList());
    List<Shipment> shipments = new ArrayList<>();
    for (MetadataTable table : metadata.values()) {
      shipments.add(
          new Shipment(
              table.shippedAs(),
              table.columns().stream().map(ResultColumn::label).collect(Collectors.toList()),
              table.columns().stream().map(ResultColumn::type).collect(Collectors.toList()),
              null,
              table.name()));
    }
    return new Plan.Query(
        shape,
        new StorageStatement(
            storage == null ? StorageStatement.EMBEDDED : storage.name(),
            rendered.sql(),
            ordered,
            columns),
        shipments);
  }

  private void collect(RelNode rel) {
    new RelVisitor() {
      @Override
      public void visit(
          RelNode node, int ordinal, @org.jspecify.annotations.Nullable RelNode parent) {
        if (node instanceof TableScan) {
          Table table = node.getTable() == null ? null : node.getTable().unwrap(Table.class);
          if (table instanceof NodeTable) {
            ResolvedNode resolved = ((NodeTable) table).node();
            scanned.put(resolved.node().name().toString(), resolved);
          } else if (table instanceof MetadataTable) {
            metadata.put(((MetadataTable) table).name(), (MetadataTable) table);
          }
        }
        node.accept(
            new RexShuttle() {
              @Override
              public org.apache.calcite.rex.RexNode visitSubQuery(RexSubQuery query) {
                collect(query.rel);
                return super.visitSubQuery(query);
              }
            });
        super.visit(node, ordinal, parent);
      }
    }.go(rel);
  }

  private StoredTable stored(RelOptTable optTable) {
    Table table = optTable.unwrap(Table.class);
    if (table instanceof NodeTable) {
      ResolvedNode node = ((NodeTable) table).node();
      return new StoredTable(
          node.table().path(),
          node.table().query(),
          node.columns().stream().map(NodeColumn::storedName).collect(Collectors.toList()),
          node.table().rowEstimate());
    }
    if (table instanceof MetadataTable) {
      MetadataTable shipped = (MetadataTable) table;
      return new StoredTable(
          List.of(shipped.shippedAs()),
          shipped.columns().stream().map(ResultColumn::label).collect(Collectors.toList()));
    }
    throw new DataNodeException(
        SqlState.INTERNAL_ERROR, "The table " + optTable.getQualifiedName() + " cannot be read");
  }
}
