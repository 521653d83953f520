package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.TableSource;
import io.datanode.storage.Storage;
import io.datanode.storage.TableDescriber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Many nodes that are to be described now: each storage is asked about all of its own together, and
 * what is wrong with one node is told of that node only.
 */
final class NodesTogether {
  /** Nodes asked about at once, so that what a storage answers does not grow without bound. */
  private static final int AT_ONCE = 1_000;

  private final Map<String, List<DataNode>> byStorage = new LinkedHashMap<>();

  NodesTogether(Collection<DataNode> nodes) {
    for (DataNode node : nodes) {
      byStorage.computeIfAbsent(node.storage(), any -> new ArrayList<>()).add(node);
    }
  }

  /** Opens storages. */
  interface Opener {
    /**
     * The open storage of this name.
     *
     * @throws DataNodeException if it cannot be opened
     */
    Storage open(String storage);
  }

  /** Describes a node. */
  interface Description {
    /**
     * Describes a node with what is known of its storage's tables.
     *
     * @throws DataNodeException if that fails
     */
    void of(DataNode node, Storage storage, TableDescriber tables);
  }

  /**
   * Describes all of them.
   *
   * @param failed is told of each that cannot be described
   */
  void describe(
      Opener storages, Description description, BiConsumer<DataNode, DataNodeException> failed) {
    byStorage.forEach(
        (name, nodes) -> {
          for (int from = 0; from < nodes.size(); from += AT_ONCE) {
            List<DataNode> some = nodes.subList(from, Math.min(from + AT_ONCE, nodes.size()));
            try {
              Storage storage = storages.open(name);
              TableDescriber tables = tables(storage, some);
              some.forEach(node -> describe(node, storage, tables, description, failed));
            } catch (DataNodeException e) {
              some.forEach(node -> failed.accept(node, e));
            }
          }
        });
  }

  private static TableDescriber tables(Storage storage, List<DataNode> nodes) {
    List<TableSource> sources = nodes.stream().map(DataNode::source).toList();
    try {
      return storage.describer(sources);
    } catch (DataNodeException e) {
      if (e.sqlState().equals(SqlState.CANNOT_CONNECT_NOW.code())) {
        throw e;
      }
      // One of them may be to blame: each by itself then tells.
      return storage::describe;
    }
  }

  private static void describe(
      DataNode node,
      Storage storage,
      TableDescriber tables,
      Description description,
      BiConsumer<DataNode, DataNodeException> failed) {
    try {
      description.of(node, storage, tables);
    } catch (DataNodeException e) {
      failed.accept(node, e);
    }
  }
}
