package io.datanode.read;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.NodeName;
import io.datanode.plan.QueryBuilder;
import io.datanode.plan.RelationalQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a fixed read; numbers refer to its parameters.
 *
 * @param time the time index, or null if the node has none
 * @param columns to show, those of the index first
 * @param order those of them by which rows are ordered; empty if their order does not matter
 * @param coordinates shapes of index coordinates, of which a row must be at one; empty for none
 * @param windows shapes of windows, of which a row must be in one; empty for none
 * @param place after which rows are wanted; null if from the first on, or found by {@code offset}
 */
record FixedQuery(
    NodeName node,
    Answer answer,
    @Nullable String time,
    List<String> identity,
    List<String> columns,
    List<String> order,
    @Nullable Bound start,
    @Nullable Bound end,
    List<OneOf> filters,
    List<Shape> coordinates,
    List<Shape> windows,
    @Nullable Place place,
    @Nullable Integer offset,
    @Nullable Integer limit,
    List<ColumnType> parameters)
    implements RelationalQuery {
  /** Names of the result of {@link Answer#STATISTICS} behind the identity. */
  static final String EARLIEST = "index_min";

  static final String LATEST = "index_progress";

  /** What is shown of the rows. */
  enum Answer {
    ROWS,
    LAST_OBSERVATION,
    /** The least and the greatest time index of each identity. */
    STATISTICS
  }

  /** An end of the time index. */
  record Bound(boolean included, int parameter) {}

  /**
   * A place in the order.
   *
   * @param first the parameter that holds the first column of it; the others follow
   * @param inclusive true if rows at the place itself are wanted too
   * @param missing true if the first column is NULL there
   */
  record Place(int first, boolean inclusive, boolean missing) {}

  /**
   * Values a column may have.
   *
   * @param count how many parameters from {@code parameter} on hold one value each; 0 if this one
   *     is an array
   */
  record OneOf(String column, int parameter, int count) {}

  /**
   * Coordinates that name the same columns, with their windows if there are any.
   *
   * @param columns those with a value, which {@code arrays} hold
   * @param nulls those that must be NULL
   * @param start where the window begins; null if none of them has a start
   * @param end where the window ends; null if none of them has an end
   */
  record Shape(
      List<String> columns,
      List<Integer> arrays,
      List<String> nulls,
      @Nullable Edge start,
      @Nullable Edge end) {}

  /**
   * Starts or ends of windows, all included.
   *
   * @param array of them
   * @param everywhere false if some are NULL, for windows that are open at this side
   * @param bound the least start, or the greatest end, by itself; null if it is not wanted
   */
  record Edge(int array, boolean everywhere, @Nullable Integer bound) {}

  /** A page of the same rows; the numbers are those of parameters. */
  FixedQuery page(
      @Nullable Place from,
      @Nullable Integer skipped,
      @Nullable Integer most,
      List<ColumnType> allParameters) {
    return new FixedQuery(
        node,
        answer,
        time,
        identity,
        columns,
        order,
        start,
        end,
        filters,
        coordinates,
        windows,
        from,
        skipped,
        most,
        List.copyOf(allParameters));
  }

  /** The same rows in no order. */
  FixedQuery unordered() {
    return new FixedQuery(
        node,
        answer,
        time,
        identity,
        columns,
        List.of(),
        start,
        end,
        filters,
        coordinates,
        windows,
        place,
        offset,
        limit,
        parameters);
  }

  @Override
  public RelNode build(QueryBuilder builder) {
    builder.scan(node);
    RelBuilder rel = builder.rel();
    List<RexNode> conditions = new ArrayList<>();
    WindowedRows windowed = new WindowedRows(builder, time);
    windowed.keep(coordinates, conditions);
    windowed.keep(windows, conditions);
    if (start != null) {
      RexNode value = builder.parameter(start.parameter());
      conditions.add(
          start.included()
              ? rel.greaterThanOrEqual(rel.field(time), value)
              : rel.greaterThan(rel.field(time), value));
    }
    if (end != null) {
      RexNode value = builder.parameter(end.parameter());
      conditions.add(
          end.included()
              ? rel.lessThanOrEqual(rel.field(time), value)
              : rel.lessThan(rel.field(time), value));
    }
    filters.forEach(filter -> conditions.add(oneOf(builder, filter)));
    if (!conditions.isEmpty()) {
      rel.filter(conditions);
    }
    switch (answer) {
      case STATISTICS:
        return statistics(rel);
      case LAST_OBSERVATION:
        last(rel);
        break;
      case ROWS:
        break;
    }
    if (place != null) {
      rel.filter(from(builder, place));
    }
    rel.project(columns.stream().map(rel::field).toList(), columns, true);
    return rel.sortLimit(
            offset == null ? null : builder.parameter(offset),
            limit == null ? null : builder.parameter(limit),
            order.stream().map(rel::field).toList())
        .build();
  }

  private List<RexNode> from(QueryBuilder builder, Place here) {
    RelBuilder rel = builder.rel();
    List<RexNode> ordered = order.stream().<RexNode>map(rel::field).toList();
    return List.of(
        here.missing()
            ? rel.isNull(ordered.get(0))
            : builder.notBefore(ordered.get(0), here.first()),
        builder.after(ordered, here.first(), here.inclusive()));
  }

  private static RexNode oneOf(QueryBuilder builder, OneOf filter) {
    RelBuilder rel = builder.rel();
    RexNode column = rel.field(filter.column());
    if (filter.count() == 0) {
      return builder.isOneOf(column, filter.parameter());
    }
    return rel.or(
        IntStream.range(0, filter.count())
            .mapToObj(i -> rel.equals(column, builder.parameter(filter.parameter() + i)))
            .toList());
  }

  private void last(RelBuilder rel) {
    RexNode newest = rel.nullsLast(rel.desc(rel.field(time)));
    if (identity.isEmpty()) {
      rel.sortLimit(0, 1, newest);
      return;
    }
    List<RexNode> shown = new ArrayList<>(rel.fields());
    shown.add(
        rel.alias(
            rel.aggregateCall(SqlStdOperatorTable.ROW_NUMBER)
                .over()
                .partitionBy(identity.stream().map(rel::field).toList())
                .orderBy(newest)
                .rowsTo(RexWindowBounds.CURRENT_ROW)
                .toRex(),
            "newest"));
    rel.project(shown);
    rel.filter(rel.equals(rel.field(shown.size() - 1), rel.literal(1)));
  }

  private RelNode statistics(RelBuilder rel) {
    rel.aggregate(
        rel.groupKey(identity.toArray(new String[0])),
        rel.min(EARLIEST, rel.field(time)),
        rel.max(LATEST, rel.field(time)));
    return rel.sort(identity.stream().map(rel::field).toList()).build();
  }

  /** For the query log. */
  @Override
  public String toString() {
    List<String> conditions = new ArrayList<>();
    if (start != null) {
      conditions.add(time + (start.included() ? " >= ?" : " > ?"));
    }
    if (end != null) {
      conditions.add(time + (end.included() ? " <= ?" : " < ?"));
    }
    for (OneOf filter : filters) {
      conditions.add(filter.column() + " in a list");
    }
    coordinates.forEach(shape -> conditions.add(shape.columns() + " in a list of coordinates"));
    windows.forEach(shape -> conditions.add(shape.columns() + " in a window of their own"));
    if (place != null) {
      conditions.add("after a place in the order of " + order);
    }
    return "fixed read of "
        + node
        + ": "
        + answer.name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + (answer == Answer.STATISTICS ? "" : " (" + String.join(", ", columns) + ")")
        + (conditions.isEmpty()
            ? ""
            : conditions.stream().collect(Collectors.joining(" and ", " where ", "")));
  }
}
