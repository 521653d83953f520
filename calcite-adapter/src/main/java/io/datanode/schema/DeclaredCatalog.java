package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.Catalogs;
import io.datanode.catalog.DeclaringCatalog;
import io.datanode.catalog.WritableCatalog;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.EmbeddedEngine;

/**
 * A catalog opened by itself, without anything to query its nodes: to copy what it declares, or to
 * change it. Nothing is remembered between calls.
 */
public final class DeclaredCatalog implements AutoCloseable {
  private final Catalog catalog;
  private final Storages storages;
  private final EmbeddedEngine embedded;

  private DeclaredCatalog(Catalog catalog, Storages storages, EmbeddedEngine embedded) {
    this.catalog = catalog;
    this.storages = storages;
    this.embedded = embedded;
  }

  /**
   * Opens the catalog at a location.
   *
   * @param embedded where storages live that a catalog has to look into; closed with this
   * @throws DataNodeException if there is no catalog
   */
  public static DeclaredCatalog open(String location, EmbeddedEngine embedded) {
    Storages storages = new Storages(embedded, Storages.installed());
    try {
      return new DeclaredCatalog(Catalogs.open(location, storages), storages, embedded);
    } catch (RuntimeException | Error e) {
      storages.close();
      embedded.close();
      throw e;
    }
  }

  /** Where it is, for people. */
  public String location() {
    return catalog.location();
  }

  /**
   * What it declares, whole, see {@link Catalog#declared()}.
   *
   * @throws DataNodeException also 58030 if a part of it cannot be read now
   */
  public CatalogSnapshot declared() {
    CatalogSnapshot declared = catalog.declared();
    declared
        .unreadable()
        .forEach(
            (storage, problem) -> {
              throw new DataNodeException(
                  SqlState.FILE_ERROR,
                  "Nodes of storage '" + storage + "' would be missing: " + problem);
            });
    return declared;
  }

  /**
   * The same, for changing it.
   *
   * @throws DataNodeException 0A000 if catalogs of its kind cannot be changed
   */
  public WritableCatalog writable() {
    if (catalog instanceof WritableCatalog writable) {
      return writable;
    }
    throw new DataNodeException(
        SqlState.NOT_SUPPORTED,
        "Catalog '"
            + location()
            + "' is changed where it lies; this needs a catalog in a database, for example"
            + " postgresql://host:5432/database");
  }

  /**
   * The same, for adding nodes to it.
   *
   * @throws DataNodeException 0A000 if that is not possible with catalogs of its kind
   */
  public DeclaringCatalog declaring() {
    if (catalog instanceof DeclaringCatalog declaring) {
      return declaring;
    }
    throw new DataNodeException(
        SqlState.NOT_SUPPORTED,
        "Catalog '"
            + location()
            + "' declares no nodes, it publishes what lies there; a new node needs a catalog.yaml"
            + " or a catalog in a database");
  }

  @Override
  public void close() {
    catalog.close();
    storages.close();
    embedded.close();
  }
}
