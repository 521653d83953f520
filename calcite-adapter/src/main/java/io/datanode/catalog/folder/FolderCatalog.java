package io.datanode.catalog.folder;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.FileStamp;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.StorageInspector;
import io.datanode.catalog.declaration.References;
import io.datanode.jdbc.SqlState;
import io.datanode.node.TableSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what lies in a folder; or a single data file; or the tables of a single DuckDB file.
 * How names come about is written at {@link Publication}.
 */
final class FolderCatalog implements Catalog {
  private final Path location;
  private final StorageInspector inspector;
  private final Map<Path, KnownTables> tablesByDatabase = new HashMap<>();
  private final Map<Path, KnownLikeness> likenessByFolder = new HashMap<>();
  private volatile @Nullable FileStamp stamp;

  /** What a database held when it was last asked. */
  private record KnownTables(FileStamp stamp, List<TableSource.Table> tables) {}

  /** Whether the files of a folder were found to be one table when it held these files. */
  private record KnownLikeness(List<Path> files, boolean alike) {}

  FolderCatalog(Path location, StorageInspector inspector) {
    this.location = location;
    this.inspector = inspector;
  }

  @Override
  public String location() {
    return location.toString();
  }

  /** Sees files and folders that come and go directly in the folder, not deeper. */
  @Override
  public boolean changed() {
    FileStamp known = stamp;
    return known != null && !known.equals(FileStamp.of(location));
  }

  @Override
  public synchronized CatalogSnapshot snapshot() {
    stamp = FileStamp.of(location);
    if (!Files.exists(location)) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "There is no file or folder '" + location + "' any more");
    }
    Map<String, String> unreadable = new TreeMap<>();
    Path folder = Files.isDirectory(location) ? location : location.getParent();
    Publication publication = new Publication(folder, unreadable, this::tables, this::alike);
    if (Files.isDirectory(location)) {
      publication.folder(
          Folder.read(
              location,
              (path, e) ->
                  unreadable.putIfAbsent(
                      publication.fileStorage().name(),
                      "Folder '" + path + "' cannot be read: " + e.getMessage())));
    } else if (FileNames.database(location.getFileName().toString())) {
      publication.database(location);
    } else {
      publication.file(location);
    }
    return publication.snapshot();
  }

  /** Nothing that is found refers to the environment, and no path is a secret. */
  @Override
  public CatalogSnapshot declared() {
    CatalogSnapshot found = snapshot();
    Map<String, StorageDeclaration> asWritten = new HashMap<>();
    for (StorageDeclaration storage : found.storages().values()) {
      Map<String, String> options = new HashMap<>(storage.options());
      options.replaceAll((key, value) -> References.escaped(value));
      asWritten.put(
          storage.name(),
          new StorageDeclaration(storage.name(), storage.type(), options, storage.where()));
    }
    return found.withStorages(asWritten);
  }

  @Override
  public synchronized void refresh() {
    tablesByDatabase.clear();
    likenessByFolder.clear();
  }

  /**
   * The tables of a database file, asked only when the file has changed. A file that cannot be read
   * in a folder of others is reported, and what it held before stays published.
   */
  private List<TableSource.Table> tables(
      Path file, StorageDeclaration storage, Map<String, String> unreadable) {
    FileStamp now = FileStamp.of(file);
    KnownTables known = tablesByDatabase.get(file);
    if (known != null && known.stamp().equals(now)) {
      return known.tables();
    }
    try {
      List<TableSource.Table> tables = inspector.tables(storage);
      tablesByDatabase.put(file, new KnownTables(now, tables));
      return tables;
    } catch (DataNodeException e) {
      if (file.equals(location)) {
        throw e;
      }
      unreadable.put(storage.name(), e.getMessage());
      return known == null ? List.of() : known.tables();
    }
  }

  private boolean alike(List<Path> files, StorageDeclaration storage) {
    Path folder = files.get(0).getParent();
    KnownLikeness known = likenessByFolder.get(folder);
    if (known == null || !known.files().equals(files)) {
      known = new KnownLikeness(files, Likeness.of(files, storage, inspector));
      likenessByFolder.put(folder, known);
    }
    return known.alike();
  }
}
