package io.datanode.publish;

import java.util.List;

/** Where the rows to be published come from. */
public sealed interface RowSource {
  /**
   * Files, folders or databases that each hold one node, read as catalogs of their own.
   *
   * @param locations at least one; all have the same columns
   */
  record Locations(List<String> locations) implements RowSource {
    public Locations {
      locations = List.copyOf(locations);
    }
  }

  /** A query over the nodes of the catalog, in a session whose zone is UTC. */
  record Query(String sql) implements RowSource {}
}
