package io.datanode.storage.datanode;

import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import java.util.Map;

/** Opens storages of type {@code datanode}: nodes that another server publishes. */
public final class DataNodeStorageProvider implements StorageProvider {
  static final String TYPE = "datanode";

  /** For {@link java.util.ServiceLoader}. */
  public DataNodeStorageProvider() {}

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Storage open(String name, Map<String, String> options, EmbeddedEngine embedded) {
    return new DataNodeStorage(ServerSettings.of(name, options));
  }
}
