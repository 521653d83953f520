package io.datanode.schema;

import io.datanode.node.TableSource;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageProvider;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.calcite.sql.SqlDialect;

/** Opens real storages, and counts how many tables they are asked to describe. */
final class CountingStorageProvider {
  private final AtomicInteger described = new AtomicInteger();
  private final List<StorageProvider> providers = new ArrayList<>();

  CountingStorageProvider(Iterable<StorageProvider> real) {
    real.forEach(provider -> providers.add(new Counted(provider)));
  }

  List<StorageProvider> all() {
    return providers;
  }

  int described() {
    return described.get();
  }

  private final class Counted implements StorageProvider {
    private final StorageProvider real;

    private Counted(StorageProvider real) {
      this.real = real;
    }

    @Override
    public String type() {
      return real.type();
    }

    @Override
    public Storage open(String name, Map<String, String> options, EmbeddedEngine embedded) {
      return new CountedStorage(real.open(name, options, embedded));
    }
  }

  private final class CountedStorage implements Storage {
    private final Storage real;

    private CountedStorage(Storage real) {
      this.real = real;
    }

    @Override
    public TableDescription describe(TableSource source) {
      described.incrementAndGet();
      return real.describe(source);
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public String type() {
      return real.type();
    }

    @Override
    public String location() {
      return real.location();
    }

    @Override
    public SqlDialect dialect() {
      return real.dialect();
    }

    @Override
    public boolean sharesStatementsWith(Storage other) {
      return real.sharesStatementsWith(other);
    }

    @Override
    public List<TableSource.Table> tables() {
      return real.tables();
    }

    @Override
    public RunningQuery execute(StorageQuery query) {
      return real.execute(query);
    }

    @Override
    public void check() {
      real.check();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
