package io.datanode.catalog;

import io.datanode.DataNodeException;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.io.File;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Opens the catalog that stands at a location, whatever its kind. */
public final class Catalogs {
  private Catalogs() {}

  /**
   * Opens the catalog at a location, without caching.
   *
   * @param location a folder, a data file, a database file, a catalog file or the URL of a catalog
   *     in a database
   * @throws DataNodeException 58030 if nothing is there; F0000 if it is no catalog or a wrong one
   */
  public static Catalog open(String location, StorageInspector inspector) {
    List<CatalogProvider> providers =
        ServiceLoader.load(CatalogProvider.class, Catalogs.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparingInt(CatalogProvider::order))
            .toList();
    for (CatalogProvider provider : providers) {
      if (provider.accepts(location)) {
        return provider.open(location, inspector);
      }
    }
    String expected =
        providers.stream().map(CatalogProvider::expects).collect(Collectors.joining(", or "));
    if (ConnectUrl.isUrl(location)) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          "'" + ConnectUrl.shown(location) + "' is no catalog; expected " + expected);
    }
    File file = new File(location).getAbsoluteFile();
    if (!file.exists()) {
      String[] siblings = file.getParentFile() == null ? null : file.getParentFile().list();
      String hint =
          siblings == null
              ? ""
              : Nearest.to(file.getName(), List.of(siblings))
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse("");
      throw new DataNodeException(
          SqlState.FILE_ERROR, "There is no file or folder '" + file + "'" + hint);
    }
    throw new DataNodeException(
        SqlState.CONFIGURATION_ERROR, "'" + file + "' is no catalog; expected " + expected);
  }
}
