package io.datanode.storage.duckdb;

import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import java.util.Map;

/** Starts {@link EmbeddedDuckDb}. */
public final class EmbeddedDuckDbProvider implements EmbeddedEngineProvider {
  @Override
  public EmbeddedEngine open(Map<String, String> settings) {
    return EmbeddedDuckDb.open(settings);
  }
}
