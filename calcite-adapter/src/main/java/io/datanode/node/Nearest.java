package io.datanode.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody most likely meant. */
public final class Nearest {
  private static final int NAMES_SHOWN = 12;

  private Nearest() {}

  /**
   * The known name nearest to a wanted one, ignoring case: one that differs in few letters, else
   * one that contains it or is contained in it.
   *
   * @return empty if none is similar
   */
  public static Optional<String> to(String wanted, Collection<String> known) {
    String lower = wanted.toLowerCase(Locale.ROOT);
    int limit = Math.max(1, Math.min(4, (lower.length() + 1) / 3));
    String best = null;
    int bestDistance = limit + 1;
    String containing = null;
    for (String candidate : known) {
      String name = candidate.toLowerCase(Locale.ROOT);
      if (Math.abs(name.length() - lower.length()) < bestDistance) {
        int distance = distance(lower, name, bestDistance);
        if (distance < bestDistance) {
          bestDistance = distance;
          best = candidate;
        }
      }
      boolean similar =
          lower.length() > 2 && name.length() > 2 && (name.contains(lower) || lower.contains(name));
      if (similar && (containing == null || candidate.length() < containing.length())) {
        containing = candidate;
      }
    }
    return Optional.ofNullable(best != null ? best : containing);
  }

  /**
   * The end of an error message about an unknown name: {@code ; did you mean 'close'?} or, if
   * nothing is similar, the names there are.
   *
   * @param what what the known names are, in plural, for example {@code its columns}
   */
  public static String hint(String wanted, String what, Collection<String> known) {
    Optional<String> nearest = to(wanted, known);
    if (nearest.isPresent()) {
      return "; did you mean '" + nearest.get() + "'?";
    }
    if (known.isEmpty()) {
      return "";
    }
    List<String> shown = new ArrayList<>(known).subList(0, Math.min(NAMES_SHOWN, known.size()));
    String more = known.size() > shown.size() ? ", … (" + known.size() + " in all)" : "";
    return "; " + what + " are " + String.join(", ", shown) + more;
  }

  /**
   * Letters to insert, delete, replace or swap with their neighbour to make one text the other; at
   * least {@code limit} if they are that far apart.
   */
  static int distance(String a, String b, int limit) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      int smallest = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int cost = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost = Math.min(cost, beforePrevious[j - 2] + 1);
        }
        current[j] = cost;
        smallest = Math.min(smallest, cost);
      }
      if (smallest >= limit) {
        return limit;
      }
      int[] free = beforePrevious;
      beforePrevious = previous;
      previous = current;
      current = free;
    }
    return previous[b.length()];
  }
}
