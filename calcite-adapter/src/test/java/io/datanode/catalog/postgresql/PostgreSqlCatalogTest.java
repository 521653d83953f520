package io.datanode.catalog.postgresql;

import io.datanode.catalog.CatalogContract;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.testing.PostgreSql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class PostgreSqlCatalogTest extends CatalogContract {
  private final String url = PostgreSql.newDatabase();

  @Override
  protected void publish(List<String> identifiers) {
    Map<NodeName, DataNode> nodes = new LinkedHashMap<>();
    for (String identifier : identifiers) {
      NodeName name = new NodeName(NodeName.DEFAULT_NAMESPACE, identifier);
      nodes.put(
          name, DataNode.of(name, "desk", new TableSource.Table(List.of("public", identifier))));
    }
    StorageDeclaration desk = new StorageDeclaration("desk", "duckdb", Map.of(), "here");
    try (PostgreSqlCatalog catalog = open()) {
      catalog.migrate();
      catalog.replace(new CatalogSnapshot(nodes, Map.of("desk", desk), null, null), false);
    }
  }

  @Override
  protected void breakSource() {
    PostgreSql.run(url, "UPDATE datanode.nodes SET cadence = 'daily'");
  }

  @Override
  protected String location() {
    return url.replaceFirst("jdbc:", "");
  }

  @Override
  protected String sourceName() {
    return "datanode.nodes (nodes, prices)";
  }

  private PostgreSqlCatalog open() {
    return new PostgreSqlCatalog(
        new CatalogDatabase(Location.parse(location(), name -> null)), name -> null);
  }
}
