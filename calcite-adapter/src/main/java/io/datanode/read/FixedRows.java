package io.datanode.read;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.DataNode;
import io.datanode.read.FixedQuery.Place;
import io.datanode.search.OrderedRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a fixed read, to be asked for page by page.
 *
 * @param query of all of them
 * @param types of the parameters of the query
 * @param values of the parameters of the query
 * @param orderTypes of the columns that the query orders by
 * @param rowsDiffer true if no two rows can be alike in these
 * @param portion how many are best asked for at once; 0 if there is no such number
 */
record FixedRows(
    DataNode node,
    FixedQuery query,
    List<ColumnType> types,
    List<@Nullable Object> values,
    List<ColumnType> orderTypes,
    boolean rowsDiffer,
    int portion)
    implements OrderedRows {
  /** More rows than there are; DuckDB refuses to skip many more. */
  private static final long MAX_OFFSET = 1L << 60;

  @Override
  public Page page(long rows, long offset) {
    return page(query, null, List.of(), rows, Math.min(offset, MAX_OFFSET));
  }

  @Override
  public @Nullable Page unordered() {
    if (node.stitch().isPresent()) {
      return null;
    }
    return page(query.unordered(), null, List.of(), Long.MAX_VALUE, 0);
  }

  @Override
  public Page page(long rows, Position after) {
    boolean missing = after.values().get(0) == null;
    Place place = new Place(types.size(), after.delivered() > 0, missing);
    return page(query, place, after.values(), rows, after.delivered());
  }

  private Page page(
      FixedQuery of,
      @Nullable Place place,
      List<@Nullable Object> placeValues,
      long rows,
      long offset) {
    List<ColumnType> allTypes = new ArrayList<>(types);
    List<@Nullable Object> all = new ArrayList<>(values);
    if (place != null) {
      allTypes.addAll(orderTypes);
      all.addAll(placeValues);
    }
    Integer skipped = null;
    if (offset > 0) {
      skipped = all.size();
      allTypes.add(ColumnType.BIGINT);
      all.add(offset);
    }
    Integer most = null;
    if (rows < Long.MAX_VALUE) {
      most = all.size();
      allTypes.add(ColumnType.BIGINT);
      all.add(rows);
    }
    return new Page(of.page(place, skipped, most, allTypes), all);
  }

  @Override
  public List<Integer> orderColumns() {
    return query.order().stream().map(query.columns()::indexOf).toList();
  }

  @Override
  public int valueCount() {
    return values.stream().mapToInt(value -> value instanceof List<?> list ? list.size() : 1).sum();
  }

  @Override
  public List<DataNode> nodes() {
    return List.of(node);
  }
}
