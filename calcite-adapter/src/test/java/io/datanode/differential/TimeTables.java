package io.datanode.differential;

import io.datanode.differential.Term.Range;
import java.util.ArrayList;
import java.util.List;

/** Table functions over time in FROM. */
final class TimeTables {
  private static final List<String> ZONES =
      List.of("America/New_York", "Australia/Lord_Howe", "America/Havana", "+05:30");

  private final Dice dice;

  TimeTables(Dice dice) {
    this.dice = dice;
  }

  /** A node with the buckets its rows are in, or on a grid. */
  Source source(String alias) {
    return dice.oneIn(3) ? grid(alias) : resampled(alias);
  }

  /** Rows of three years, so that their grid is not long. */
  private Source grid(String alias) {
    String fill = dice.of("", ", fill => 'previous'", ", fill => 'null'", ", fill => 7");
    String width = dice.of("'1' DAY", "'1' MONTH", "'6' HOUR", "'1' WEEK");
    String zone = dice.oneIn(2) ? "" : ", zone => '" + dice.of(ZONES) + "'";
    String from = dice.oneIn(4) ? ", start_time => TIMESTAMP '2023-12-31 12:00:00'" : "";
    String to = dice.oneIn(4) ? ", end_time => TIMESTAMP '2024-06-30 23:59:59.999999'" : "";
    boolean ticks = dice.oneIn(2);
    String rows =
        ticks
            ? "ticks"
            : dice.of(
                "restated", "restated FOR SYSTEM_TIME AS OF TIMESTAMP '2024-03-10 07:00:00Z'");
    Scope scope = OddColumns.of(ticks ? "ticks" : "restated", alias);
    return new Source(
        Sql.clause(
            "TABLE(GRID((SELECT * FROM "
                + rows
                + " WHERE time_index >= DATE '2023-01-01' AND"
                + " time_index < DATE '2026-01-01' AND asset_identifier < 'T'), DESCRIPTOR(time_index), INTERVAL "
                + width
                + fill
                + zone
                + from
                + to
                + ")) AS "
                + alias),
        new Scope(
            scope.columns(),
            scope.matching(
                column ->
                    column.text().endsWith(".asset_identifier")
                        || column.text().endsWith(".time_index"))));
  }

  private Source resampled(String alias) {
    String node = dice.of("ticks", "ticks", "fundamentals", "restated");
    String time =
        switch (node) {
          case "ticks" -> dice.of("time_index", "moment", "day");
          case "fundamentals" -> dice.of("time_index", "published_at");
          default -> dice.of("time_index", "known_at");
        };
    boolean instant = !time.equals("moment") && !time.equals("day");
    List<String> arguments = new ArrayList<>();
    boolean months = dice.oneIn(4);
    arguments.add(
        months
            ? dice.of("INTERVAL '1' MONTH", "INTERVAL '1' QUARTER", "INTERVAL '5' MONTH")
            : time.equals("day") || dice.oneIn(3)
                ? dice.of("INTERVAL '1' DAY", "INTERVAL '1' WEEK", "INTERVAL '3' DAY")
                : dice.of("INTERVAL '5' MINUTE", "INTERVAL '1' HOUR", "INTERVAL '7' HOUR"));
    if (dice.oneIn(3)) {
      arguments.add("label => 'left'");
    }
    if (dice.oneIn(3)) {
      arguments.add("closed => 'left'");
    }
    if (instant && dice.oneIn(2)) {
      arguments.add("zone => '" + dice.of(ZONES) + "'");
    }
    if (dice.oneIn(2)) {
      arguments.add(
          "origin => "
              + (months
                  ? "DATE '2023-02-01'"
                  : time.equals("day")
                      ? "DATE '2024-02-29'"
                      : dice.of(
                          "TIME '09:30:00'",
                          "TIME '01:30:00'",
                          "TIMESTAMP '2024-03-10 02:30:00'")));
    }
    Scope rows = OddColumns.of(node, alias);
    Kind kind = time.equals("day") ? Kind.DATE : instant ? Kind.INSTANT : Kind.TIMESTAMP;
    List<Term> columns = new ArrayList<>(rows.columns());
    for (String added : List.of("window_start", "window_end", "bucket")) {
      columns.add(new Term(kind, new Sql.Words(alias + "." + added), Range.notFinite(0)));
    }
    return new Source(
        Sql.clause(
            "TABLE(RESAMPLE(TABLE "
                + (node.equals("restated") && dice.oneIn(3) ? "\"restated$versions\"" : node)
                + ", DESCRIPTOR("
                + time
                + "), "
                + String.join(", ", arguments)
                + ")) AS "
                + alias),
        new Scope(columns, rows.key()));
  }
}
