package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.node.NodeName;
import io.datanode.storage.Storage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The nodes a user can query now. Thread-safe; remembers what it learnt of a node until the catalog
 * or the table behind it changes.
 */
public interface Nodes extends AutoCloseable {
  /** What the catalog publishes now; the last good state if its source is broken. */
  CatalogSnapshot snapshot();

  /**
   * Grows whenever what is published, or what is known of a resolved node, has changed; plans made
   * under another version must not be used.
   */
  long version();

  /**
   * Resolves a node, asking its storage if it is not remembered. Other nodes are not touched.
   *
   * @return empty if no node has this name
   * @throws io.datanode.DataNodeException if the storage cannot describe its table
   */
  Optional<ResolvedNode> resolve(NodeName name);

  /**
   * Resolves many nodes as {@link #resolve} does, but asks each storage about all of its own
   * together.
   *
   * @param failed is told of each node whose storage cannot describe its table
   * @return the others that are published
   */
  Map<NodeName, ResolvedNode> resolveAll(
      Collection<NodeName> names, BiConsumer<NodeName, DataNodeException> failed);

  /**
   * The open storage with this name.
   *
   * @throws io.datanode.DataNodeException F0000 if the catalog declares none
   */
  Storage storage(String name);

  /** States of all declared storages, opened or not; does not open any. */
  List<StorageState> storageStates();

  /**
   * Asks every storage and resolves every node, which opens and describes all of them.
   *
   * @return all that is wrong, each in one sentence; empty if all is well
   */
  List<String> problems();

  /** Reads the catalog again and forgets what is remembered of tables. */
  void refresh();

  @Override
  void close();

  /**
   * A declared storage.
   *
   * @param location for people, without secrets; empty if not opened
   * @param error why it or the catalog could not be read last time, or empty
   */
  record StorageState(
      String name, String type, String location, boolean open, String declaredIn, String error) {}
}
