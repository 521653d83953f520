package io.datanode.catalog;

/** Opens catalogs of one kind; found by {@link java.util.ServiceLoader}. */
public interface CatalogProvider {
  /**
   * Which provider is asked first where several accept a location: the one with the smallest
   * number.
   */
  default int order() {
    return 0;
  }

  /** What it accepts, for error messages, for example {@code a folder}. */
  String expects();

  /** True if this kind of catalog is what stands at the location. */
  boolean accepts(String location);

  /**
   * Opens the catalog at a location.
   *
   * @param inspector looks into storages, for catalogs that discover what is there
   * @throws io.datanode.DataNodeException if there is none or it cannot be read
   */
  Catalog open(String location, StorageInspector inspector);
}
