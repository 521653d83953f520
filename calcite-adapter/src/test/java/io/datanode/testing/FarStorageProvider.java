package io.datanode.testing;

import io.datanode.node.TableSource;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.EmbeddedEngineProvider;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescription;
import io.datanode.storage.sql.StorageDialect;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Storages of type {@code far}: a DuckDB of their own, which the engine's embedded one cannot see
 * into. They stand for any storage whose rows have to be moved, without a server to start, and show
 * what a storage of another kind has to be.
 */
public final class FarStorageProvider implements StorageProvider {
  @Override
  public String type() {
    return "far";
  }

  @Override
  public Storage open(String name, Map<String, String> options, EmbeddedEngine embedded) {
    EmbeddedEngine own =
        ServiceLoader.load(EmbeddedEngineProvider.class).findFirst().orElseThrow().open(Map.of());
    Storage rows =
        ServiceLoader.load(StorageProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.type().equals("duckdb"))
            .findFirst()
            .orElseThrow()
            .open(name, options, own);
    return new FarStorage(rows, own);
  }

  private record FarStorage(Storage rows, EmbeddedEngine own) implements Storage {
    @Override
    public String name() {
      return rows.name();
    }

    @Override
    public String type() {
      return "far";
    }

    @Override
    public String location() {
      return rows.location();
    }

    @Override
    public StorageDialect dialect() {
      return rows.dialect();
    }

    @Override
    public boolean sharesStatementsWith(Storage other) {
      return other instanceof FarStorage far && far.own == own;
    }

    @Override
    public TableDescription describe(TableSource source) {
      return rows.describe(source);
    }

    @Override
    public List<TableSource.Table> tables() {
      return rows.tables();
    }

    @Override
    public RunningQuery execute(StorageQuery query) {
      return rows.execute(query);
    }

    @Override
    public void check() {
      rows.check();
    }

    @Override
    public void close() {
      rows.close();
      own.close();
    }
  }
}
