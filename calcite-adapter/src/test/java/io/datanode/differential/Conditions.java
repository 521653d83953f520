package io.datanode.differential;

import java.util.ArrayList;
import java.util.List;

/** Random conditions over the columns of a scope. */
final class Conditions {
  private static final List<String> PATTERNS =
      List.of(
          "'a%'", "'%a'", "'_'", "'%'", "''", "'%\\%'", "'A_'", "'% %'", "'%é%'", "'%😀%'", "'á'");

  private final Dice dice;
  private final Scope scope;
  private final Constants constants;
  private final Expressions expressions;
  private final SubQueries queries;

  Conditions(Dice dice, Scope scope, Expressions expressions, SubQueries queries) {
    this.dice = dice;
    this.scope = scope;
    this.constants = new Constants(dice);
    this.expressions = expressions;
    this.queries = queries;
  }

  /** A condition. */
  Sql of(int depth) {
    if (depth > 0) {
      switch (dice.below(6)) {
        case 0:
          return joined(" AND ", depth);
        case 1:
          return joined(" OR ", depth);
        case 2:
          return bool("NOT (", of(depth - 1), ")");
        case 3:
          return expressions.of(Kind.BOOLEAN, depth).sql();
        default:
          break;
      }
    }
    if (queries.offered() && dice.oneIn(8)) {
      return subQuery();
    }
    return switch (dice.below(9)) {
      case 0, 1 -> compared(depth);
      case 2 -> mixed(depth);
      case 3 -> between(depth);
      case 4 -> listed(depth);
      case 5 -> like(depth);
      case 6 -> bool("(", expressions.any(depth).sql(), dice.of(" IS NULL", " IS NOT NULL"), ")");
      case 7 -> truth(depth);
      default -> prepared();
    };
  }

  private static Sql bool(Object... parts) {
    return Sql.expression(Kind.BOOLEAN, parts);
  }

  private Sql joined(String operator, int depth) {
    List<Sql> terms = new ArrayList<>();
    for (int i = dice.below(2); i < 3; i++) {
      terms.add(of(depth - 1));
    }
    return bool("(", Sql.list(operator, terms), ")");
  }

  private String operator() {
    return dice.of(
        " = ",
        " <> ",
        " < ",
        " <= ",
        " > ",
        " >= ",
        " IS DISTINCT FROM ",
        " IS NOT DISTINCT FROM ");
  }

  private Sql compared(int depth) {
    Kind kind = dice.of(Kind.values());
    Term left = expressions.of(kind, depth);
    Term right = dice.oneIn(2) ? constants.any(kind) : expressions.of(kind, depth);
    return bool("(", left.sql(), operator(), right.sql(), ")");
  }

  /** Numbers of different types, or times of different types. */
  private Sql mixed(int depth) {
    Kind[] kinds =
        dice.oneIn(3)
            ? new Kind[] {Kind.DATE, Kind.TIMESTAMP, Kind.INSTANT}
            : new Kind[] {Kind.INTEGER, Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE};
    Term left = expressions.of(dice.of(kinds), depth);
    Kind other = dice.of(kinds);
    Term right = dice.oneIn(2) ? constants.any(other) : expressions.of(other, depth);
    return bool("(", left.sql(), operator(), right.sql(), ")");
  }

  private Sql between(int depth) {
    Kind kind = dice.of(Kind.values());
    return bool(
        "(",
        expressions.of(kind, depth).sql(),
        dice.of(" BETWEEN ", " NOT BETWEEN "),
        constants.any(kind).sql(),
        " AND ",
        constants.any(kind).sql(),
        ")");
  }

  private Sql listed(int depth) {
    Kind kind = dice.of(Kind.values());
    List<Sql> values = new ArrayList<>();
    for (int i = dice.below(4); i < 5; i++) {
      values.add(constants.any(kind).sql());
    }
    if (dice.oneIn(8)) {
      values.add(Sql.clause("NULL"));
    }
    return bool(
        "(",
        expressions.of(kind, depth).sql(),
        dice.of(" IN (", " NOT IN ("),
        Sql.list(", ", values),
        "))");
  }

  private Sql like(int depth) {
    return bool(
        "(",
        expressions.of(Kind.TEXT, depth).sql(),
        dice.of(" LIKE ", " NOT LIKE ", " ILIKE ", " NOT ILIKE "),
        dice.oneIn(6) ? "'%!%%' ESCAPE '!'" : dice.of(PATTERNS),
        ")");
  }

  private Sql truth(int depth) {
    return bool(
        "(",
        expressions.of(Kind.BOOLEAN, depth).sql(),
        dice.of(" IS TRUE", " IS NOT TRUE", " IS FALSE", " IS NOT FALSE", " IS UNKNOWN"),
        ")");
  }

  /** A column against a parameter that has no cast. */
  private Sql prepared() {
    if (scope.columns().isEmpty()) {
      return bool("TRUE");
    }
    Term column = dice.of(scope.columns());
    return bool(
        "(", column.sql(), dice.of(" = ", " < ", " >= "), constants.bare(column.kind()), ")");
  }

  private Sql subQuery() {
    return switch (dice.below(4)) {
      case 0 -> bool(dice.of("EXISTS (", "NOT EXISTS ("), queries.rows(scope), ")");
      case 1, 2 -> {
        Kind kind = dice.of(Kind.TEXT, Kind.INTEGER, Kind.BIGINT, Kind.DOUBLE, Kind.INSTANT);
        yield bool(
            "(",
            expressions.of(kind, 1).sql(),
            dice.of(" IN (", " NOT IN (", " IN (", " > ALL (", " = SOME ("),
            queries.column(kind, scope),
            "))");
      }
      default -> {
        Term value = queries.value(scope);
        yield bool("(", expressions.of(value.kind(), 1).sql(), operator(), value.sql(), ")");
      }
    };
  }
}
