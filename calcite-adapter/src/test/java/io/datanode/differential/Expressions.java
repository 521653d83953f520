package io.datanode.differential;

import io.datanode.differential.Calls.Call;
import io.datanode.differential.Term.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Random expressions over the columns of a scope. */
final class Expressions {
  private final Dice dice;
  private final Scope scope;
  private final Constants constants;
  private final Conditions conditions;

  /**
   * Expressions over a scope.
   *
   * @param queries what makes sub-queries in conditions
   */
  Expressions(Dice dice, Scope scope, SubQueries queries) {
    this.dice = dice;
    this.scope = scope;
    this.constants = new Constants(dice);
    this.conditions = new Conditions(dice, scope, this, queries);
  }

  Scope scope() {
    return scope;
  }

  /** A condition. */
  Sql condition(int depth) {
    return conditions.of(depth);
  }

  /** An expression of some type. */
  Term any(int depth) {
    return of(dice.of(Kind.values()), depth);
  }

  /** An expression of a type. */
  Term of(Kind kind, int depth) {
    if (depth <= 0 || dice.oneIn(4)) {
      return leaf(kind);
    }
    return switch (dice.below(kind.isNumber() ? 10 : 8)) {
      case 0 -> choice(kind, depth);
      case 1 -> coalesce(kind, depth);
      case 2 -> nullIf(kind, depth);
      case 3, 4, 5, 6, 7 -> call(dice.of(Calls.SCALARS.exact(kind)), depth);
      default -> arithmetic(kind, depth);
    };
  }

  /** An expression whose last digits may differ between storages. */
  Term approximate(int depth) {
    return call(dice.of(Calls.SCALARS.approximate()), depth);
  }

  /** A column or a constant. */
  Term leaf(Kind kind) {
    List<Term> columns = scope.of(kind);
    return columns.isEmpty() || dice.oneIn(5) ? constants.usual(kind) : dice.of(columns);
  }

  /** A column or a constant that is not wider than asked. */
  private Term leaf(Kind kind, Predicate<Range> wanted) {
    List<Term> columns =
        scope.matching(column -> column.kind() == kind && wanted.test(column.range()));
    return columns.isEmpty() || dice.oneIn(6) ? constants.usual(kind) : dice.of(columns);
  }

  /** A double whose sums do not depend on the order. */
  private Sql eighths() {
    List<Term> columns =
        scope.matching(
            column ->
                column.kind() == Kind.DOUBLE
                    && column.range().finite()
                    && column.range().most() <= 8);
    return columns.isEmpty() ? Sql.expression(Kind.DOUBLE, "2.5e0") : dice.of(columns).sql();
  }

  private Term bounded(Kind kind, int depth, Predicate<Range> wanted) {
    Term term = of(kind, depth);
    return wanted.test(term.range()) ? term : leaf(kind, wanted);
  }

  private Term choice(Kind kind, int depth) {
    Term yes = of(kind, depth - 1);
    Term no = of(kind, depth - 1);
    Sql sql =
        Sql.expression(
            kind,
            "CASE WHEN ",
            condition(depth - 1),
            " THEN ",
            yes.sql(),
            Sql.optional(" ELSE ", no.sql()),
            " END");
    return new Term(kind, sql, yes.range().or(no.range()));
  }

  private Term coalesce(Kind kind, int depth) {
    Term first = of(kind, depth - 1);
    Term second = of(kind, depth - 1);
    return new Term(
        kind,
        Sql.expression(kind, "COALESCE(", first.sql(), ", ", second.sql(), ")"),
        first.range().or(second.range()));
  }

  private Term nullIf(Kind kind, int depth) {
    Term first = of(kind, depth - 1);
    return new Term(
        kind,
        Sql.expression(kind, "NULLIF(", first.sql(), ", ", constants.any(kind).sql(), ")"),
        first.range());
  }

  private Term arithmetic(Kind kind, int depth) {
    Term left = of(kind, depth - 1);
    Term right = of(kind, depth - 1);
    boolean times = dice.oneIn(3);
    Range a = left.range();
    Range b = right.range();
    double most = times ? a.most() * b.most() : a.most() + b.most();
    Range range =
        switch (kind) {
          case INTEGER -> most < 0x1p31 ? Range.upTo(most) : null;
          case BIGINT -> most < 0x1p62 ? Range.upTo(most) : null;
          case DOUBLE -> most < 1e30 ? new Range(most, a.finite() && b.finite(), 0, 0) : null;
          default -> decimal(a, b, times);
        };
    if (range == null) {
      return left;
    }
    String operator = times ? " * " : dice.of(" + ", " - ");
    return new Term(kind, Sql.expression(kind, "(", left.sql(), operator, right.sql(), ")"), range);
  }

  private static @Nullable Range decimal(Range a, Range b, boolean times) {
    int scale = times ? a.scale() + b.scale() : Math.max(a.scale(), b.scale());
    int precision =
        times
            ? a.precision() + b.precision()
            : Math.max(a.precision() - a.scale(), b.precision() - b.scale()) + scale + 1;
    return precision > 38 ? null : Range.decimal(precision, scale);
  }

  private Term call(Call call, int depth) {
    return call(call, depth, hole -> null);
  }

  /**
   * A call.
   *
   * @param special what stands in holes that only the caller knows, null for others
   */
  Term call(Call call, int depth, Function<String, @Nullable Sql> special) {
    List<Object> parts = new ArrayList<>();
    parts.add("(");
    String template = call.template();
    int at = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
      int close = template.indexOf('}', open);
      parts.add(template.substring(at, open));
      String name = template.substring(open + 1, close);
      Sql known = special.apply(name);
      parts.add(known != null ? known : hole(name, depth - 1));
      at = close + 1;
    }
    parts.add(template.substring(at));
    parts.add(")");
    Range range =
        switch (call.kind()) {
          case DECIMAL -> Range.decimal(38, 10);
          case DOUBLE -> Range.notFinite(Double.MAX_VALUE);
          case DATE, TIMESTAMP, INSTANT -> Range.notFinite(0);
          default -> Range.upTo(call.most());
        };
    return new Term(call.kind(), Sql.expression(call.kind(), parts.toArray()), range, call.exact());
  }

  private Object hole(String name, int depth) {
    if (name.contains("|") || name.startsWith("'")) {
      return dice.of(name.split("\\|"));
    }
    return switch (name) {
      case "any" -> any(depth).sql();
      case "small" -> bounded(Kind.INTEGER, depth, range -> range.most() <= 1000).sql();
      case "finite" ->
          bounded(Kind.DOUBLE, depth, range -> range.finite() && range.most() <= 100).sql();
      case "ratio" -> eighths();
      case "price" -> bounded(Kind.DOUBLE, depth, range -> range.most() <= 1e6).sql();
      case "short" -> bounded(Kind.DECIMAL, depth, range -> range.precision() <= 20).sql();
      case "recent" -> bounded(Kind.INSTANT, depth, Range::finite).sql();
      case "recentDate" -> bounded(Kind.DATE, depth, Range::finite).sql();
      case "TEXT" -> bounded(Kind.TEXT, depth, range -> range.most() <= 80).sql();
      default -> of(Kind.valueOf(name), depth).sql();
    };
  }
}
