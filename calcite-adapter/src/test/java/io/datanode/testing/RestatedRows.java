package io.datanode.testing;

import java.util.List;
import java.util.StringJoiner;

/**
 * The node {@code restated} of {@link OddNodes}: reports of which there are several versions, some
 * of them known at the same instant, some never.
 */
final class RestatedRows {
  private static final int ROWS = 36;

  private static final List<String> ASSETS = List.of("AAPL", "aapl", "SAP", "Z😀");

  private static final List<String> PERIODS =
      List.of(
          "1500-01-01 00:00:00",
          "2024-01-01 00:00:00",
          "2024-03-10 07:00:00",
          "2024-03-31 00:59:59.999999",
          "9999-12-31 23:59:59.999999");

  private static final List<String> KNOWN =
      List.of(
          "1969-12-31 23:59:59.999999",
          "2024-01-01 00:00:00",
          "2024-03-10 06:59:59.999999",
          "2024-03-10 07:00:00",
          "2024-03-10 07:00:00.000001",
          "2024-03-31 01:00:00",
          "2024-10-27 00:30:00");

  private RestatedRows() {}

  /** What the catalog says of the node beside where it is, in YAML. */
  static final String DECLARED =
      "\n    index_names: [time_index, asset_identifier]\n    knowledge_time: known_at";

  /** Statements that make the table and fill it, in DuckDB as in PostgreSQL. */
  static List<String> statements() {
    StringJoiner rows = new StringJoiner(",\n", "INSERT INTO restated VALUES ", "");
    for (int i = 0; i < ROWS; i++) {
      rows.add(row(i));
    }
    return List.of(
        """
        CREATE TABLE restated (id BIGINT NOT NULL, asset_identifier TEXT,
          time_index TIMESTAMPTZ NOT NULL, known_at TIMESTAMPTZ, eps DOUBLE PRECISION,
          rating INTEGER, note TEXT)""",
        rows.toString());
  }

  /** Three versions of each period of each asset, and of one asset without a name. */
  private static String row(int i) {
    int series = i % 12;
    int version = i / 12;
    String asset = series == 11 ? "NULL" : "'" + ASSETS.get(series % ASSETS.size()) + "'";
    String period = PERIODS.get((series / 4 + series) % PERIODS.size());
    // Of every third series the last two versions became known together.
    int known = series * 2 + (series % 3 == 0 ? Math.min(version, 1) : version * 3);
    String knownAt =
        i % 10 == 7 ? "NULL" : "TIMESTAMPTZ '" + KNOWN.get(known % KNOWN.size()) + "+00'";
    return String.format(
        "(%d, %s, TIMESTAMPTZ '%s+00', %s, %s, %s, %s)",
        i,
        asset,
        period,
        knownAt,
        i % 8 == 3 ? "NULL" : String.valueOf((i * 13 % 41 - 20) / 8.0),
        i % 6 == 4 ? "NULL" : String.valueOf(i % 4),
        i % 7 == 2 ? "NULL" : "'" + (i % 2 == 0 ? "a" : "A") + version + "'");
  }
}
