package io.datanode.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.MarketNodes;
import io.datanode.testing.SqlFixture;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function of the catalog is called once, and gives what somebody worked out by hand. */
class FunctionsTest {
  /** Function, a call of it, and the text of its result. */
  private static final String SCALARS =
      """
      ABS => ABS(-2) => 2
      ACOS => ACOS(1) => 0
      ASIN => ASIN(0) => 0
      ATAN => ATAN(0) => 0
      ATAN2 => ATAN2(0, 1) => 0
      CBRT => ROUND(CBRT(27), 9) => 3
      CEIL => CEIL(1.2) => 2
      COS => COS(0) => 1
      COSH => COSH(0) => 1
      COT => ROUND(COT(PI() / 4), 9) => 1
      DEGREES => DEGREES(PI()) => 180
      EXP => EXP(0) => 1
      FLOOR => FLOOR(-1.2) => -2
      IS_NAN => IS_NAN(CAST('NaN' AS DOUBLE)) => true
      LN => LN(1) => 0
      LOG => LOG(2, 8) => 3
      LOG10 => LOG10(1000) => 3
      LOG2 => LOG2(8) => 3
      MOD => MOD(-7, 3) => -1
      PI => ROUND(PI(), 4) => 3.1416
      POWER => POWER(2, 10) => 1024
      POW => POW(2, 3) => 8
      RADIANS => ROUND(RADIANS(180), 4) => 3.1416
      RANDOM => RANDOM() BETWEEN 0 AND 1 => true
      RAND => RAND() BETWEEN 0 AND 1 => true
      ROUND => ROUND(-2.55, 1) => -2.6
      SIGN => SIGN(-3) => -1
      SIN => SIN(0) => 0
      SINH => SINH(0) => 0
      SQRT => SQRT(16) => 4
      TAN => TAN(0) => 0
      TANH => TANH(0) => 0
      TRUNCATE => TRUNCATE(-2.59, 1) => -2.5
      TRUNC => TRUNC(2.9) => 2
      ASCII => ASCII('A') => 65
      CHAR_LENGTH => CHAR_LENGTH('東京') => 2
      CHARACTER_LENGTH => CHARACTER_LENGTH('abc') => 3
      CHR => CHR(65) => A
      CONCAT => CONCAT('a', NULL, 'b') => ab
      CONCAT_WS => CONCAT_WS('-', 'a', NULL, 'b') => a-b
      CONTAINS => CONTAINS('abc', 'bc') => true
      ENDS_WITH => ENDS_WITH('abc', 'bc') => true
      INITCAP => INITCAP('new YORK') => New York
      LEFT => LEFT('abc', 2) => ab
      LENGTH => LENGTH('abc') => 3
      LEVENSHTEIN => LEVENSHTEIN('kitten', 'sitting') => 3
      LOWER => LOWER('ABC') => abc
      LPAD => LPAD('7', 3, '0') => 007
      LTRIM => LTRIM('  a') || '|' => a|
      ASSET_ID => ASSET_ID('binance::BTC_USDT') => 1467591036
      EXCHANGE => EXCHANGE('binance::BTC_USDT') => binance
      SYMBOL => SYMBOL('binance::BTC_USDT') => BTC_USDT
      MD5 => MD5('') => d41d8cd98f00b204e9800998ecf8427e
      OCTET_LENGTH => OCTET_LENGTH('é') => 2
      OVERLAY => OVERLAY('abcdef' PLACING 'XY' FROM 2 FOR 3) => aXYef
      POSITION => POSITION('c' IN 'abc') => 3
      REGEXP_EXTRACT => REGEXP_EXTRACT('ab12', '[0-9]+') => 12
      REGEXP_LIKE => REGEXP_LIKE('ab12', '[0-9]') => true
      REGEXP_MATCHES => REGEXP_MATCHES('ab', '[0-9]') => false
      REGEXP_REPLACE => REGEXP_REPLACE('a1b2', '[0-9]', '#') => a#b#
      REPEAT => REPEAT('ab', 2) => abab
      REPLACE => REPLACE('aXbX', 'X', '-') => a-b-
      REVERSE => REVERSE('abc') => cba
      RIGHT => RIGHT('abc', 2) => bc
      RPAD => RPAD('7', 3, '0') => 700
      RTRIM => RTRIM('a  ') || '|' => a|
      SHA256 => LEFT(SHA256(''), 8) => e3b0c442
      SPLIT_PART => SPLIT_PART('a,b,c', ',', 2) => b
      STARTS_WITH => STARTS_WITH('abc', 'ab') => true
      STRPOS => STRPOS('abc', 'c') => 3
      SUBSTRING => SUBSTRING('abcdef' FROM 2 FOR 3) => bcd
      SUBSTR => SUBSTR('abcdef', 3) => cdef
      TRANSLATE => TRANSLATE('abc', 'ac', 'xy') => xby
      TRIM => TRIM(BOTH 'x' FROM 'xax') => a
      UPPER => UPPER('abc') => ABC
      CURRENT_TIMESTAMP => CURRENT_TIMESTAMP > TIMESTAMP '2020-01-01 00:00:00' => true
      NOW => NOW() = CURRENT_TIMESTAMP => true
      LOCALTIMESTAMP => LOCALTIMESTAMP > TIMESTAMP '2020-01-01 00:00:00' => true
      CURRENT_DATE => CURRENT_DATE > DATE '2020-01-01' => true
      CURRENT_TIME => CURRENT_TIME = LOCALTIME => true
      LOCALTIME => LOCALTIME = CURRENT_TIME => true
      EXTRACT => EXTRACT(DOW FROM DATE '2024-03-10') => 1
      DATE_PART => DATE_PART('month', DATE '2024-03-10') => 3
      DATE_TRUNC => CAST(DATE_TRUNC('month', DATE '2024-03-10') AS DATE) => 2024-03-01
      TIME_BUCKET => EXTRACT(MINUTE FROM TIME_BUCKET(INTERVAL '15' MINUTE, TIMESTAMP '2024-03-10 10:44:00')) => 30
      TIMESTAMPADD => CAST(TIMESTAMPADD(MONTH, 1, DATE '2024-01-31') AS DATE) => 2024-02-29
      TIMESTAMPDIFF => TIMESTAMPDIFF(DAY, DATE '2024-02-28', DATE '2024-03-01') => 2
      LAST_DAY => LAST_DAY(DATE '2024-02-10') => 2024-02-29
      YEAR => YEAR(DATE '2024-03-10') => 2024
      QUARTER => QUARTER(DATE '2024-05-10') => 2
      MONTH => MONTH(DATE '2024-03-10') => 3
      WEEK => WEEK(DATE '2024-01-08') => 2
      DAYOFYEAR => DAYOFYEAR(DATE '2024-03-01') => 61
      DAYOFMONTH => DAYOFMONTH(DATE '2024-03-10') => 10
      DAYOFWEEK => DAYOFWEEK(DATE '2024-03-10') => 1
      HOUR => HOUR(TIMESTAMP '2024-03-10 11:12:13') => 11
      MINUTE => MINUTE(TIMESTAMP '2024-03-10 11:12:13') => 12
      SECOND => SECOND(TIMESTAMP '2024-03-10 11:12:13') => 13
      DAYNAME => DAYNAME(DATE '2024-03-10') => Sunday
      MONTHNAME => MONTHNAME(DATE '2024-03-10') => March
      EPOCH_MS => EPOCH_MS(TIMESTAMP '1970-01-01 00:00:01.5') => 1500
      EPOCH_US => EPOCH_US(TIMESTAMP '1970-01-01 00:00:01.5') => 1500000
      TO_TIMESTAMP => TO_TIMESTAMP(60) = TIMESTAMP '1970-01-01 00:01:00' => true
      MAKE_DATE => MAKE_DATE(2024, 2, 29) => 2024-02-29
      STRFTIME => STRFTIME(TIMESTAMP '2024-03-10 11:12:13', '%Y/%m/%d %H') => 2024/03/10 11
      COALESCE => COALESCE(NULL, 2, 3) => 2
      NULLIF => NULLIF(1, 1) => null
      IF => IF(2 > 1, 'x', 'y') => x
      IFNULL => IFNULL(CAST(NULL AS INTEGER), 5) => 5
      CURRENT_CATALOG => CURRENT_CATALOG => datanode
      CURRENT_DATABASE => CURRENT_DATABASE() => datanode
      CURRENT_SCHEMA => CURRENT_SCHEMA => nodes
      VERSION => VERSION() LIKE 'DataNode SQL _%' => true
      NVL => NVL(4, 5) => 4
      GREATEST => GREATEST(1, 3, 2) => 3
      LEAST => LEAST(2, 1, 3) => 1
      CARDINALITY => CARDINALITY(ARRAY[1, 2, 3]) => 3
      """;

  /** Of x = 1, 2, 3, 4 and y = 10, 20, 35, 35 at t = 4, 3, 2, 1; b is x > 1. */
  private static final String AGGREGATES =
      """
      ANY_VALUE => ANY_VALUE(7) => 7
      APPROX_COUNT_DISTINCT => APPROX_COUNT_DISTINCT(b) => 2
      ARG_MAX => ARG_MAX(x, t) => 1
      ARG_MIN => ARG_MIN(x, t) => 4
      ARRAY_AGG => CARDINALITY(ARRAY_AGG(x)) => 4
      AVG => AVG(x) => 2.5
      BIT_AND => BIT_AND(x) => 0
      BIT_OR => BIT_OR(x) => 7
      BIT_XOR => BIT_XOR(x) => 4
      BOOL_AND => BOOL_AND(b) => false
      BOOL_OR => BOOL_OR(b) => true
      CORR => ROUND(CORR(x, t), 6) => -1
      COUNT => COUNT(DISTINCT y) => 3
      COUNT_IF => COUNT_IF(x > 2) => 2
      COVAR_POP => COVAR_POP(y, x) => 11.25
      COVAR_SAMP => COVAR_SAMP(y, x) => 15
      EVERY => EVERY(x > 0) => true
      FIRST => FIRST(y, t) => 35
      KURTOSIS => ROUND(KURTOSIS(x), 6) => -1.2
      LAST => LAST(y, t) => 10
      LISTAGG => LISTAGG(CAST(x AS VARCHAR), '-') WITHIN GROUP (ORDER BY t) => 4-3-2-1
      MAX => MAX(y) => 35
      MAX_BY => MAX_BY(x, t) => 1
      MEDIAN => MEDIAN(x) => 2.5
      MIN => MIN(y) => 10
      MIN_BY => MIN_BY(x, t) => 4
      MODE => MODE(y) => 35
      PERCENTILE_CONT => PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) => 2.5
      PERCENTILE_DISC => PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY x) => 2
      OHLCV => OHLCV(y, x, t) => 35
      PRODUCT => PRODUCT(x) => 24
      REGR_AVGX => REGR_AVGX(y, x) => 2.5
      REGR_AVGY => REGR_AVGY(y, x) => 25
      REGR_INTERCEPT => REGR_INTERCEPT(t, x) => 5
      REGR_R2 => ROUND(REGR_R2(t, x), 6) => 1
      REGR_SLOPE => REGR_SLOPE(y, x) => 9
      REGR_SXX => REGR_SXX(y, x) => 5
      REGR_SXY => REGR_SXY(y, x) => 45
      REGR_SYY => ROUND(REGR_SYY(y, x), 6) => 450
      REGR_COUNT => REGR_COUNT(y, x) => 4
      SKEWNESS => ROUND(SKEWNESS(x), 6) => 0
      SOME => SOME(x > 3) => true
      STDDEV => ROUND(STDDEV(x), 4) => 1.291
      STDDEV_POP => ROUND(STDDEV_POP(x), 4) => 1.118
      STDDEV_SAMP => ROUND(STDDEV_SAMP(x), 4) => 1.291
      STRING_AGG => STRING_AGG(CAST(x AS VARCHAR), '+' ORDER BY t) => 4+3+2+1
      SUM => SUM(y) => 100
      TWAP => ROUND(TWAP(z), 4) => 2.6667
      VAR_POP => VAR_POP(x) => 1.25
      VAR_SAMP => ROUND(VAR_SAMP(x), 4) => 1.6667
      VARIANCE => ROUND(VARIANCE(x), 4) => 1.6667
      VWAP => VWAP(y, t) => 20.5
      """;

  /** At x = 3, in order of x; z is NULL where x is 2. */
  private static final String WINDOWS =
      """
      CUME_DIST => CUME_DIST() OVER (ORDER BY x) => 0.75
      DENSE_RANK => DENSE_RANK() OVER (ORDER BY y) => 3
      FIRST_VALUE => FIRST_VALUE(y) OVER (ORDER BY x) => 10
      LAG => LAG(z, 1) IGNORE NULLS OVER (ORDER BY x) => 1
      LAST_VALUE => LAST_VALUE(y) OVER (ORDER BY x) => 35
      LEAD => LEAD(x, 2, -1) OVER (ORDER BY x) => -1
      NTH_VALUE => NTH_VALUE(y, 2) OVER (ORDER BY x) => 20
      NTILE => NTILE(2) OVER (ORDER BY x) => 2
      PERCENT_RANK => ROUND(PERCENT_RANK() OVER (ORDER BY x), 4) => 0.6667
      RANK => RANK() OVER (ORDER BY y) => 3
      ROW_NUMBER => ROW_NUMBER() OVER (ORDER BY x DESC) => 2
      """;

  private static final String ROWS =
      " FROM (SELECT x, y, t, x > 1 AS b, CASE WHEN x <> 2 THEN x END AS z FROM (VALUES"
          + " (1, 10, 4), (2, 20, 3), (3, 35, 2), (4, 35, 1)) AS v(x, y, t)) AS r";

  private static Connection connection;

  @BeforeAll
  static void open() throws SQLException {
    connection = DriverManager.getConnection(SqlFixture.url(MarketNodes.catalog()));
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
  }

  /** The same calls, for other tests. */
  static Stream<String> scalars() {
    return SCALARS.lines();
  }

  static Stream<String> aggregates() {
    return AGGREGATES.lines();
  }

  static Stream<String> windows() {
    return WINDOWS.lines();
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void scalarFunctionGives(String line) throws SQLException {
    gives(line, "SELECT %s");
  }

  @ParameterizedTest
  @MethodSource("aggregates")
  void aggregateFunctionGives(String line) throws SQLException {
    gives(line, "SELECT %s" + ROWS);
  }

  @ParameterizedTest
  @MethodSource("windows")
  void windowFunctionGives(String line) throws SQLException {
    gives(line, "SELECT w FROM (SELECT x, %s AS w" + ROWS + ") AS s WHERE x = 3");
  }

  @Test
  void everyFunctionOfTheCatalogIsCalled() {
    Set<String> called =
        Stream.of(SCALARS, AGGREGATES, WINDOWS)
            .flatMap(String::lines)
            .map(line -> line.split(" => ")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known =
        FunctionCatalog.functions().stream()
            // Those in FROM are in the scripts about time and bars.
            .filter(function -> function.category() != FunctionCatalog.Category.TABLE)
            .map(FunctionCatalog.Function::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(known, called);
  }

  private static void gives(String line, String statement) throws SQLException {
    gives(connection, line, statement);
  }

  /** Runs the call of a line in a statement and compares the result. */
  static void gives(Connection connection, String line, String statement) throws SQLException {
    String[] parts = line.split(" => ");
    try (Statement run = connection.createStatement();
        ResultSet result = run.executeQuery(statement.replace("%s", parts[1]))) {
      result.next();
      String text = String.valueOf(result.getString(1));
      assertEquals(parts[2], text.matches("-?\\d+\\.\\d+") ? plain(text) : text);
    }
  }

  /** Without the zeros that only a type adds. */
  private static String plain(String number) {
    String plain = number.replaceAll("0+$", "").replaceAll("\\.$", "");
    return plain.equals("-0") ? "0" : plain;
  }
}
