package io.datanode.engine;

import io.datanode.search.OrderedRows;
import io.datanode.search.Search;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A page of a search, read batch by batch as its rows arrive. One thread at a time.
 *
 * <p>The columns are the index vector, without prefix, then {@code base__<column>} and {@code <join
 * name>__<column>}.
 */
public final class SearchResult extends PagedResult {
  private final Search search;

  SearchResult(
      Search search,
      Portions portions,
      PageCall call,
      OrderedRows.@Nullable Position start,
      Consumer<OrderedRows.Position> reached)
      throws SQLException {
    super(search, portions, call, start, reached);
    this.search = search;
  }

  /** The index vector of the rows, the time first; names of columns. */
  public List<String> indexNames() {
    return search.indexNames();
  }

  /**
   * What a client needs to restore the types of values; to be written as JSON.
   *
   * @see Search#dataNodeStorageMap()
   */
  public Map<String, Map<String, Object>> dataNodeStorageMap() {
    return search.dataNodeStorageMap();
  }
}
