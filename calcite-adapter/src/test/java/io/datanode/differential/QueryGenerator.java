package io.datanode.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Makes one random, valid query. The same seed and number give the same query. */
final class QueryGenerator implements SubQueries {
  private final Dice dice;
  private final Sources sources;
  private int nested;

  QueryGenerator(long seed, long query) {
    this.dice = new Dice(seed, query);
    this.sources = new Sources(dice, this);
  }

  /** A query whose rows are defined, as a list if {@link RandomQuery#ordered()}. */
  RandomQuery generate() {
    String zone = dice.of("UTC", "UTC", "America/New_York", "Europe/Paris", "Asia/Kolkata");
    Sql with = dice.oneIn(8) ? with() : Sql.clause();
    Query query = dice.oneIn(7) ? set(2) : select(2, !dice.oneIn(3));
    boolean ordered = query.exact() && dice.oneIn(2);
    Sql tail = ordered ? tail(query.columns().size()) : Sql.clause();
    String asOf =
        dice.of(
            "",
            "",
            "",
            "2024-03-10T07:00:00Z",
            "2024-06-30T12:00:00Z",
            "2024-10-27T00:59:59.999999Z");
    return new RandomQuery(Sql.clause(with, query.sql(), tail), ordered, query.exact(), zone, asOf);
  }

  private Sql with() {
    String name = sources.alias("w");
    Query query = inner(1);
    sources.name(name, query);
    return Sql.optional("WITH " + name + " AS (", query.sql(), ") ");
  }

  /** A query for FROM: exact, sometimes cut to some rows. */
  Query inner(int depth) {
    Query query = dice.oneIn(6) ? set(depth) : select(depth, false);
    if (!dice.oneIn(5)) {
      return query;
    }
    Sql cut = Sql.query(query.sql(), order(query.columns().size()), limit());
    return new Query(cut, query.columns());
  }

  private Query select(int depth, boolean approximate) {
    Source source = sources.of(depth);
    return switch (dice.below(6)) {
      case 0, 1 -> grouped(source, depth, approximate);
      case 2 -> windowed(source, depth, approximate);
      default -> plain(source, depth, approximate);
    };
  }

  private Query plain(Source source, int depth, boolean approximate) {
    Expressions expressions = new Expressions(dice, source.scope(), this);
    List<Term> items = new ArrayList<>();
    for (int i = dice.below(3); i < 4; i++) {
      items.add(item(expressions, depth, approximate));
    }
    boolean exact = items.stream().allMatch(Term::exact);
    Sql distinct = exact && dice.oneIn(8) ? Sql.optional("DISTINCT ") : Sql.clause();
    Sql sql =
        Sql.query(
            "SELECT ",
            distinct,
            Query.items(items),
            " FROM ",
            source.sql(),
            where(expressions, depth));
    return new Query(sql, items);
  }

  private Term item(Expressions expressions, int depth, boolean approximate) {
    if (approximate && dice.oneIn(6)) {
      return expressions.approximate(depth);
    }
    if (offered() && dice.oneIn(15)) {
      return value(expressions.scope());
    }
    List<Term> columns = expressions.scope().columns();
    return dice.oneIn(3) && !columns.isEmpty() ? dice.of(columns) : expressions.any(depth);
  }

  private Sql where(Expressions expressions, int depth) {
    if (dice.oneIn(3)) {
      return Sql.clause();
    }
    List<Sql> conditions = new ArrayList<>();
    for (int i = dice.below(2); i < 2; i++) {
      conditions.add(expressions.condition(depth));
    }
    return Sql.optional(" WHERE ", Sql.list(" AND ", conditions));
  }

  private Query grouped(Source source, int depth, boolean approximate) {
    Expressions expressions = new Expressions(dice, source.scope(), NONE);
    Expressions filters = new Expressions(dice, source.scope(), this);
    List<Term> keys = new ArrayList<>();
    boolean sets = dice.oneIn(5);
    for (int i = dice.below(3); i < 2; i++) {
      keys.add(groupKey(expressions, sets));
    }
    List<Term> items = new ArrayList<>(keys);
    if (sets && !keys.isEmpty()) {
      items.add(
          new Term(
              Kind.BIGINT,
              Sql.expression(Kind.BIGINT, "GROUPING(", keys.get(0).sql(), ")"),
              Term.Range.upTo(1)));
    }
    for (int i = dice.below(3); i < 3; i++) {
      items.add(aggregate(expressions, approximate));
    }
    Sql having = Sql.clause();
    if (dice.oneIn(4)) {
      Term value = aggregate(expressions, false);
      having =
          Sql.optional(
              " HAVING ",
              value.sql(),
              dice.of(" IS NOT NULL", " = ", " > ", " <= ").equals(" IS NOT NULL")
                  ? Sql.clause(" IS NOT NULL")
                  : Sql.clause(
                      dice.of(" = ", " > ", " <= "), new Constants(dice).any(value.kind()).sql()));
    }
    Sql sql =
        Sql.query(
            "SELECT ",
            Query.items(items),
            " FROM ",
            source.sql(),
            where(filters, depth),
            groupBy(keys, sets),
            having);
    return new Query(sql, items);
  }

  /** Grouping sets take columns only; otherwise any expression. */
  private Term groupKey(Expressions expressions, boolean column) {
    List<Term> columns = expressions.scope().columns();
    return column || dice.oneIn(2) ? dice.of(columns) : expressions.any(1);
  }

  private Sql groupBy(List<Term> keys, boolean sets) {
    if (keys.isEmpty()) {
      return Sql.clause();
    }
    StringJoiner list = new StringJoiner(", ");
    for (int i = 0; i < keys.size(); i++) {
      // By number, since an expression with a parameter equals no other.
      list.add(sets ? keys.get(i).text() : "" + (i + 1));
    }
    if (!sets) {
      return Sql.optional(" GROUP BY " + list);
    }
    return Sql.either(
        " GROUP BY " + list,
        " GROUP BY ",
        switch (dice.below(3)) {
          case 0 -> "ROLLUP (" + list + ")";
          case 1 -> "CUBE (" + list + ")";
          default -> "GROUPING SETS ((" + list + "), (" + keys.get(0).text() + "), ())";
        });
  }

  private Term aggregate(Expressions expressions, boolean approximate) {
    List<Term> key = expressions.scope().key();
    Predicate<Calls.Call> possible =
        call ->
            (approximate || call.exact())
                && (key.size() == 1 || !call.has("key"))
                && (!key.isEmpty() || !call.template().contains("{keys}"));
    Calls.Call call = dice.of(Calls.AGGREGATES.all().stream().filter(possible).toList());
    Term made =
        expressions.call(
            call,
            2,
            hole ->
                switch (hole) {
                  case "key" -> key.get(0).sql();
                  case "keys" -> new Sql.Words(names(key));
                  default -> null;
                });
    boolean filtered =
        call.template().matches("[A-Z{][^(]*\\([^(]*\\)( WITHIN GROUP \\([^(]*\\))?")
            && dice.oneIn(6);
    if (!filtered) {
      return made;
    }
    // Inside the parentheses of the call: (SUM(x) FILTER (WHERE …)).
    Sql.Phrase phrase = (Sql.Phrase) made.sql();
    List<Object> parts = new ArrayList<>(phrase.parts().subList(0, phrase.parts().size() - 1));
    parts.add(Sql.optional(" FILTER (WHERE ", expressions.condition(1), ")"));
    parts.add(")");
    return new Term(
        made.kind(), Sql.expression(made.kind(), parts.toArray()), made.range(), made.exact());
  }

  private Query windowed(Source source, int depth, boolean approximate) {
    Expressions expressions = new Expressions(dice, source.scope(), NONE);
    Expressions filters = new Expressions(dice, source.scope(), this);
    Windows windows = new Windows(dice, expressions);
    List<Term> items =
        new ArrayList<>(source.scope().key().isEmpty() ? List.of() : source.scope().key());
    for (int i = dice.below(2); i < 3; i++) {
      items.add(windows.call(approximate));
    }
    if (dice.oneIn(2)) {
      items.add(expressions.any(1));
    }
    Sql sql =
        Sql.query("SELECT ", Query.items(items), " FROM ", source.sql(), where(filters, depth));
    return new Query(sql, items);
  }

  /** Two queries of the same types as a set. */
  private Query set(int depth) {
    List<Kind> kinds =
        Stream.generate(() -> dice.of(Kind.values())).limit(1 + dice.below(3)).toList();
    Query left = of(kinds, depth);
    Query right = of(kinds, depth);
    List<Term> columns = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      Term column = left.columns().get(i);
      columns.add(
          new Term(column.kind(), column.sql(), column.range().or(right.columns().get(i).range())));
    }
    String operator =
        dice.of(
            " UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ", " INTERSECT ALL ", " EXCEPT ALL ");
    return new Query(Sql.query(left.sql(), operator, right.sql()), columns);
  }

  private Query of(List<Kind> kinds, int depth) {
    Source source = sources.of(depth - 1);
    Expressions expressions = new Expressions(dice, source.scope(), this);
    List<Term> items =
        kinds.stream()
            .map(kind -> dice.oneIn(2) ? expressions.leaf(kind) : expressions.of(kind, 1))
            .toList();
    Sql sql =
        Sql.query(
            "SELECT ", Query.items(items), " FROM ", source.sql(), where(expressions, depth - 1));
    return new Query(sql, items);
  }

  private Sql tail(int columns) {
    Sql order = order(columns);
    return dice.oneIn(2) ? Sql.clause(order, limit()) : order;
  }

  /** All columns, so that rows of equal rank are equal. */
  private Sql order(int columns) {
    List<Sql> by = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      by.add(Sql.clause(i + dice.of("", "", " DESC", " NULLS FIRST", " DESC NULLS LAST")));
    }
    return Sql.optional(" ORDER BY ", Sql.list(", ", by));
  }

  private Sql limit() {
    int rows = dice.of(0, 1, 3, 5, 10, 40);
    Sql limit =
        dice.oneIn(4)
            ? Sql.clause(" LIMIT ", new Sql.Parameter(Kind.BIGINT, (long) rows, "" + rows))
            : Sql.clause(" LIMIT " + rows);
    Sql offset = dice.oneIn(3) ? Sql.optional(" OFFSET " + dice.of(0, 1, 4, 200)) : Sql.clause();
    return Sql.optional(limit, offset);
  }

  @Override
  public boolean offered() {
    return nested < 1;
  }

  @Override
  public Sql rows(Scope outer) {
    return inside(
        () -> {
          Source source = sources.node();
          return Sql.query(
              dice.of("SELECT 1 FROM ", "SELECT * FROM "), source.sql(), correlated(source, outer));
        });
  }

  @Override
  public Sql column(Kind kind, Scope outer) {
    return inside(
        () -> {
          Source source = sources.node();
          Term item = new Expressions(dice, source.scope(), NONE).of(kind, 1);
          return Sql.query(
              "SELECT ",
              item.sql(),
              " FROM ",
              source.sql(),
              dice.oneIn(3) ? correlated(source, outer) : where(inner(source), 1));
        });
  }

  @Override
  public Term value(Scope outer) {
    return inside(
        () -> {
          Source source = sources.node();
          Term value = aggregate(inner(source), false);
          Sql query =
              Sql.query("SELECT ", value.sql(), " FROM ", source.sql(), correlated(source, outer));
          return new Term(
              value.kind(), Sql.expression(value.kind(), "(", query, ")"), value.range());
        });
  }

  private Expressions inner(Source source) {
    return new Expressions(dice, source.scope(), NONE);
  }

  /** A condition that mostly names the outer row. */
  private Sql correlated(Source source, Scope outer) {
    List<Sql> conditions = new ArrayList<>();
    for (Term mine : source.scope().columns()) {
      List<Term> same = outer.of(mine.kind());
      if (!same.isEmpty() && dice.oneIn(5)) {
        conditions.add(
            Sql.expression(
                Kind.BOOLEAN,
                mine.sql(),
                dice.of(" = ", " = ", " < ", " >= ", " IS NOT DISTINCT FROM "),
                dice.of(same).sql()));
      }
    }
    if (conditions.isEmpty() || dice.oneIn(3)) {
      conditions.add(inner(source).condition(1));
    }
    return Sql.optional(" WHERE ", Sql.list(" AND ", conditions));
  }

  private <T> T inside(java.util.function.Supplier<T> making) {
    nested++;
    T made = making.get();
    nested--;
    return made;
  }

  private static String names(List<Term> key) {
    StringJoiner names = new StringJoiner(", ");
    key.forEach(column -> names.add(column.text()));
    return names.toString();
  }
}
