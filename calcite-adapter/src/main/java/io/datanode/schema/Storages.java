package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.StorageInspector;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.node.TableSource;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.StorageProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The storages that have been opened, each once, when first asked for.
 *
 * <p>A storage whose declaration has changed is opened anew; the old one stays open until all are
 * closed, because statements may still be running on it.
 */
final class Storages implements StorageInspector, AutoCloseable {
  private final EmbeddedEngine embedded;
  private final Map<String, StorageProvider> providers = new TreeMap<>();
  private final Map<StorageDeclaration, Storage> open = new ConcurrentHashMap<>();
  private final Map<String, String> failures = new ConcurrentHashMap<>();

  Storages(EmbeddedEngine embedded, Iterable<StorageProvider> providers) {
    this.embedded = embedded;
    providers.forEach(provider -> this.providers.put(provider.type(), provider));
  }

  /** Every kind of storage on the class path. */
  static Iterable<StorageProvider> installed() {
    return ServiceLoader.load(StorageProvider.class, Storages.class.getClassLoader());
  }

  /**
   * The storage that is declared so.
   *
   * @throws DataNodeException F0000 if it is declared wrongly; else why it cannot be opened
   */
  Storage open(StorageDeclaration declaration) {
    // One that takes long to open holds up nobody who uses another.
    Storage storage = open.get(declaration);
    return storage == null ? opening(declaration) : storage;
  }

  private synchronized Storage opening(StorageDeclaration declaration) {
    Storage storage = open.get(declaration);
    if (storage == null) {
      StorageProvider provider = providers.get(declaration.type());
      if (provider == null) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            "Storage '"
                + declaration.name()
                + "' in "
                + declaration.where()
                + " has type '"
                + declaration.type()
                + "', which is not known"
                + Nearest.hint(declaration.type(), "known types", providers.keySet()));
      }
      try {
        storage = provider.open(declaration.name(), declaration.options(), embedded);
      } catch (DataNodeException e) {
        DataNodeException placed =
            new DataNodeException(e.sqlState(), declaration.where() + ": " + e.getMessage(), e);
        failed(declaration.name(), placed);
        throw placed;
      }
      open.put(declaration, storage);
      failures.remove(declaration.name());
    }
    return storage;
  }

  /** The storage that is declared so, if it has been opened. */
  Optional<Storage> opened(StorageDeclaration declaration) {
    return Optional.ofNullable(open.get(declaration));
  }

  /** Remembers why a storage could not be used. */
  void failed(String name, DataNodeException e) {
    failures.put(name, e.getMessage());
  }

  /** Forgets a failure of a storage that has answered since. */
  void answered(String name) {
    failures.remove(name);
  }

  /** Why a storage could not be used the last time, if it has not answered since. */
  Optional<String> failure(String name) {
    return Optional.ofNullable(failures.get(name));
  }

  @Override
  public List<TableSource.Table> tables(StorageDeclaration declaration) {
    return open(declaration).tables();
  }

  @Override
  public List<String> columns(StorageDeclaration declaration, TableSource source) {
    return open(declaration).describe(source).columns().stream().map(StorageColumn::name).toList();
  }

  @Override
  public synchronized void close() {
    open.values().forEach(Storage::close);
    open.clear();
  }
}
