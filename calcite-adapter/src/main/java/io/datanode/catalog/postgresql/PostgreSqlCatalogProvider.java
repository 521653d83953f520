package io.datanode.catalog.postgresql;

import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogProvider;
import io.datanode.catalog.StorageInspector;

/** Opens {@code postgresql://host:5432/database}. */
public final class PostgreSqlCatalogProvider implements CatalogProvider {
  /** Last, because nothing else accepts such a location. */
  @Override
  public int order() {
    return 200;
  }

  @Override
  public String expects() {
    return Location.EXAMPLE;
  }

  @Override
  public boolean accepts(String location) {
    return Location.accepts(location);
  }

  @Override
  public Catalog open(String location, StorageInspector inspector) {
    return new PostgreSqlCatalog(
        new CatalogDatabase(Location.parse(location, System::getenv)), System::getenv);
  }
}
