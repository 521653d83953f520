package io.datanode.catalog.folder;

import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogProvider;
import io.datanode.catalog.StorageInspector;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Opens a folder, a Parquet or CSV file, or a DuckDB file, without any catalog file. */
public final class FolderCatalogProvider implements CatalogProvider {
  /** After catalog files, so that a folder with a catalog file in it is read by that. */
  @Override
  public int order() {
    return 100;
  }

  @Override
  public String expects() {
    return "a folder, a .parquet, .csv or .csv.gz file, or a .duckdb file";
  }

  @Override
  public boolean accepts(String location) {
    try {
      Path path = Path.of(location);
      if (Files.isDirectory(path)) {
        return true;
      }
      String name = String.valueOf(path.getFileName());
      return Files.exists(path) && (FileNames.suffix(name).isPresent() || FileNames.database(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  @Override
  public Catalog open(String location, StorageInspector inspector) {
    Path path = Path.of(location).toAbsolutePath().normalize();
    if (FileNames.mainSequenceViews(String.valueOf(path.getFileName()))) {
      path = path.getParent();
    }
    return new FolderCatalog(path, inspector);
  }
}
