package io.datanode.calcite;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.NodeName;
import io.datanode.node.NodeView;
import io.datanode.schema.CatalogNodes;
import io.datanode.schema.NodeSchemas;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import java.lang.ref.Cleaner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import javax.sql.DataSource;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.Wrapper;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.Lookup;
import org.jspecify.annotations.Nullable;

/**
 * A catalog as a Calcite schema, with an engine of its own.
 *
 * <p>Calcite never closes a schema. The engine is closed by {@link #close()}, to which {@code
 * SchemaPlus.unwrap(AutoCloseable.class)} leads, and at the latest when the connection that has the
 * schema is collected.
 */
final class DataNodeSchema extends AbstractSchema implements Wrapper, AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final NodeSchemas schemas;
  private final Nodes nodes;
  private final DataSource dataSource;
  private final Cleaner.Cleanable engine;

  private DataNodeSchema(String name, Expression expression, Nodes nodes, EmbeddedEngine embedded) {
    NodeConvention convention = new NodeConvention(embedded.dialect().calcite(), expression, name);
    this.nodes = nodes;
    this.dataSource = new EmbeddedDataSource(embedded);
    this.schemas =
        new NodeSchemas(nodes, Map.of(), (node, view) -> table(node, view, embedded, convention));
    // The action must not reach this object, or it would never be collected.
    this.engine =
        CLEANER.register(
            this,
            () -> {
              try {
                nodes.close();
              } finally {
                embedded.close();
              }
            });
  }

  /**
   * Opens a catalog.
   *
   * @param name the schema's name in the model
   * @param expression how generated code finds the schema again
   * @throws DataNodeException saying why the catalog or the engine cannot be opened
   */
  static DataNodeSchema open(
      String name, Expression expression, String location, Map<String, String> settings) {
    EmbeddedEngine embedded =
        ServiceLoader.load(EmbeddedEngineProvider.class, DataNodeSchema.class.getClassLoader())
            .findFirst()
            .orElseThrow(
                () ->
                    new DataNodeException(
                        SqlState.CONFIGURATION_ERROR,
                        "No embedded engine is on the class path; expected datanode-calcite whole"))
            .open(settings);
    try {
      return new DataNodeSchema(
          name, expression, CatalogNodes.open(location, settings, embedded), embedded);
    } catch (RuntimeException e) {
      embedded.close();
      throw e;
    }
  }

  private static Table table(
      ResolvedNode node, NodeView view, EmbeddedEngine embedded, NodeConvention convention) {
    if (node.stitched()) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          "Node '"
              + node.node().name()
              + "' is stitched from "
              + node.node().source()
              + ", which jdbc:calcite: cannot read; read its parts, or use jdbc:datanode:");
    }
    // What is written in the SQL of the embedded engine lives in it.
    if (node.storage().dialect() != embedded.dialect()) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          "Node '"
              + node.node().name()
              + "' is in storage '"
              + node.storage().name()
              + "' of type "
              + node.storage().type()
              + ", which jdbc:calcite: cannot read; expected a storage of type duckdb, or use"
              + " jdbc:datanode:");
    }
    return new ScannedNode(node, view, convention);
  }

  @Override
  public Lookup<Table> tables() {
    CalciteSchema nodes = namespaces().get(NodeName.DEFAULT_NAMESPACE);
    return nodes == null ? Lookup.empty() : new ListedViews(nodes.schema).tables();
  }

  @Override
  protected Map<String, Schema> getSubSchemaMap() {
    Map<String, Schema> others = new LinkedHashMap<>();
    namespaces().forEach((name, schema) -> others.put(name, new ListedViews(schema.schema)));
    others.remove(NodeName.DEFAULT_NAMESPACE);
    return others;
  }

  private Map<String, CalciteSchema> namespaces() {
    return schemas.root().getSubSchemaMap();
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> type) {
    if (type == DataSource.class) {
      return type.cast(dataSource);
    }
    return type == Nodes.class ? type.cast(nodes) : type.isInstance(this) ? type.cast(this) : null;
  }

  @Override
  public void close() {
    engine.clean();
  }
}
