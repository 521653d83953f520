package io.datanode.plan.asof;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What an as-of join gives, found by comparing each left row with all right rows. */
final class AsofOracle {
  /** A row of either side; times are minutes. */
  record Row(
      int id,
      @Nullable String key,
      @Nullable Integer lot,
      @Nullable Integer time,
      @Nullable Integer known,
      @Nullable Integer value) {}

  /**
   * How near a right row is; the least is taken.
   *
   * @param back rows before the left one match
   * @param ahead rows after it match
   */
  record Direction(boolean back, boolean ahead, boolean equal) {
    boolean meets(int left, int right) {
      return right == left ? equal : right < left ? back : ahead;
    }
  }

  private AsofOracle() {}

  /** Identifiers of left and right rows, in the order of the left ones. */
  static List<String> join(
      List<Row> lefts,
      List<Row> rights,
      boolean outer,
      Direction direction,
      BiPredicate<Row, Row> condition) {
    List<String> joined = new ArrayList<>();
    for (Row left : lefts) {
      Optional<Row> nearest =
          rights.stream()
              .filter(right -> left.time() != null && right.time() != null)
              .filter(right -> direction.meets(left.time(), right.time()))
              .filter(right -> condition.test(left, right))
              .min(
                  Comparator.<Row>comparingInt(right -> Math.abs(right.time() - left.time()))
                      .thenComparing(Row::time)
                      .thenComparing(ties()));
      if (nearest.isPresent() || outer) {
        joined.add(left.id() + "|" + nearest.map(right -> "" + right.id()).orElse("null"));
      }
    }
    return joined;
  }

  /** The greatest values first, NULL last, in the order of the columns of the right side. */
  private static Comparator<Row> ties() {
    return descending(Row::key)
        .thenComparing(descending(Row::lot))
        .thenComparing(descending(Row::known))
        .thenComparing(descending(Row::value))
        .thenComparing(descending(Row::id));
  }

  private interface Column<T> {
    @Nullable T of(Row row);
  }

  private static <T extends Comparable<T>> Comparator<Row> descending(Column<T> column) {
    return Comparator.comparing(
        row -> Optional.ofNullable(column.of(row)).orElse(null),
        Comparator.nullsLast(Comparator.<T>reverseOrder()));
  }

  static boolean equal(@Nullable Object left, @Nullable Object right) {
    return left != null && Objects.equals(left, right);
  }
}
