package io.datanode.read;

import io.datanode.plan.QueryBuilder;
import io.datanode.read.FixedQuery.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows that are at one of many coordinates or in one of many windows: by a join with a table
 * of them, which costs about one reading of the node however many they are.
 */
final class WindowedRows {
  private final QueryBuilder builder;
  private final RelBuilder rel;
  private final @Nullable String time;

  /**
   * For the rows on the builder's stack.
   *
   * @param time the time index, if there is one
   */
  WindowedRows(QueryBuilder builder, @Nullable String time) {
    this.builder = builder;
    this.rel = builder.rel();
    this.time = time;
  }

  /**
   * Keeps the rows that one of the shapes holds, each once.
   *
   * @param conditions to which those are added that need no join
   */
  void keep(List<Shape> shapes, List<RexNode> conditions) {
    if (shapes.size() == 1) {
      keep(shapes.get(0), conditions);
    } else if (!shapes.isEmpty()) {
      keepAnyOf(shapes);
    }
  }

  /**
   * Rows of the first shape, then those of the second that are not of the first, and so on: an OR
   * of EXISTS would make storages look up every row by itself.
   */
  private void keepAnyOf(List<Shape> shapes) {
    RelNode rows = rel.build();
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = shapes.get(i);
      List<RexNode> conditions = new ArrayList<>();
      rel.push(rows);
      keep(shape, conditions);
      rel.filter(conditions);
      shapes.subList(0, i).stream()
          .filter(other -> !areApart(shape, other))
          .forEach(this::leaveOut);
    }
    rel.union(true, shapes.size());
  }

  /** True if no row is of both, because one has a value where the other has none. */
  private static boolean areApart(Shape one, Shape other) {
    return one.nulls().stream().anyMatch(other.columns()::contains)
        || other.nulls().stream().anyMatch(one.columns()::contains);
  }

  private void keep(Shape shape, List<RexNode> conditions) {
    boolean windowed = isWindowed(shape);
    if (shape.columns().size() == 1 && !windowed) {
      conditions.add(builder.isOneOf(rel.field(shape.columns().get(0)), shape.arrays().get(0)));
    } else if (!shape.columns().isEmpty() || windowed) {
      pushTable(shape);
      rel.join(JoinRelType.SEMI, matches(shape));
    }
    for (String column : shape.nulls()) {
      conditions.add(rel.isNull(rel.field(column)));
    }
    // What the windows leave at all, for what a storage knows of the ranges of its files and
    // partitions.
    if (shape.start() != null && shape.start().bound() != null) {
      conditions.add(
          rel.greaterThanOrEqual(rel.field(time), builder.parameter(shape.start().bound())));
    }
    if (shape.end() != null && shape.end().bound() != null) {
      conditions.add(rel.lessThanOrEqual(rel.field(time), builder.parameter(shape.end().bound())));
    }
  }

  private void leaveOut(Shape shape) {
    if (shape.columns().isEmpty() && !isWindowed(shape)) {
      rel.filter(
          rel.not(
              rel.and(shape.nulls().stream().map(name -> rel.isNull(rel.field(name))).toList())));
      return;
    }
    pushTable(shape);
    List<RexNode> terms = matches(shape);
    shape.nulls().forEach(name -> terms.add(rel.isNull(rel.field(2, 0, name))));
    rel.join(JoinRelType.ANTI, terms);
  }

  private static boolean isWindowed(Shape shape) {
    return shape.start() != null || shape.end() != null;
  }

  /** Pushes the table of a shape: its columns, then the start, then the end. */
  private void pushTable(Shape shape) {
    List<Integer> arrays = new ArrayList<>(shape.arrays());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      names.add("key" + (i + 1));
    }
    if (shape.start() != null) {
      arrays.add(shape.start().array());
      names.add("window_start");
    }
    if (shape.end() != null) {
      arrays.add(shape.end().array());
      names.add("window_end");
    }
    builder.arrays(arrays, names);
  }

  /** When a row and one of the table pushed last belong together. */
  private List<RexNode> matches(Shape shape) {
    List<RexNode> terms = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      terms.add(rel.equals(rel.field(2, 0, shape.columns().get(i)), rel.field(2, 1, i)));
    }
    if (isWindowed(shape)) {
      inside(shape, rel.field(2, 0, time), i -> rel.field(2, 1, i), terms);
    }
    return terms;
  }

  private void inside(Shape shape, RexNode when, IntFunction<RexNode> column, List<RexNode> terms) {
    int next = shape.columns().size();
    if (shape.start() != null) {
      RexNode edge = column.apply(next);
      RexNode after = rel.greaterThanOrEqual(when, edge);
      terms.add(shape.start().everywhere() ? after : rel.or(rel.isNull(edge), after));
      next++;
    }
    if (shape.end() != null) {
      RexNode edge = column.apply(next);
      RexNode before = rel.lessThanOrEqual(when, edge);
      terms.add(shape.end().everywhere() ? before : rel.or(rel.isNull(edge), before));
    }
  }
}
