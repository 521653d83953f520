package io.datanode.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Random calls of window functions. */
final class Windows {
  private final Dice dice;
  private final Expressions expressions;

  Windows(Dice dice, Expressions expressions) {
    this.dice = dice;
    this.expressions = expressions;
  }

  /** A call; without a key only calls that need no total order. */
  Term call(boolean approximate) {
    boolean key = !expressions.scope().key().isEmpty();
    List<Calls.Call> possible =
        Calls.WINDOWS.all().stream()
            .filter(call -> approximate || call.exact())
            .filter(call -> key || !call.has("total") && !call.has("frame"))
            .toList();
    return expressions.call(dice.of(possible), 2, this::over);
  }

  private @Nullable Sql over(String hole) {
    return switch (hole) {
      case "group" -> Sql.clause("OVER (", partition(), ")");
      case "peers" -> Sql.clause("OVER (", partition(), "ORDER BY ", column(), ")");
      case "total" -> Sql.clause("OVER (", partition(), "ORDER BY ", total(), ")");
      case "frame" -> Sql.clause("OVER (", partition(), frame(), ")");
      default -> null;
    };
  }

  private Sql partition() {
    if (dice.oneIn(3)) {
      return Sql.clause();
    }
    List<Sql> by = new ArrayList<>();
    for (int i = dice.below(2); i < 2; i++) {
      by.add(dice.of(expressions.scope().columns()).sql());
    }
    return Sql.optional("PARTITION BY ", Sql.list(", ", by), " ");
  }

  private Sql column() {
    return Sql.clause(dice.of(expressions.scope().columns()).sql(), direction());
  }

  private String direction() {
    return dice.of("", "", " DESC", " NULLS FIRST", " DESC NULLS LAST");
  }

  private Sql total() {
    StringJoiner keys = new StringJoiner(", ");
    for (Term key : expressions.scope().key()) {
      keys.add(key.text() + direction());
    }
    return dice.oneIn(2)
        ? Sql.clause(keys.toString())
        : Sql.clause(Sql.optional(column(), ", "), keys.toString());
  }

  /** Rows counted in a total order, or a range of values, which takes ties whole. */
  private Sql frame() {
    List<Term> key = expressions.scope().key();
    if (key.size() == 1 && key.get(0).kind() == Kind.BIGINT && dice.oneIn(4)) {
      return Sql.clause(
          "ORDER BY ",
          key.get(0).sql(),
          dice.of(
              " RANGE BETWEEN 3 PRECEDING AND CURRENT ROW",
              " RANGE BETWEEN 10 PRECEDING AND 2 FOLLOWING",
              " RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING"));
    }
    return Sql.clause(
        "ORDER BY ",
        total(),
        Sql.optional(
            dice.of(
                " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING",
                " ROWS UNBOUNDED PRECEDING",
                " ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING",
                " ROWS BETWEEN 5 PRECEDING AND 2 PRECEDING",
                " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
                " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
                " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING")));
  }
}
