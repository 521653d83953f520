package io.datanode.search;

import io.datanode.predicate.Condition;
import io.datanode.predicate.Group;
import io.datanode.predicate.Op;
import io.datanode.predicate.Predicate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** How large a filter may be. What passes can be planned without running out of stack or memory. */
final class FilterSize {
  /** Groups within each other. */
  static final int MAX_DEPTH = 200;

  /** Conditions of one filter. */
  static final int MAX_CONDITIONS = 5_000;

  /** Values in all lists of one filter together. */
  static final int MAX_VALUES = 100_000;

  private FilterSize() {}

  private record Place(Predicate predicate, int depth, String pointer) {}

  /**
   * Checks a filter, without recursion: it may be nested without end.
   *
   * @throws InvalidSearchException 54000 with the place where a limit is passed
   */
  static void check(Predicate filter) {
    Deque<Place> open = new ArrayDeque<>();
    open.push(new Place(filter, 0, "/filter"));
    int conditions = 0;
    int values = 0;
    while (!open.isEmpty()) {
      Place place = open.pop();
      if (place.predicate() instanceof Group group) {
        if (place.depth() == MAX_DEPTH) {
          throw tooDeep(place.pointer());
        }
        List<Predicate> items = group.items();
        if (items.size() > MAX_CONDITIONS) {
          throw tooManyConditions(place.pointer() + "/items");
        }
        for (int i = items.size() - 1; i >= 0; i--) {
          open.push(new Place(items.get(i), place.depth() + 1, place.pointer() + "/items/" + i));
        }
      } else if (place.predicate() instanceof Condition condition) {
        if (++conditions > MAX_CONDITIONS) {
          throw tooManyConditions(place.pointer());
        }
        if (condition.op().operand() == Op.Operand.LIST) {
          values += condition.values().size();
          if (values > MAX_VALUES) {
            throw tooManyValues(place.pointer() + "/value");
          }
        }
      }
    }
  }

  static InvalidSearchException tooDeep(String pointer) {
    return InvalidSearchException.tooLarge(
        pointer, "Groups can be nested at most " + MAX_DEPTH + " deep");
  }

  static InvalidSearchException tooManyConditions(String pointer) {
    return InvalidSearchException.tooLarge(
        pointer, "A filter can have at most " + MAX_CONDITIONS + " conditions");
  }

  static InvalidSearchException tooManyValues(String pointer) {
    return InvalidSearchException.tooLarge(
        pointer, "The lists of a filter can have at most " + MAX_VALUES + " values in all");
  }
}
