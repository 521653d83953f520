package io.datanode.catalog;

/** Opens catalogs of one kind; found by {@link java.util.ServiceLoader}. */
public interface CatalogProvider {
  /** True if this kind of catalog is what stands at the location. */
  boolean accepts(String location);

  /**
   * Opens the catalog at a location.
   *
   * @throws io.datanode.DataNodeException if there is none or it cannot be read
   */
  Catalog open(String location);
}
