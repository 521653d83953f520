package io.datanode.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a target gives for a query: rows, or an error. */
sealed interface Answer {
  /** Relative difference allowed between doubles whose last digits depend on who adds them up. */
  double TOLERANCE = 1e-9;

  /** Sums of terms that cancel out leave remainders far below this. */
  double NOTHING = 1e-3;

  /**
   * Rows of values: Double, or a text that is different for different values, or null.
   *
   * @param rows in the order in which they came
   */
  record Rows(List<List<@Nullable Object>> rows) implements Answer {
    private static final int SHOWN = 12;

    @Override
    public String shown() {
      StringBuilder text = new StringBuilder();
      sorted(rows).stream().limit(SHOWN).forEach(row -> text.append("  ").append(row).append('\n'));
      return text.append("  (").append(rows.size()).append(" rows)").toString();
    }
  }

  /** An error. */
  record Failure(String sqlState, String message) implements Answer {
    /** The first two characters: what kind of error it is. */
    String kind() {
      return sqlState.substring(0, 2);
    }

    @Override
    public String shown() {
      return "  error " + sqlState + " " + message;
    }
  }

  /**
   * Whether two targets agree: the same kind of error, or the same rows.
   *
   * @param ordered whether rows are to come in the same order
   * @param exact whether doubles are to be the same to the last bit
   */
  static boolean agree(Answer one, Answer other, boolean ordered, boolean exact) {
    if (one instanceof Failure mine && other instanceof Failure theirs) {
      return mine.kind().equals(theirs.kind());
    }
    return one instanceof Rows mine
        && other instanceof Rows theirs
        && sameRows(mine.rows(), theirs.rows(), ordered, exact);
  }

  private static boolean sameRows(
      List<List<@Nullable Object>> mine,
      List<List<@Nullable Object>> theirs,
      boolean ordered,
      boolean exact) {
    if (mine.size() != theirs.size()) {
      return false;
    }
    List<List<@Nullable Object>> left = ordered ? mine : sorted(mine);
    List<List<@Nullable Object>> right = ordered ? theirs : sorted(theirs);
    for (int i = 0; i < left.size(); i++) {
      if (!sameRow(left.get(i), right.get(i), exact)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameRow(
      List<@Nullable Object> mine, List<@Nullable Object> theirs, boolean exact) {
    if (mine.size() != theirs.size()) {
      return false;
    }
    for (int i = 0; i < mine.size(); i++) {
      Object left = mine.get(i);
      Object right = theirs.get(i);
      boolean same =
          left instanceof Double a && right instanceof Double b
              ? same(a, b, exact)
              : java.util.Objects.equals(left, right);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** Both zeros are one value. */
  private static boolean same(double a, double b, boolean exact) {
    if (a == b || Double.isNaN(a) && Double.isNaN(b)) {
      return true;
    }
    double greater = Math.max(Math.abs(a), Math.abs(b));
    return !exact && Math.abs(a - b) <= TOLERANCE * Math.max(greater, NOTHING);
  }

  /** Exact values first, so that rows whose doubles differ a little stand at the same place. */
  private static List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> rows) {
    List<List<@Nullable Object>> sorted = new ArrayList<>(rows);
    Comparator<List<@Nullable Object>> byTexts = Comparator.comparing(Answer::texts);
    Collections.sort(sorted, byTexts.thenComparing(Answer::compareDoubles));
    return sorted;
  }

  private static String texts(List<@Nullable Object> row) {
    StringBuilder texts = new StringBuilder();
    for (Object value : row) {
      texts.append(value == null ? "\u0002" : value instanceof Double ? "" : value);
      texts.append('\u0001');
    }
    return texts.toString();
  }

  private static int compareDoubles(List<@Nullable Object> mine, List<@Nullable Object> theirs) {
    for (int i = 0; i < mine.size(); i++) {
      if (mine.get(i) instanceof Double a && theirs.get(i) instanceof Double b) {
        int order = Double.compare(a + 0.0, b + 0.0);
        if (order != 0) {
          return order;
        }
      }
    }
    return 0;
  }

  /** As people read it; long answers are cut. */
  String shown();
}
