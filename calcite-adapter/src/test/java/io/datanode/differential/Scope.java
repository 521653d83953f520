package io.datanode.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Columns that an expression may use.
 *
 * @param columns the terms that stand for them
 * @param key columns that together tell every row from every other; empty if there are none
 */
record Scope(List<Term> columns, List<Term> key) {
  Scope {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  List<Term> of(Kind kind) {
    return matching(column -> column.kind() == kind);
  }

  List<Term> matching(Predicate<Term> wanted) {
    return columns.stream().filter(wanted).toList();
  }

  /** Both scopes side by side; its rows are pairs. */
  Scope and(Scope other) {
    return new Scope(
        together(columns, other.columns),
        key.isEmpty() || other.key.isEmpty() ? List.of() : together(key, other.key));
  }

  private static List<Term> together(List<Term> some, List<Term> others) {
    List<Term> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
