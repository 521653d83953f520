package io.datanode.testing;

import io.datanode.testing.MarketNodes.Place;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The same nodes in each place, written when a test first asks for them and kept for the others.
 */
public final class CatalogPerPlace {
  private final Map<Place, Path> written = new EnumMap<>(Place.class);
  private final Function<Place, Path> writer;

  /**
   * Catalogs that nothing has asked for yet.
   *
   * @param writer makes the rows and the catalog of one place
   */
  public CatalogPerPlace(Function<Place, Path> writer) {
    this.writer = writer;
  }

  /** The catalog in a place. */
  public synchronized Path in(Place place) {
    return written.computeIfAbsent(place, writer);
  }

  /** A statement over the nodes in a place. */
  public SqlFixture sql(Place place, String sql) {
    return SqlFixture.sql(sql).over(in(place));
  }
}
