package io.datanode.storage.duckdb;

import static java.util.Map.entry;

import io.datanode.storage.sql.GridSteps;
import java.util.Map;
import java.util.Set;

/**
 * How DuckDB spells functions: under the same name, or by a template, where {@code {0}} is the
 * first argument and {@code {*}} all of them; a name may say with how many arguments it is meant.
 */
final class Functions {
  /** Functions DuckDB has under the name and with the meaning they have here. */
  static final Set<String> SAME =
      Set.of(
          "ABS",
          "ACOS",
          "ASIN",
          "ATAN",
          "ATAN2",
          "CBRT",
          "COS",
          "DEGREES",
          "EXP",
          "LN",
          "LOG10",
          "LOG2",
          "PI",
          "RADIANS",
          "SIGN",
          "SIN",
          "SINH",
          "COSH",
          "TANH",
          "SQRT",
          "TAN",
          "FLOOR",
          "CEIL",
          "UPPER",
          "LOWER",
          "REPLACE",
          "CONCAT_WS",
          "LEFT",
          "RIGHT",
          "LPAD",
          "RPAD",
          "REVERSE",
          "REPEAT",
          "SPLIT_PART",
          "STARTS_WITH",
          "ENDS_WITH",
          "CONTAINS",
          "ASCII",
          "CHR",
          "MD5",
          "SHA256",
          "REGEXP_EXTRACT",
          "TRANSLATE",
          "COALESCE",
          "NULLIF",
          "GREATEST",
          "LEAST",
          "LAST_DAY",
          "MAKE_DATE",
          "EPOCH_MS",
          "EPOCH_US",
          "STRFTIME",
          "TIME_BUCKET",
          "LEVENSHTEIN",
          "UUID",
          "HASH",
          "STRPTIME");

  /** Templates of numbers. */
  static final Map<String, String> NUMBERS =
      Map.ofEntries(
          entry("IS_NAN", "ISNAN({0})"),
          entry("POWER", "POWER({0}, {1})"),
          entry("POW", "POWER({0}, {1})"),
          entry("COT", "(1 / NULLIF(TAN({0}), 0))"),
          entry("LOG/1", "LOG10({0})"),
          entry("LOG/2", "LOG({0}, {1})"),
          entry("MOD", "({0} % {1})"),
          entry("ROUND/1", "ROUND({0})"),
          entry("ROUND/2", "ROUND({0}, CAST({1} AS INTEGER))"),
          entry("TRUNCATE/1", "TRUNC({0})"),
          entry("TRUNCATE/2", "TRUNC({0}, CAST({1} AS INTEGER))"),
          entry("TRUNC/1", "TRUNC({0})"),
          entry("TRUNC/2", "TRUNC({0}, CAST({1} AS INTEGER))"),
          entry("RAND", "RANDOM()"),
          entry("RANDOM", "RANDOM()"));

  /** Templates of what chooses among values, and of arrays. */
  static final Map<String, String> CHOICES =
      Map.of(
          "NVL", "COALESCE({0}, {1})",
          "IFNULL", "COALESCE({0}, {1})",
          "IF", "CASE WHEN {0} THEN {1} ELSE {2} END",
          "IIF", "CASE WHEN {0} THEN {1} ELSE {2} END",
          "CARDINALITY", "LEN({0})",
          "ARRAY_LENGTH", "LEN({0})");

  // DuckDB counts a start below 1 from the end; SQL counts it before the first character.
  private static final String FROM = "SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END)";
  private static final String FROM_FOR =
      "CASE WHEN {2} >= 0 THEN SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END, GREATEST({2} +"
          + " LEAST({1} - 1, 0), 0)) END";

  private static final String PART =
      "CASE WHEN REGEXP_MATCHES({0}, '^[a-zA-Z_]*::[a-zA-Z_0-9]*$') THEN SPLIT_PART({0}, '::', {n})"
          + " END";

  /** Templates of texts. */
  static final Map<String, String> TEXTS =
      Map.ofEntries(
          entry("CHAR_LENGTH", "LENGTH({0})"),
          entry("CHARACTER_LENGTH", "LENGTH({0})"),
          entry("LENGTH", "LENGTH({0})"),
          entry("OCTET_LENGTH", "STRLEN({0})"),
          entry("TRANSLATE3", "TRANSLATE({*})"),
          entry("POSITION", "STRPOS({1}, {0})"),
          entry(
              "POSITION/3",
              "CASE WHEN STRPOS(SUBSTRING({1}, {2}), {0}) = 0 THEN 0"
                  + " ELSE STRPOS(SUBSTRING({1}, {2}), {0}) + {2} - 1 END"),
          entry("STRPOS", "STRPOS({0}, {1})"),
          entry("SUBSTRING/2", FROM),
          entry("SUBSTRING/3", FROM_FOR),
          entry("SUBSTR/2", FROM),
          entry("SUBSTR/3", FROM_FOR),
          entry("OVERLAY/3", "(LEFT({0}, {2} - 1) || {1} || SUBSTRING({0}, {2} + LENGTH({1})))"),
          entry("OVERLAY/4", "(LEFT({0}, {2} - 1) || {1} || SUBSTRING({0}, {2} + {3}))"),
          entry(
              "INITCAP",
              "LIST_AGGREGATE(LIST_TRANSFORM(REGEXP_EXTRACT_ALL({0},"
                  + " '[\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+'), LAMBDA w: UPPER(LEFT(w, 1)) ||"
                  + " LOWER(SUBSTRING(w, 2))), 'string_agg', '')"),
          entry("CONCAT", "CONCAT({*})"),
          // MD5_NUMBER of DuckDB has the bytes the other way round.
          entry(
              "ASSET_ID",
              "CAST(LEFT(CAST(CAST('0x' || MD5({0}) AS UHUGEINT) AS VARCHAR), 10) AS BIGINT)"),
          entry("EXCHANGE", PART.replace("{n}", "1")),
          entry("SYMBOL", PART.replace("{n}", "2")),
          entry("REGEXP_LIKE", "REGEXP_MATCHES({0}, {1})"),
          entry("REGEXP_MATCHES", "REGEXP_MATCHES({0}, {1})"),
          entry("REGEXP_REPLACE", "REGEXP_REPLACE({0}, {1}, {2}, 'g')"),
          // Of itself DuckDB takes every white space of Unicode off, SQL takes blanks.
          entry("LTRIM", "LTRIM({0}, ' ')"),
          entry("RTRIM", "RTRIM({0}, ' ')"),
          entry("TRIM/BOTH", "TRIM({1}, {0})"),
          entry("TRIM/LEADING", "LTRIM({1}, {0})"),
          entry("TRIM/TRAILING", "RTRIM({1}, {0})"));

  // Seconds are whole minutes of difference only for a few historical zones; DuckDB has no function
  // that prints an offset, so it is computed from the two wall clocks.
  private static final String OFFSET = "ABS(EPOCH_US(TIMEZONE({1}, {0})) - EPOCH_US({0}))";
  private static final String OFFSET_CLOCK =
      "TIMESTAMP '1970-01-01' + TO_MICROSECONDS(" + OFFSET + ")";

  private static final String ENDS_WITH_OFFSET =
      "REGEXP_MATCHES({0}, '(Z|z|[+-]\\d\\d(:?\\d\\d)?)\\s*$') AND"
          + " REGEXP_MATCHES({0}, '\\d:\\d')";

  /** Templates of dates and times. */
  static final Map<String, String> TIMES =
      Map.ofEntries(
          entry("DATE_TRUNC", "DATE_TRUNC({0}, {1})"),
          // Of a time without end, DuckDB finds the bucket unless it is given an origin.
          entry("TIME_BUCKET/3", "COALESCE(TIME_BUCKET({0}, {1}, {2}), {1})"),
          entry(
              GridSteps.NAME,
              "RANGE(0, CASE WHEN {0} > "
                  + GridSteps.MOST
                  + " THEN error("
                  + GridSteps.failure("{0}")
                  + ") ELSE {0} END + 1)"),
          entry("AT_ZONE", "TIMEZONE({1}, {0})"),
          entry("TO_INSTANT", "TIMEZONE({1}, {0})"),
          entry("TO_TIMESTAMP", "TO_TIMESTAMP(CAST({0} AS DOUBLE))"),
          entry("EPOCH", "EPOCH({0})"),
          entry("DAYOFWEEK", "(DATE_PART('dow', {0}) + 1)"),
          entry("DATE_DIFF", "DATE_DIFF({0}, {1}, {2})"),
          entry("DAYNAME", "DAYNAME({0})"),
          entry("MONTHNAME", "MONTHNAME({0})"),
          entry("MAKE_TIMESTAMP", "MAKE_TIMESTAMP({*})"),
          entry(
              "INSTANT_TEXT",
              "(CAST(TIMEZONE({1}, {0}) AS VARCHAR) || CASE WHEN EPOCH_US(TIMEZONE({1}, {0})) <"
                  + " EPOCH_US({0}) THEN '-' ELSE '+' END || CASE WHEN "
                  + OFFSET
                  + " % 3600000000 = 0 THEN STRFTIME("
                  + OFFSET_CLOCK
                  + ", '%H') ELSE STRFTIME("
                  + OFFSET_CLOCK
                  + ", '%H:%M') END)"),
          entry(
              "PARSE_INSTANT/3",
              "CASE WHEN "
                  + ENDS_WITH_OFFSET
                  + " THEN CAST({0} AS TIMESTAMPTZ) ELSE TIMEZONE({1}, CAST({0} AS TIMESTAMP) - {2})"
                  + " END"),
          entry(
              "TRY_PARSE_INSTANT/3",
              "CASE WHEN "
                  + ENDS_WITH_OFFSET
                  + " THEN TRY_CAST({0} AS TIMESTAMPTZ) ELSE TIMEZONE({1}, TRY_CAST({0} AS"
                  + " TIMESTAMP) - {2}) END"),
          entry(
              "PARSE_INSTANT",
              "CASE WHEN "
                  + ENDS_WITH_OFFSET
                  + " THEN CAST({0} AS TIMESTAMPTZ) ELSE TIMEZONE({1}, CAST({0} AS TIMESTAMP))"
                  + " END"),
          entry(
              "TRY_PARSE_INSTANT",
              "CASE WHEN "
                  + ENDS_WITH_OFFSET
                  + " THEN TRY_CAST({0} AS TIMESTAMPTZ) ELSE TIMEZONE({1}, TRY_CAST({0} AS"
                  + " TIMESTAMP)) END"));

  private Functions() {}
}
