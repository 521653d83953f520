package io.datanode.read;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time of the rows at one coordinate: an entry of {@code dimension_range_map}.
 *
 * @param coordinate values of identity columns, by column; a value may be null and is then that of
 *     rows without one. Columns that are not named may hold anything
 * @param start as {@link FixedRead#start()}; null for no bound
 * @param end as {@link FixedRead#end()}; null for no bound
 * @param interval which ends belong to it
 */
public record Window(
    Map<String, @Nullable Object> coordinate,
    @Nullable Object start,
    @Nullable Object end,
    Interval interval) {
  public Window {
    coordinate = Collections.unmodifiableMap(new LinkedHashMap<>(coordinate));
  }

  /** The rows of one value of an identity column between two times, both included. */
  public static Window of(
      String dimension, Object value, @Nullable Object start, @Nullable Object end) {
    return new Window(Map.of(dimension, value), start, end, Interval.CLOSED);
  }
}
