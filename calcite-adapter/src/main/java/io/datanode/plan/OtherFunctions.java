package io.datanode.plan;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Functions of other systems, each with what is written for it here. */
final class OtherFunctions {
  private static final String FORMATTED = "STRFTIME(t, '%Y-%m-%d %H:%M:%S')";
  private static final String PARSED = "CAST('2024-01-31' AS DATE), or AS TIMESTAMP";
  private static final String SERIES =
      "a recursive query: WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 9)"
          + " SELECT i FROM s; for steps of time TABLE(GRID(…))";
  private static final String CASE = "CASE WHEN … THEN … ELSE … END";
  private static final String QUANTILE = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)";
  private static final String CLOCK = "CURRENT_TIMESTAMP";

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          entry("TO_CHAR", FORMATTED),
          entry("DATE_FORMAT", FORMATTED),
          entry("FORMAT_DATE", FORMATTED),
          entry("FORMAT_TIMESTAMP", FORMATTED),
          entry("TO_DATE", PARSED),
          entry("PARSE_DATE", PARSED),
          entry("STRPTIME", PARSED),
          entry("TO_NUMBER", "CAST(x AS DECIMAL(18, 2))"),
          entry("CONVERT", "CAST(x AS type)"),
          entry("GENERATE_SERIES", SERIES),
          entry("RANGE", SERIES),
          entry("IIF", "IF(c, x, y)"),
          entry("DECODE", CASE),
          entry("NVL2", CASE),
          entry("ISNULL", "IFNULL(x, y), or x IS NULL"),
          entry("COUNTIF", "COUNT_IF(c)"),
          entry("SUMIF", "SUM(x) FILTER (WHERE c)"),
          entry("GROUP_CONCAT", "STRING_AGG(x, ',')"),
          entry("LEN", "LENGTH(s)"),
          entry("INSTR", "STRPOS(s, t)"),
          entry("CHARINDEX", "STRPOS(s, t)"),
          entry("REGEXP_SUBSTR", "REGEXP_EXTRACT(s, pattern)"),
          entry("REGEXP_COUNT", "REGEXP_LIKE(s, pattern)"),
          entry("QUANTILE", QUANTILE),
          entry("QUANTILE_CONT", QUANTILE),
          entry("APPROX_QUANTILE", QUANTILE),
          entry("GETDATE", CLOCK),
          entry("SYSDATE", CLOCK),
          entry("TODAY", "CURRENT_DATE"),
          entry("AGE", "TIMESTAMPDIFF(DAY, a, b)"),
          entry("DATE_DIFF", "TIMESTAMPDIFF(DAY, a, b) for whole units from a to b"),
          entry("TIME_DIFF", "TIMESTAMPDIFF(SECOND, a, b)"),
          entry("CURRENT_SETTING", "SET key = value to change a setting; docs/jdbc.md lists them"),
          entry("TYPEOF", "SELECT sql_type FROM metadata.columns"),
          entry("PG_TYPEOF", "SELECT sql_type FROM metadata.columns"));

  private OtherFunctions() {}

  /** What to write instead of a function of this name. */
  static Optional<String> instead(String name) {
    return Optional.ofNullable(INSTEAD.get(name.toUpperCase(Locale.ROOT)));
  }
}
