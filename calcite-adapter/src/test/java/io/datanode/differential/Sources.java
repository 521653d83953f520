package io.datanode.differential;

import io.datanode.testing.OddNodes;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Random FROM clauses: nodes, joins, as-of joins and queries. */
final class Sources {
  private static final String AS_OF = " FOR SYSTEM_TIME AS OF ";

  /** Mostly not later than the sessions are in which queries run. */
  private static final List<String> KNOWN_BY =
      List.of(
          "1969-12-31 23:59:59.999998",
          "2024-01-01 00:00:00",
          "2024-03-10 06:59:59.999999",
          "2024-03-10 07:00:00",
          "2024-03-10 07:00:00",
          "2024-03-31 00:59:59.999999");

  private final Dice dice;
  private final QueryGenerator queries;
  private final List<Source> named = new ArrayList<>();
  private int aliases;

  Sources(Dice dice, QueryGenerator queries) {
    this.dice = dice;
    this.queries = queries;
  }

  /** A name that no other source of the query has. */
  String alias(String prefix) {
    return prefix + ++aliases;
  }

  /** Makes a query known by a name, as WITH does. */
  void name(String name, Query query) {
    named.add(new Source(new Sql.Words(name), query.under(name)));
  }

  /** One node, mostly one with many rows. */
  Source node() {
    String node =
        dice.oneIn(8)
            ? dice.of(OddNodes.NODES)
            : dice.of(
                "ticks",
                "ticks",
                "ticks",
                "fundamentals",
                "fundamentals",
                "restated",
                "assets",
                "spans");
    return node(node);
  }

  private Source node(String node) {
    String alias = alias("t");
    if (node.equals("restated")) {
      return new Source(Sql.clause(versions(), " AS " + alias), OddColumns.of(node, alias));
    }
    String read =
        node.equals("ticks") && dice.oneIn(6)
            ? dice.of(OddNodes.STITCHED_TICKS)
            : node.equals("assets") || !dice.oneIn(8) ? node : '"' + node + "$latest\"";
    return new Source(Sql.clause(read + " AS " + alias), OddColumns.of(node, alias));
  }

  /** The node with versions: the newest, all, the newest row, each perhaps as of a time. */
  private Sql versions() {
    String read = dice.of("restated", "restated", "\"restated$versions\"", "\"restated$latest\"");
    return switch (dice.below(6)) {
      case 0, 1 -> Sql.clause(read, Sql.optional(AS_OF + "TIMESTAMP '" + dice.of(KNOWN_BY) + "Z'"));
      case 2 -> {
        String time = dice.of(KNOWN_BY);
        Sql parameter =
            new Sql.Parameter(
                Kind.INSTANT,
                OffsetDateTime.parse(time.replace(' ', 'T') + "Z"),
                "TIMESTAMP '" + time + "Z'");
        yield Sql.clause(read, Sql.optional(AS_OF, parameter));
      }
      case 3 -> Sql.clause(read, Sql.optional(AS_OF + "CURRENT_TIMESTAMP - INTERVAL '30' DAY"));
      default -> Sql.clause(read);
    };
  }

  /** Anything that can follow FROM. */
  Source of(int depth) {
    if (!named.isEmpty() && dice.oneIn(2)) {
      return again(dice.of(named));
    }
    if (depth <= 0 || dice.oneIn(3)) {
      return node();
    }
    return switch (dice.below(8)) {
      case 0, 1, 2 -> joined(depth);
      case 3 -> crossed();
      case 4, 5 -> asOf();
      case 6 -> new TimeTables(dice).source(alias("r"));
      default -> derived(depth);
    };
  }

  private Source again(Source source) {
    String alias = alias("w");
    String name = source.sql().text();
    List<Term> columns =
        source.scope().columns().stream()
            .map(
                column ->
                    new Term(
                        column.kind(),
                        new Sql.Words(column.text().replace(name + ".", alias + ".")),
                        column.range()))
            .toList();
    return new Source(Sql.clause(name + " AS " + alias), new Scope(columns, List.of()));
  }

  private Source derived(int depth) {
    Query query = queries.inner(depth - 1);
    String alias = alias("q");
    return new Source(Sql.clause("(", query.sql(), ") AS " + alias), query.under(alias));
  }

  private Source joined(int depth) {
    Source left = dice.oneIn(4) ? of(depth - 1) : node();
    Source right = dice.oneIn(6) ? derived(depth) : node();
    Scope both = left.scope().and(right.scope());
    String join = dice.of(" JOIN ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ");
    List<Sql> on = new ArrayList<>(equalities(left, right));
    if (dice.oneIn(2)) {
      on.add(new Expressions(dice, both, SubQueries.NONE).condition(1));
    }
    return new Source(
        Sql.clause(left.sql(), Sql.optional(join, right.sql(), " ON ", Sql.list(" AND ", on))),
        both);
  }

  private Source crossed() {
    Source left = node();
    Source right = node(dice.of("assets", "single", "nothing"));
    return new Source(
        Sql.clause(left.sql(), Sql.optional(dice.of(" CROSS JOIN ", ", "), right.sql())),
        left.scope().and(right.scope()));
  }

  /** Equalities of columns of one type, mostly of the assets. */
  private List<Sql> equalities(Source left, Source right) {
    List<Sql> on = new ArrayList<>();
    for (Term mine : left.scope().columns()) {
      for (Term other : right.scope().columns()) {
        boolean likely = isAsset(mine) && isAsset(other);
        if (mine.kind() == other.kind() && dice.oneIn(likely ? 2 : 60)) {
          on.add(Sql.expression(Kind.BOOLEAN, mine.sql(), " = ", other.sql()));
        }
      }
    }
    if (on.isEmpty()) {
      on.add(new Expressions(dice, left.scope().and(right.scope()), SubQueries.NONE).condition(0));
    }
    return on;
  }

  private static boolean isAsset(Term column) {
    return column.text().endsWith(".asset_identifier");
  }

  private Source asOf() {
    Source left = node(dice.of("ticks", "fundamentals", "restated", "nothing"));
    return new AsofJoins(dice).joined(left, node(dice.of("ticks", "fundamentals", "restated")));
  }
}
