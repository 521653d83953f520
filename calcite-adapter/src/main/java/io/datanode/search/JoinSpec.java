package io.datanode.search;

import java.util.HashSet;
import java.util.List;

/**
 * A node joined to the base node of a request: rows meet whose columns of the same names are equal.
 * Every join is to the base, none to another join.
 *
 * @param name prefix of its fields in filters ({@code name.column}) and of its columns in the
 *     result ({@code name__column}); at most 63 characters, without dots, and not {@code base}
 * @param target the node
 * @param type which rows are kept
 * @param on names of the columns that must be equal: as a rule the index vector both nodes share
 */
public record JoinSpec(String name, Target target, JoinType type, List<String> on) {
  /** What {@link #on} is where a request leaves it out, as in the first era of the reference. */
  public static final List<String> DEFAULT_ON = List.of("time_index", "unique_identifier");

  /** The name by which filters and columns of the result mean the base node. */
  public static final String BASE = "base";

  /** The longest name that every storage takes as part of a column name. */
  static final int MAX_NAME = 63;

  /**
   * A join.
   *
   * @throws IllegalArgumentException with the words of the reference, where it has a rule
   */
  public JoinSpec {
    String problem = nameProblem(name);
    if (problem == null) {
      problem = onProblem(on);
    }
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    on = List.copyOf(on);
  }

  /** An inner join on {@link #DEFAULT_ON}. */
  public static JoinSpec inner(String name, Target target) {
    return new JoinSpec(name, target, JoinType.INNER, DEFAULT_ON);
  }

  /** A left join on {@link #DEFAULT_ON}. */
  public static JoinSpec left(String name, Target target) {
    return new JoinSpec(name, target, JoinType.LEFT, DEFAULT_ON);
  }

  /** A full join on {@link #DEFAULT_ON}. */
  public static JoinSpec full(String name, Target target) {
    return new JoinSpec(name, target, JoinType.FULL, DEFAULT_ON);
  }

  /** The same join on other columns. */
  public JoinSpec on(String... names) {
    return new JoinSpec(name, target, type, List.of(names));
  }

  /** What is wrong with a name, or null. */
  static @org.jspecify.annotations.Nullable String nameProblem(String name) {
    if (name.isBlank()) {
      return "Join names cannot be empty.";
    }
    if (name.equals(BASE)) {
      return "A join cannot be named 'base': that is the node it is joined to.";
    }
    if (name.indexOf('.') >= 0) {
      return "Join names cannot contain a dot: in a filter it ends the name.";
    }
    if (name.codePointCount(0, name.length()) > MAX_NAME) {
      return "Join names should have at most " + MAX_NAME + " characters.";
    }
    return null;
  }

  /** What is wrong with a list of key columns, or null. */
  static @org.jspecify.annotations.Nullable String onProblem(List<String> on) {
    if (on.isEmpty()) {
      return "JoinSpec.on must include a time-first index vector.";
    }
    if (on.stream().anyMatch(String::isBlank)) {
      return "JoinSpec.on cannot contain empty index names.";
    }
    return new HashSet<>(on).size() < on.size()
        ? "JoinSpec.on cannot contain duplicate index names."
        : null;
  }
}
