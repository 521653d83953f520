package io.datanode.storage;

import java.util.Map;

/** Starts the embedded DuckDB of an engine; found by {@link java.util.ServiceLoader}. */
public interface EmbeddedEngineProvider {
  /**
   * Starts a new, empty database in memory.
   *
   * @param settings engine settings by key, such as {@code memoryLimit} and {@code threads}; others
   *     are ignored
   * @throws io.datanode.DataNodeException 22023 if a setting has a value it refuses
   */
  EmbeddedEngine open(Map<String, String> settings);
}
