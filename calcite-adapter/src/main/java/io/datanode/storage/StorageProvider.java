package io.datanode.storage;

import java.util.Map;

/** Opens storages of one kind; found by {@link java.util.ServiceLoader}. */
public interface StorageProvider {
  /** The kind, as {@code type:} in a catalog names it. */
  String type();

  /**
   * Opens a storage. Opening may be lazy: a storage that is down is reported by {@link
   * Storage#check} and by the first use.
   *
   * @param name its name in the catalog
   * @param options what the catalog declares, by key
   * @param embedded the engine's own embedded DuckDB, for storages that live in it
   * @throws io.datanode.DataNodeException F0000 naming an option that is missing, unknown or wrong
   */
  Storage open(String name, Map<String, String> options, EmbeddedEngine embedded);
}
