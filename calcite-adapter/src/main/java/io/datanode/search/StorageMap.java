package io.datanode.search;

import io.datanode.node.Dtype;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.ResolvedNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code data_node_storage_map} of a response. */
final class StorageMap {
  private StorageMap() {}

  static Map<String, Map<String, Object>> of(List<Layout.Source> sources) {
    Map<String, Map<String, Object>> map = new LinkedHashMap<>();
    sources.forEach(source -> map.put(source.alias(), storage(source.node())));
    return map;
  }

  private static Map<String, Object> storage(ResolvedNode node) {
    Map<String, Object> storage = new LinkedHashMap<>();
    storage.put("identifier", node.node().name().toString());
    storage.put("storage_hash", NodeLookup.hashOf(node.node()));
    storage.put("description", node.node().description());
    storage.put("sourcetableconfiguration", configuration(node));
    return storage;
  }

  private static Map<String, Object> configuration(ResolvedNode node) {
    Map<String, String> dtypes = new LinkedHashMap<>();
    for (NodeColumn column : node.columns()) {
      // A declared spelling that the reference does not know would leave its values text.
      dtypes.put(
          column.name(),
          Dtype.parse(column.dtype())
              .map(Dtype::token)
              .orElseGet(() -> Dtype.token(column.type())));
    }
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("time_index_name", node.timeIndex());
    configuration.put("index_names", Layout.indexNames(node));
    configuration.put("column_dtypes_map", dtypes);
    return configuration;
  }
}
