package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens storages of type {@code duckdb}. Its one option is {@code path}: a folder of files, a
 * {@code .duckdb} file, or nothing if nodes name their files absolutely.
 */
public final class DuckDbStorageProvider implements StorageProvider {
  private static final String PATH = "path";

  @Override
  public String type() {
    return "duckdb";
  }

  @Override
  public Storage open(String name, Map<String, String> options, EmbeddedEngine embedded) {
    for (String option : options.keySet()) {
      if (!option.equals(PATH)) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            "Storage '" + name + "' has an option '" + option + "'; type duckdb knows only path");
      }
    }
    if (!(embedded instanceof EmbeddedDuckDb engine)) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR, "Storage '" + name + "' needs the engine's embedded DuckDB");
    }
    String path = options.getOrDefault(PATH, "");
    return new DuckDbStorage(
        name, path.isEmpty() ? null : Path.of(path).toAbsolutePath().normalize(), engine);
  }
}
