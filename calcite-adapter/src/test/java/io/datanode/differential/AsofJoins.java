package io.datanode.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * As-of joins: in one direction or to the nearest, with bounds, with a second clock, with
 * conditions on one side. Rows of equal times are among the right ones.
 */
final class AsofJoins {
  private final Dice dice;

  AsofJoins(Dice dice) {
    this.dice = dice;
  }

  /** Two nodes, joined on their assets or on nothing. */
  Source joined(Source left, Source right) {
    Term time = ending(right, dice.of(".time_index", ".seen_at", ".published_at", ".known_at"));
    Term at = dice.of(left.scope().of(Kind.INSTANT));
    List<Sql> match = new ArrayList<>();
    List<Sql> bounds = new ArrayList<>();
    if (dice.oneIn(4)) {
      match.add(
          dice.oneIn(2)
              ? Sql.clause("NEAREST(", time.sql(), ", ", at.sql(), ")")
              : Sql.clause("NEAREST(", at.sql(), ", ", time.sql(), ")"));
      bounds.add(
          Sql.clause(
              time.sql(),
              " BETWEEN ",
              at.sql(),
              " - " + length(),
              " AND ",
              at.sql(),
              " + " + length()));
    } else {
      boolean back = dice.oneIn(2);
      String comparison = back ? dice.of(" <= ", " < ") : dice.of(" >= ", " > ");
      match.add(
          dice.oneIn(2)
              ? Sql.clause(time.sql(), comparison, at.sql())
              : Sql.clause(at.sql(), turned(comparison), time.sql()));
      bounds.add(
          Sql.clause(
              time.sql(), back ? " >= " : " <= ", at.sql(), (back ? " - " : " + ") + length()));
      Term known = ending(right, dice.of(".seen_at", ".published_at", ".known_at"));
      if (dice.oneIn(2) && known != time) {
        // Behind the first comparison; this one does not say what is nearest.
        match.add(Sql.clause(known.sql(), comparison, at.sql(), dice.of("", " + " + length())));
      }
    }
    List<Sql> on = new ArrayList<>();
    on.add(
        dice.oneIn(6)
            ? Sql.clause("TRUE")
            : Sql.clause(
                ending(left, ".asset_identifier").sql(),
                " = ",
                ending(right, ".asset_identifier").sql()));
    if (dice.oneIn(2)) {
      (dice.oneIn(2) ? match : on).addAll(bounds);
    }
    if (dice.oneIn(4)) {
      Scope side = dice.of(left.scope(), right.scope());
      on.add(new Expressions(dice, side, SubQueries.NONE).condition(1));
    }
    return new Source(
        Sql.clause(
            left.sql(),
            Sql.optional(
                dice.of(" ASOF JOIN ", " LEFT ASOF JOIN "),
                right.sql(),
                " MATCH_CONDITION ",
                Sql.list(" AND ", match),
                " ON ",
                Sql.list(" AND ", on))),
        new Scope(left.scope().and(right.scope()).columns(), left.scope().key()));
  }

  /** The column with this name, or the time index. */
  private static Term ending(Source source, String name) {
    List<Term> named = source.scope().matching(column -> column.text().endsWith(name));
    return named.isEmpty() ? ending(source, ".time_index") : named.get(0);
  }

  private String length() {
    return dice.of(
        "INTERVAL '0.001' SECOND", "INTERVAL '1' HOUR", "INTERVAL '30' DAY", "INTERVAL '1' MONTH");
  }

  private static String turned(String comparison) {
    return comparison.contains("<") ? comparison.replace('<', '>') : comparison.replace('>', '<');
  }
}
