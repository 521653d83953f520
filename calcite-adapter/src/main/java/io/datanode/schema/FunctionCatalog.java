package io.datanode.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * Every SQL function users have: its operator, signature and one line of text. The operator table
 * of the validator, {@code getFunctions} and the SQL reference page come from this list; how a
 * storage writes a function is in its dialect.
 */
public final class FunctionCatalog {
  /** What a function is for. */
  public enum Category {
    NUMERIC,
    STRING,
    TIME,
    CONDITIONAL,
    ARRAY,
    AGGREGATE,
    WINDOW,
    TABLE,
    SYSTEM
  }

  /**
   * A function.
   *
   * @param signature how it is called, for people
   * @param text what it gives, in one line
   */
  public record Function(
      String name, Category category, String signature, String text, SqlOperator operator) {}

  private static final List<Function> FUNCTIONS = build();

  private static final SqlOperatorTable OPERATORS = operators();

  private FunctionCatalog() {}

  /** All functions, in order of category and name. */
  public static List<Function> functions() {
    return FUNCTIONS;
  }

  /** What the validator may use: the operators of SQL and the functions of this catalog. */
  public static SqlOperatorTable operatorTable() {
    return OPERATORS;
  }

  /**
   * The operator of a function.
   *
   * @param name as {@link #functions()} lists it
   * @throws IllegalArgumentException if there is no such function
   */
  public static SqlOperator operator(String name) {
    return functions().stream()
        .map(Function::operator)
        .filter(operator -> operator.getName().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name));
  }

  /** Names of the functions of a category, for JDBC's lists. */
  public static List<String> names(Category category) {
    return FUNCTIONS.stream()
        .filter(function -> function.category() == category)
        .map(Function::name)
        .distinct()
        .collect(Collectors.toList());
  }

  private static SqlOperatorTable operators() {
    Set<String> names = new TreeSet<>();
    List<SqlOperator> chosen = new ArrayList<>();
    for (Function function : FUNCTIONS) {
      chosen.add(function.operator());
      names.add(function.operator().getName().toUpperCase(Locale.ROOT));
    }
    Set<SqlKind> syntax =
        Set.of(
            SqlKind.CAST,
            SqlKind.TUMBLE,
            SqlKind.HOP,
            SqlKind.DESCRIPTOR,
            SqlKind.GROUPING,
            SqlKind.ROW,
            SqlKind.UNNEST);
    for (SqlOperator operator : SqlStdOperatorTable.instance().getOperatorList()) {
      boolean function = operator instanceof SqlFunction;
      if (!function
          || syntax.contains(operator.getKind())
          || operator.getName().equals("GROUPING")) {
        chosen.add(operator);
      }
    }
    chosen.addAll(
        List.of(
            SqlLibraryOperators.ILIKE,
            SqlLibraryOperators.NOT_ILIKE,
            SqlLibraryOperators.INFIX_CAST,
            SqlLibraryOperators.TRY_CAST,
            SqlLibraryOperators.SAFE_CAST));
    return new NodeOperatorTable(chosen);
  }

  private static List<Function> build() {
    List<Function> all = new ArrayList<>();
    numeric(all);
    string(all);
    time(all);
    conditional(all);
    AggregateFunctions.addTo(all);
    tables(all);
    return List.copyOf(all);
  }

  private static void numeric(List<Function> all) {
    Category c = Category.NUMERIC;
    add(all, c, "ABS(x)", "Absolute value.", SqlStdOperatorTable.ABS);
    add(all, c, "ACOS(x)", "Arc cosine, radians.", SqlStdOperatorTable.ACOS);
    add(all, c, "ASIN(x)", "Arc sine, radians.", SqlStdOperatorTable.ASIN);
    add(all, c, "ATAN(x)", "Arc tangent, radians.", SqlStdOperatorTable.ATAN);
    add(all, c, "ATAN2(y, x)", "Angle of a point, radians.", SqlStdOperatorTable.ATAN2);
    add(all, c, "CBRT(x)", "Cube root.", SqlStdOperatorTable.CBRT);
    add(all, c, "CEIL(x)", "Smallest whole number not below x.", SqlStdOperatorTable.CEIL);
    add(all, c, "COS(x)", "Cosine of radians.", SqlStdOperatorTable.COS);
    add(all, c, "COSH(x)", "Hyperbolic cosine.", number("COSH"));
    add(all, c, "COT(x)", "Cotangent of radians.", SqlStdOperatorTable.COT);
    add(all, c, "DEGREES(x)", "Radians to degrees.", SqlStdOperatorTable.DEGREES);
    add(all, c, "EXP(x)", "e to the power of x.", SqlStdOperatorTable.EXP);
    add(all, c, "FLOOR(x)", "Largest whole number not above x.", SqlStdOperatorTable.FLOOR);
    add(
        all,
        c,
        "IS_NAN(x)",
        "True if x is not a number.",
        named("IS_NAN", ReturnTypes.BOOLEAN_NULLABLE, SqlTypeFamily.NUMERIC));
    add(all, c, "LN(x)", "Natural logarithm; NaN below zero.", SqlStdOperatorTable.LN);
    add(
        all,
        c,
        "LOG(x) or LOG(base, x)",
        "Logarithm to base 10, or to a base.",
        basic(
            "LOG",
            ResultTypes.DOUBLE_NULLABLE,
            OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.NUMERIC_NUMERIC)));
    add(all, c, "LOG10(x)", "Logarithm to base 10.", SqlStdOperatorTable.LOG10);
    add(all, c, "LOG2(x)", "Logarithm to base 2.", number("LOG2"));
    add(all, c, "MOD(x, y)", "Remainder of x / y, with the sign of x.", SqlStdOperatorTable.MOD);
    add(all, c, "PI()", "The number π.", SqlStdOperatorTable.PI);
    add(all, c, "POWER(x, y)", "x to the power of y.", SqlStdOperatorTable.POWER);
    add(
        all,
        c,
        "POW(x, y)",
        "x to the power of y.",
        named("POW", ResultTypes.DOUBLE_NULLABLE, SqlTypeFamily.NUMERIC, SqlTypeFamily.NUMERIC));
    add(all, c, "RADIANS(x)", "Degrees to radians.", SqlStdOperatorTable.RADIANS);
    add(all, c, "RANDOM()", "A number from 0 to below 1, another for each row.", random("RANDOM"));
    add(all, c, "RAND()", "The same as RANDOM().", random("RAND"));
    add(
        all,
        c,
        "ROUND(x [, digits])",
        "x rounded to so many digits after the point, half away from zero.",
        SqlStdOperatorTable.ROUND);
    add(all, c, "SIGN(x)", "-1, 0 or 1.", SqlStdOperatorTable.SIGN);
    add(all, c, "SIN(x)", "Sine of radians.", SqlStdOperatorTable.SIN);
    add(all, c, "SINH(x)", "Hyperbolic sine.", number("SINH"));
    add(all, c, "SQRT(x)", "Square root; NaN below zero.", SqlStdOperatorTable.SQRT);
    add(all, c, "TAN(x)", "Tangent of radians.", SqlStdOperatorTable.TAN);
    add(all, c, "TANH(x)", "Hyperbolic tangent.", number("TANH"));
    add(
        all,
        c,
        "TRUNCATE(x [, digits])",
        "x cut towards zero after so many digits.",
        SqlStdOperatorTable.TRUNCATE);
    add(
        all,
        c,
        "TRUNC(x [, digits])",
        "The same as TRUNCATE.",
        basic(
            "TRUNC",
            ReturnTypes.ARG0_NULLABLE,
            OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.NUMERIC_NUMERIC)));
  }

  private static void string(List<Function> all) {
    Category c = Category.STRING;
    SqlTypeFamily text = SqlTypeFamily.CHARACTER;
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    add(
        all,
        c,
        "ASSET_ID(full_symbol)",
        "Number of an asset: the first ten decimal digits of the MD5 hash of its full symbol.",
        AssetFunctions.ASSET_ID);
    add(all, c, "ASCII(s)", "Code point of the first character.", SqlStdOperatorTable.ASCII);
    add(all, c, "CHAR_LENGTH(s)", "Number of characters.", SqlStdOperatorTable.CHAR_LENGTH);
    add(
        all,
        c,
        "CHARACTER_LENGTH(s)",
        "Number of characters.",
        SqlStdOperatorTable.CHARACTER_LENGTH);
    add(
        all,
        c,
        "CHR(n)",
        "The character with a code point.",
        named("CHR", ResultTypes.TEXT_NULLABLE, whole));
    add(
        all,
        c,
        "CONCAT(s, …)",
        "All arguments together; NULL counts as empty.",
        basic("CONCAT", ReturnTypes.explicit(SqlTypeName.VARCHAR), OperandTypes.ONE_OR_MORE));
    add(
        all,
        c,
        "CONCAT_WS(separator, s, …)",
        "Arguments that are not NULL, separated.",
        basic("CONCAT_WS", ResultTypes.TEXT_NULLABLE, OperandTypes.ONE_OR_MORE));
    add(
        all,
        c,
        "CONTAINS(s, part)",
        "True if part is in s.",
        named("CONTAINS", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "ENDS_WITH(s, part)",
        "True if s ends with part.",
        named("ENDS_WITH", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "EXCHANGE(full_symbol)",
        "The part before the two colons of exchange::symbol; NULL of any other text.",
        AssetFunctions.EXCHANGE);
    add(all, c, "INITCAP(s)", "Words with a capital first letter.", SqlStdOperatorTable.INITCAP);
    add(
        all,
        c,
        "LEFT(s, n)",
        "The first n characters.",
        named("LEFT", ResultTypes.TEXT_NULLABLE, text, whole));
    add(
        all,
        c,
        "LENGTH(s)",
        "Number of characters.",
        named("LENGTH", ResultTypes.BIGINT_NULLABLE, text));
    add(
        all,
        c,
        "LEVENSHTEIN(s, t)",
        "Edits that turn s into t.",
        named("LEVENSHTEIN", ResultTypes.BIGINT_NULLABLE, text, text));
    add(all, c, "LOWER(s)", "Lower case.", SqlStdOperatorTable.LOWER);
    add(
        all,
        c,
        "LPAD(s, n, fill)",
        "s filled on the left to n characters.",
        named("LPAD", ResultTypes.TEXT_NULLABLE, text, whole, text));
    add(
        all,
        c,
        "LTRIM(s)",
        "s without blanks on the left.",
        named("LTRIM", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "MD5(s)",
        "MD5 hash in hexadecimal.",
        named("MD5", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "OCTET_LENGTH(s)",
        "Number of bytes in UTF-8.",
        named("OCTET_LENGTH", ResultTypes.BIGINT_NULLABLE, text));
    add(
        all,
        c,
        "OVERLAY(s PLACING t FROM n [FOR m])",
        "s with characters replaced by t.",
        SqlStdOperatorTable.OVERLAY);
    add(
        all,
        c,
        "POSITION(part IN s)",
        "Place of part in s from 1; 0 if it is not there.",
        SqlStdOperatorTable.POSITION);
    add(
        all,
        c,
        "REGEXP_EXTRACT(s, pattern)",
        "The first match, empty if none.",
        named("REGEXP_EXTRACT", ResultTypes.TEXT_NULLABLE, text, text));
    add(
        all,
        c,
        "REGEXP_LIKE(s, pattern)",
        "True if the pattern matches somewhere in s.",
        named("REGEXP_LIKE", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "REGEXP_MATCHES(s, pattern)",
        "The same as REGEXP_LIKE.",
        named("REGEXP_MATCHES", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "REGEXP_REPLACE(s, pattern, t)",
        "s with all matches replaced.",
        named("REGEXP_REPLACE", ResultTypes.TEXT_NULLABLE, text, text, text));
    add(
        all,
        c,
        "REPEAT(s, n)",
        "s n times.",
        named("REPEAT", ResultTypes.TEXT_NULLABLE, text, whole));
    add(all, c, "REPLACE(s, part, t)", "s with all parts replaced.", SqlStdOperatorTable.REPLACE);
    add(all, c, "REVERSE(s)", "s backwards.", named("REVERSE", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "RIGHT(s, n)",
        "The last n characters.",
        named("RIGHT", ResultTypes.TEXT_NULLABLE, text, whole));
    add(
        all,
        c,
        "RPAD(s, n, fill)",
        "s filled on the right to n characters.",
        named("RPAD", ResultTypes.TEXT_NULLABLE, text, whole, text));
    add(
        all,
        c,
        "RTRIM(s)",
        "s without blanks on the right.",
        named("RTRIM", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "SHA256(s)",
        "SHA-256 hash in hexadecimal.",
        named("SHA256", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "SPLIT_PART(s, separator, n)",
        "The n-th part of s, from 1; empty if there is none.",
        named("SPLIT_PART", ResultTypes.TEXT_NULLABLE, text, text, whole));
    add(
        all,
        c,
        "STARTS_WITH(s, part)",
        "True if s starts with part.",
        named("STARTS_WITH", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "STRPOS(s, part)",
        "Place of part in s from 1; 0 if it is not there.",
        named("STRPOS", ResultTypes.BIGINT_NULLABLE, text, text));
    add(
        all,
        c,
        "SUBSTRING(s FROM n [FOR m])",
        "Characters from the n-th, counted from 1.",
        SqlStdOperatorTable.SUBSTRING);
    add(
        all,
        c,
        "SUBSTR(s, n [, m])",
        "The same as SUBSTRING.",
        basic(
            "SUBSTR",
            ResultTypes.TEXT_NULLABLE,
            OperandTypes.or(
                OperandTypes.family(text, whole), OperandTypes.family(text, whole, whole))));
    add(
        all,
        c,
        "SYMBOL(full_symbol)",
        "The part after the two colons of exchange::symbol; NULL of any other text.",
        AssetFunctions.SYMBOL);
    // Calcite's parser knows it under this name.
    all.add(
        new Function(
            "TRANSLATE",
            c,
            "TRANSLATE(s, from, to)",
            "s with characters replaced one for one.",
            named("TRANSLATE3", ResultTypes.TEXT_NULLABLE, text, text, text)));
    add(
        all,
        c,
        "TRIM([BOTH | LEADING | TRAILING] [c FROM] s)",
        "s without blanks, or c, at its ends.",
        SqlStdOperatorTable.TRIM);
    add(all, c, "UPPER(s)", "Upper case.", SqlStdOperatorTable.UPPER);
  }

  private static void time(List<Function> all) {
    TimeFunctions.addTo(all);
  }

  private static void tables(List<Function> all) {
    Category c = Category.TABLE;
    add(
        all,
        c,
        "GRID(TABLE t [PARTITION BY …], DESCRIPTOR(time), width [, fill =>] [, start_time =>] [,"
            + " end_time =>] [, zone =>])",
        "A row for every step of each series, with NULL, the 'previous' row, the 'linear' line to"
            + " the next or a number where the table has none.",
        basic("GRID", ReturnTypes.CURSOR, OperandTypes.VARIADIC));
    add(
        all,
        c,
        "HOP(TABLE t, DESCRIPTOR(time), slide, size [, offset])",
        "The rows of a table, each once for every window it is in, with window_start and"
            + " window_end.",
        SqlStdOperatorTable.HOP);
    add(
        all,
        c,
        "RESAMPLE(TABLE t, DESCRIPTOR(time), width [, label =>] [, closed =>] [, origin =>] [, zone"
            + " =>])",
        "The rows of a table with window_start, window_end and bucket, the label of the bucket they"
            + " are in, which holds its end unless told otherwise.",
        basic("RESAMPLE", ReturnTypes.CURSOR, OperandTypes.VARIADIC));
    add(
        all,
        c,
        "TUMBLE(TABLE t, DESCRIPTOR(time), size [, offset])",
        "The rows of a table with window_start and window_end of the window they are in, which holds"
            + " its start.",
        SqlStdOperatorTable.TUMBLE);
  }

  private static void conditional(List<Function> all) {
    Category c = Category.CONDITIONAL;
    add(all, c, "COALESCE(x, y, …)", "The first that is not NULL.", SqlStdOperatorTable.COALESCE);
    add(all, c, "NULLIF(x, y)", "NULL if x equals y, else x.", SqlStdOperatorTable.NULLIF);
    add(
        all,
        c,
        "IFNULL(x, y)",
        "y if x is NULL, else x.",
        basic("IFNULL", ReturnTypes.LEAST_RESTRICTIVE, OperandTypes.SAME_SAME));
    add(
        all,
        c,
        "NVL(x, y)",
        "The same as IFNULL.",
        basic("NVL", ReturnTypes.LEAST_RESTRICTIVE, OperandTypes.SAME_SAME));
    add(
        all,
        c,
        "GREATEST(x, y, …)",
        "The greatest that is not NULL.",
        basic(
            "GREATEST",
            ReturnTypes.LEAST_RESTRICTIVE.andThen(SqlTypeTransforms.TO_NULLABLE_ALL),
            OperandTypes.SAME_VARIADIC));
    add(
        all,
        c,
        "LEAST(x, y, …)",
        "The least that is not NULL.",
        basic(
            "LEAST",
            ReturnTypes.LEAST_RESTRICTIVE.andThen(SqlTypeTransforms.TO_NULLABLE_ALL),
            OperandTypes.SAME_VARIADIC));
    add(
        all,
        Category.ARRAY,
        "CARDINALITY(a)",
        "Number of elements.",
        SqlStdOperatorTable.CARDINALITY);
  }

  static void add(
      List<Function> all, Category category, String signature, String text, SqlOperator operator) {
    all.add(new Function(operator.getName(), category, signature, text, operator));
  }

  private static SqlFunction number(String name) {
    return named(name, ResultTypes.DOUBLE_NULLABLE, SqlTypeFamily.NUMERIC);
  }

  private static SqlFunction random(String name) {
    return SqlBasicFunction.create(name, ReturnTypes.DOUBLE, OperandTypes.NILADIC)
        .withDeterministic(false);
  }

  static SqlFunction named(String name, SqlReturnTypeInference type, SqlTypeFamily... arguments) {
    return basic(name, type, OperandTypes.family(Arrays.asList(arguments)));
  }

  static SqlFunction basic(
      String name,
      SqlReturnTypeInference type,
      org.apache.calcite.sql.type.SqlOperandTypeChecker arguments) {
    return SqlBasicFunction.create(
        name, type, arguments, SqlFunctionCategory.USER_DEFINED_FUNCTION);
  }
}
