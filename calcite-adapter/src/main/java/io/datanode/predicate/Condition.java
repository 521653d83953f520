package io.datanode.predicate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one field of a row must be. A row for which the answer is unknown, because the field is
 * NULL, does not meet it; only {@link Op#IS_NULL} and an empty {@link Op#NOT_IN} accept NULL.
 *
 * @param field a column, or {@code <join name>.<column>}
 * @param op what is asked
 * @param value what the field is compared with: a number, text, Boolean, {@code java.time} value or
 *     UUID, or a list of them; null only for {@link Op#IS_NULL}, where it means true. Which types a
 *     field can be compared with is known only when its node is
 */
public record Condition(String field, Op op, @Nullable Object value) implements Predicate {

  /**
   * A condition.
   *
   * @throws IllegalArgumentException with the words of the reference if the operator takes another
   *     shape of value
   */
  public Condition {
    if (value instanceof Collection<?> values) {
      value = Collections.unmodifiableList(new ArrayList<>(values));
    } else if (value instanceof Object[] values) {
      value = Collections.unmodifiableList(new ArrayList<>(List.of(values)));
    }
    String problem = problem(op, value);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
  }

  private static @Nullable String problem(Op op, @Nullable Object value) {
    switch (op.operand()) {
      case LIST:
        return value instanceof List ? null : op.token() + " requires a list value.";
      case PAIR:
        return value instanceof List<?> list && list.size() == 2
            ? null
            : "between requires a 2-item list [start, end].";
      case FLAG:
        return value == null || value instanceof Boolean
            ? null
            : "is_null requires true or false; without a value it means true.";
      case TEXT:
        return value instanceof String ? null : op.token() + " requires a text value.";
      case VALUE:
        if (value == null) {
          return op.token() + " requires a value; to ask for NULL, use is_null.";
        }
        return value instanceof List ? op.token() + " requires one value, not a list." : null;
    }
    throw new AssertionError(op);
  }

  /** The items of a list value; empty for other values. */
  public List<@Nullable Object> values() {
    return value instanceof List<?> list ? Collections.unmodifiableList(list) : List.of();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.condition(this);
  }
}
