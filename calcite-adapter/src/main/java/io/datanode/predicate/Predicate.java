package io.datanode.predicate;

/** Which rows are wanted: a {@link Condition}, or a {@link Group} of predicates. Immutable. */
public sealed interface Predicate permits Condition, Group {
  /** Calls the method of the visitor for this kind of predicate. */
  <R> R accept(Visitor<R> visitor);

  /**
   * Reads a predicate of either kind.
   *
   * @param <R> what it makes of it
   */
  interface Visitor<R> {
    R condition(Condition condition);

    R group(Group group);
  }
}
