package io.datanode.read;

import io.datanode.search.InvalidSearchException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rows and columns of a node are wanted. All parts that are given must hold for a row.
 * Immutable.
 *
 * <p>Times are Instant, OffsetDateTime, ZonedDateTime, LocalDateTime, LocalDate, or text of ISO
 * 8601; what has no zone is in UTC, whatever the session's zone, and a date is its midnight. They
 * are compared exactly, however fine the time column is.
 *
 * @param pick all rows, or one of each identity
 * @param start of the time index; null for no bound
 * @param end of the time index; null for no bound
 * @param interval which of {@code start} and {@code end} belong to it
 * @param columns to show after the index columns, which are always shown; null for all
 * @param dimensionFilters the values an identity column may have, by column; an empty list leaves
 *     no rows. NULL in a list is equal to nothing
 * @param indexCoordinates a row must be at one of these; an empty list is no condition. A
 *     coordinate gives values of identity columns, null for rows without one; it need not name all
 * @param dimensionRangeMap a row must be in one of these windows; an empty list is no condition. A
 *     row in several of them comes once
 * @param limit the most rows; 0 for all
 * @param offset how many rows, in the order of the result, come before the first one shown
 * @see "mainsequence-sdk 6.0.38 at commit 34d22e38, get_df_between_dates and the local engines"
 */
public record FixedRead(
    Pick pick,
    @Nullable Object start,
    @Nullable Object end,
    Interval interval,
    @Nullable List<String> columns,
    Map<String, List<@Nullable Object>> dimensionFilters,
    List<Map<String, @Nullable Object>> indexCoordinates,
    List<Window> dimensionRangeMap,
    long limit,
    long offset) {
  /** The most values, coordinates and windows of one read. */
  public static final int MAX_ITEMS = 1_000_000;

  /** Which of the rows that meet all conditions are shown. */
  public enum Pick {
    /** All, in the order of the time index, then of the identity columns. */
    ROWS,
    /** Of each identity the row with the greatest time index, in the same order. */
    LAST_OBSERVATION
  }

  private static final FixedRead ALL =
      new FixedRead(
          Pick.ROWS, null, null, Interval.CLOSED, null, Map.of(), List.of(), List.of(), 0, 0);

  /**
   * A read.
   *
   * @throws InvalidSearchException 22023 for a negative limit or offset, 54000 for too many items
   */
  public FixedRead {
    columns = columns == null ? null : List.copyOf(columns);
    Map<String, List<@Nullable Object>> filters = new LinkedHashMap<>();
    dimensionFilters.forEach((column, values) -> filters.put(column, nullable(values)));
    dimensionFilters = Collections.unmodifiableMap(filters);
    indexCoordinates =
        indexCoordinates.stream()
            .map(each -> Collections.unmodifiableMap(new LinkedHashMap<>(each)))
            .toList();
    dimensionRangeMap = List.copyOf(dimensionRangeMap);
    atLeastZero("/limit", limit);
    atLeastZero("/offset", offset);
    long items = indexCoordinates.size() + dimensionRangeMap.size();
    for (List<?> values : dimensionFilters.values()) {
      items += values.size();
    }
    if (items > MAX_ITEMS) {
      throw InvalidSearchException.tooLarge(
          "",
          "A read takes at most " + MAX_ITEMS + " values, coordinates and windows, not " + items);
    }
  }

  private static List<@Nullable Object> nullable(List<@Nullable Object> values) {
    return Collections.unmodifiableList(new ArrayList<>(values));
  }

  private static void atLeastZero(String pointer, long value) {
    if (value < 0) {
      throw InvalidSearchException.rule(
          pointer, "Input should be greater than or equal to 0, not " + value);
    }
  }

  /** All rows with all columns. */
  public static FixedRead all() {
    return ALL;
  }

  /** The same read of a stretch of time. */
  public FixedRead between(@Nullable Object from, @Nullable Object to, Interval ends) {
    return new FixedRead(
        pick,
        from,
        to,
        ends,
        columns,
        dimensionFilters,
        indexCoordinates,
        dimensionRangeMap,
        limit,
        offset);
  }

  /** The same read with these columns after those of the index. */
  public FixedRead columns(List<String> names) {
    return new FixedRead(
        pick,
        start,
        end,
        interval,
        names,
        dimensionFilters,
        indexCoordinates,
        dimensionRangeMap,
        limit,
        offset);
  }

  /** The same read of some values of an identity column only; replaces what it said of it. */
  public FixedRead dimension(String column, List<? extends @Nullable Object> values) {
    Map<String, List<@Nullable Object>> filters = new LinkedHashMap<>(dimensionFilters);
    filters.put(column, new ArrayList<>(values));
    return new FixedRead(
        pick,
        start,
        end,
        interval,
        columns,
        filters,
        indexCoordinates,
        dimensionRangeMap,
        limit,
        offset);
  }

  /** The same read at these coordinates only. */
  public FixedRead coordinates(List<Map<String, @Nullable Object>> coordinates) {
    return new FixedRead(
        pick,
        start,
        end,
        interval,
        columns,
        dimensionFilters,
        coordinates,
        dimensionRangeMap,
        limit,
        offset);
  }

  /** The same read in these windows only. */
  public FixedRead windows(List<Window> windows) {
    return new FixedRead(
        pick,
        start,
        end,
        interval,
        columns,
        dimensionFilters,
        indexCoordinates,
        windows,
        limit,
        offset);
  }

  /** The same conditions, of which all rows or one of each identity are shown. */
  public FixedRead pick(Pick other) {
    return new FixedRead(
        other,
        start,
        end,
        interval,
        columns,
        dimensionFilters,
        indexCoordinates,
        dimensionRangeMap,
        limit,
        offset);
  }

  /** A page of the same read. */
  public FixedRead page(long most, long before) {
    return new FixedRead(
        pick,
        start,
        end,
        interval,
        columns,
        dimensionFilters,
        indexCoordinates,
        dimensionRangeMap,
        most,
        before);
  }
}
