package io.datanode.storage.postgresql;

import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import java.util.Map;

/**
 * Opens storages of type {@code postgresql}. No connection is made before one is needed, so a
 * server that is down does not keep the engine from starting.
 */
public final class PostgreSqlStorageProvider implements StorageProvider {
  static final String TYPE = "postgresql";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Storage open(String name, Map<String, String> options, EmbeddedEngine embedded) {
    return new PostgreSqlStorage(ConnectionSettings.of(name, options));
  }
}
