package io.datanode.predicate;

import java.util.List;

/**
 * Predicates that must all hold, or of which one must.
 *
 * @param items at least one
 */
public record Group(Logic logic, List<Predicate> items) implements Predicate {
  /**
   * A group.
   *
   * @throws IllegalArgumentException with the words of the reference if there are no items
   */
  public Group {
    items = List.copyOf(items);
    if (items.isEmpty()) {
      throw new IllegalArgumentException(
          "List should have at least 1 item after validation, not 0");
    }
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.group(this);
  }
}
