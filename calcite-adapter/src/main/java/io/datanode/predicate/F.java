package io.datanode.predicate;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions, named as in the Python builders of the reference.
 *
 * <pre>{@code
 * F.and(
 *     F.between("time_index", start, end),
 *     F.or(F.in("unique_identifier", "AAPL", "NVDA"), F.gt("caps.market_cap", 1e12)))
 * }</pre>
 *
 * <p>Values may be numbers, text, Booleans, {@code java.time} values and UUIDs. Text is compared
 * with times and numbers by what it says, as it is in JSON. A time without zone is in UTC; the last
 * and first values of {@code java.time} are the infinite times. Fields are columns of the base
 * node, or {@code join.column}.
 *
 * @see Condition
 */
public final class F {
  private F() {}

  /** Equal to a value; NULL equals none. For NULL itself there is {@link #isNull(String)}. */
  public static Condition eq(String field, Object value) {
    return new Condition(field, Op.EQ, value);
  }

  /** Other than a value. NULL is neither the value nor other than it. */
  public static Condition ne(String field, Object value) {
    return new Condition(field, Op.NE, value);
  }

  /** Less than a value, or before it: text by code point, NaN after all numbers; never NULL. */
  public static Condition lt(String field, Object value) {
    return new Condition(field, Op.LT, value);
  }

  /** Less than a value or equal to it, in the order of {@link #lt}; never NULL. */
  public static Condition lte(String field, Object value) {
    return new Condition(field, Op.LTE, value);
  }

  /** Greater than a value, in the order of {@link #lt}; never NULL. */
  public static Condition gt(String field, Object value) {
    return new Condition(field, Op.GT, value);
  }

  /** Greater than a value or equal to it, in the order of {@link #lt}; never NULL. */
  public static Condition gte(String field, Object value) {
    return new Condition(field, Op.GTE, value);
  }

  /** One of these values; of none, no row. A null among them matches no row. */
  public static Condition in(String field, Collection<?> values) {
    return new Condition(field, Op.IN, values);
  }

  /** One of these values. */
  public static Condition in(String field, Object... values) {
    return new Condition(field, Op.IN, List.of(values));
  }

  /** None of these values; of none, every row. A null among them leaves out no row. */
  public static Condition notIn(String field, Collection<?> values) {
    return new Condition(field, Op.NOT_IN, values);
  }

  /** None of these values. */
  public static Condition notIn(String field, Object... values) {
    return new Condition(field, Op.NOT_IN, List.of(values));
  }

  /** Text that contains this text, letter for letter: case counts, {@code %} and {@code _} too. */
  public static Condition contains(String field, String text) {
    return new Condition(field, Op.CONTAINS, text);
  }

  /** Text that begins with this text, letter for letter. */
  public static Condition startsWith(String field, String text) {
    return new Condition(field, Op.STARTS_WITH, text);
  }

  /** Text that ends with this text, letter for letter. */
  public static Condition endsWith(String field, String text) {
    return new Condition(field, Op.ENDS_WITH, text);
  }

  /** NULL; in a join, also where the field's side has no row. */
  public static Condition isNull(String field) {
    return new Condition(field, Op.IS_NULL, true);
  }

  /**
   * NULL, or not NULL.
   *
   * @param value false for not NULL; null means true
   */
  public static Condition isNull(String field, @Nullable Boolean value) {
    return new Condition(field, Op.IS_NULL, value);
  }

  /** From {@code start} to {@code end}, both included; no row if they are the wrong way round. */
  public static Condition between(String field, Object start, Object end) {
    return new Condition(field, Op.BETWEEN, List.of(start, end));
  }

  /** All of these. */
  public static Group and(Predicate... items) {
    return new Group(Logic.AND, List.of(items));
  }

  /** One of these, or several. */
  public static Group or(Predicate... items) {
    return new Group(Logic.OR, List.of(items));
  }
}
