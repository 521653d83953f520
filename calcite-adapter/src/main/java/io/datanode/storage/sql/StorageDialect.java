package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDialect;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of storage spells SQL. The defaults are what DuckDB and PostgreSQL have in common.
 *
 * <p>Function calls are written by templates: {@code {0}} is the first argument, {@code {*}} all of
 * them separated by commas. What has no template is written as {@code NAME(arguments)} if the
 * storage knows the name, see {@link #knows}.
 */
public abstract class StorageDialect {
  private final Map<String, String> templates = new HashMap<>();

  /** The dialect that Calcite's own JDBC adapter uses for this storage. */
  public abstract SqlDialect calcite();

  /** Says how a function or operator is written. */
  protected final void template(String name, String template) {
    templates.put(name.toUpperCase(Locale.ROOT), template);
  }

  /** How a function with so many arguments is written, or null if it has no template. */
  final @Nullable String template(String name, int arguments) {
    String upper = name.toUpperCase(Locale.ROOT);
    String exact = templates.get(upper + "/" + arguments);
    return exact != null ? exact : templates.get(upper);
  }

  /** True if the storage has a function of this name with the meaning it has here. */
  protected abstract boolean knows(String function);

  /**
   * A function call.
   *
   * @throws DataNodeException if the storage has no such function
   */
  public String function(FunctionText call) {
    String template = template(call.name(), call.arguments().size());
    if (template != null) {
      return fill(template, call.arguments());
    }
    if (!knows(call.name())) {
      throw new DataNodeException(
          SqlState.UNDEFINED_FUNCTION, call.name() + " is not offered by this storage");
    }
    return call.name() + "(" + String.join(", ", call.arguments()) + ")";
  }

  /** A template with its arguments put in. */
  protected static String fill(String template, List<String> arguments) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      int close = c == '{' ? template.indexOf('}', i) : -1;
      boolean argument =
          close > i + 1
              && (template.charAt(i + 1) == '*' || Character.isDigit(template.charAt(i + 1)));
      if (!argument) {
        text.append(c);
        continue;
      }
      String key = template.substring(i + 1, close);
      text.append(
          key.equals("*") ? String.join(", ", arguments) : arguments.get(Integer.parseInt(key)));
      i = close;
    }
    return text.toString();
  }

  /**
   * A value whose place among others matters: in {@code <}, ORDER BY, MIN. Text sorts by code point
   * here, which not every storage does by itself.
   */
  public String ordered(String text, RelDataType type) {
    return text;
  }

  /**
   * A sum, difference or product.
   *
   * @param operator {@code +}, {@code -} or {@code *}
   */
  public String arithmetic(
      String operator,
      String left,
      String right,
      RelDataType leftType,
      RelDataType rightType,
      RelDataType type) {
    return "(" + left + " " + operator + " " + right + ")";
  }

  /** A quotient that is not a whole number. */
  public String quotient(
      String dividend, String divisor, RelDataType dividendType, RelDataType divisorType) {
    return "(" + dividend + " / " + divisor + ")";
  }

  /** The remainder of a division, with the sign of the dividend. */
  public String remainder(
      String dividend, String divisor, RelDataType dividendType, RelDataType divisorType) {
    return "(" + dividend + " % " + divisor + ")";
  }

  /**
   * LIKE or ILIKE.
   *
   * @param keyword {@code LIKE}, {@code NOT ILIKE} and so on
   * @param escape text of the escape character, or null if there is none
   */
  public String like(String text, String keyword, String pattern, @Nullable String escape) {
    return "("
        + text
        + " "
        + keyword
        + " "
        + pattern
        + (escape == null ? "" : " ESCAPE " + escape)
        + ")";
  }

  /**
   * The condition that a value is one of several.
   *
   * @param stored true if {@code value} names a column of a stored table
   */
  public String oneOf(String value, List<String> values, RelDataType type, boolean stored) {
    return "(" + value + " IN (" + String.join(", ", values) + "))";
  }

  /**
   * A condition on a text: LIKE, STARTS_WITH and so on.
   *
   * @param stored true if that text is a column of a stored table
   */
  public String textCondition(String condition, boolean stored) {
    return condition;
  }

  /** The element of an array at a place counted from 1, or from the end if it is below 0. */
  public String item(String array, String index, RexNode indexNode) {
    return "(" + array + ")[" + index + "]";
  }

  /** The elements of an array, a row for each, as a column of SELECT. */
  public String unnest(String array) {
    return "UNNEST(" + array + ")";
  }

  /** The places of the elements of an array, counted from 1, beside {@link #unnest}. */
  public String subscripts(String array) {
    return "generate_subscripts(" + array + ", 1)";
  }

  /** True if the storage has an as-of join of its own, which {@link #asofJoin} writes. */
  public boolean joinsAsof() {
    return true;
  }

  /** True if the storage has {@code SEMI JOIN} and {@code ANTI JOIN}; else they are EXISTS. */
  public boolean joinsSemi() {
    return false;
  }

  /** False if a FULL JOIN must have an equality between its two sides. */
  public boolean joinsFullOnAnyCondition() {
    return true;
  }

  /**
   * True if the storage has recursion and LATERAL, and an ordered index takes it to one key after
   * the other.
   */
  public boolean picksByIndex() {
    return false;
  }

  /** True if such a walk passes over keys that are not in a list without reading their rows. */
  public boolean walksLists() {
    return false;
  }

  /** True if the storage would sort for ARG_MAX, and joins by hashing. */
  public boolean joinsEnds() {
    return false;
  }

  /** True if the storage has {@code SELECT DISTINCT ON (keys)}. */
  public boolean picksDistinctOn() {
    return false;
  }

  /**
   * True if the storage has {@code QUALIFY}, and finds the first row of each partition sooner if
   * the order is that of one value, which may be a row of several.
   */
  public boolean picksByOneKey() {
    return false;
  }

  /**
   * A hash of several values, of which some may be NULL, for a storage that {@link #picksByOneKey}.
   *
   * @param values separated by commas
   */
  public String hash(String values) {
    throw new NotPushedException("hash", "the storage has no hash of several values");
  }

  /**
   * True if an ORDER BY of a set operation may hold expressions; else only names of its columns.
   */
  public boolean sortsSetsByExpressions() {
    return true;
  }

  /** True if a set operation with a LIMIT can stand in FROM as it is. */
  public boolean limitsSetsInFrom() {
    return true;
  }

  /** A call of a window function; {@code window} is what stands in the parentheses of OVER. */
  public String windowCall(AggregateText call, WindowText window) {
    String text = aggregate(call);
    String over = " OVER (" + window.text() + ")";
    // A dialect may wrap the call; the window belongs to the call itself.
    int mark = text.indexOf(StorageDialectMarks.WINDOW);
    return mark < 0 ? text + over : text.replace(StorageDialectMarks.WINDOW, over);
  }

  /** An identifier in quotes. */
  public String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A name of several parts in quotes. */
  public String quote(List<String> path) {
    StringBuilder name = new StringBuilder();
    for (String part : path) {
      if (name.length() > 0) {
        name.append('.');
      }
      name.append(quote(part));
    }
    return name.toString();
  }

  /** A string literal. */
  public String string(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /** The name of a type in a cast. */
  public abstract String typeName(RelDataType type);

  /** The name of a type of decimals, with its digits, of which no storage has more than 38. */
  protected static String decimalName(String name, RelDataType type) {
    return name
        + "("
        + Math.min(38, type.getPrecision())
        + ", "
        + Math.max(0, type.getScale())
        + ")";
  }

  /** A DATE literal. */
  public String date(LocalDate value) {
    return "DATE '" + value + "'";
  }

  /** A literal of a timestamp without zone. */
  public abstract String timestamp(String text);

  /** A literal of an instant. */
  public abstract String instant(String utcText);

  /** A literal of a byte string. */
  public abstract String binary(String hex);

  /** A literal of a floating point number. */
  public String floatingPoint(double value) {
    if (Double.isNaN(value)) {
      return "CAST('NaN' AS DOUBLE PRECISION)";
    }
    if (Double.isInfinite(value)) {
      return value > 0
          ? "CAST('Infinity' AS DOUBLE PRECISION)"
          : "CAST('-Infinity' AS DOUBLE PRECISION)";
    }
    String text = Double.toString(value);
    return text.indexOf('E') >= 0 ? text : text + "E0";
  }

  /** An interval of so many months. */
  public String months(long months) {
    return "INTERVAL '" + months + "' MONTH";
  }

  /** An interval of so many microseconds. */
  public String microseconds(long microseconds) {
    long[] sizes = {3_600_000_000L, 60_000_000L, 1_000_000L};
    String[] units = {"HOUR", "MINUTE", "SECOND"};
    for (int i = 0; i < sizes.length; i++) {
      if (microseconds % sizes[i] == 0) {
        return "INTERVAL '" + microseconds / sizes[i] + "' " + units[i];
      }
    }
    return "INTERVAL '"
        + BigDecimal.valueOf(microseconds, 6).stripTrailingZeros().toPlainString()
        + "' SECOND";
  }

  /** LIMIT and OFFSET; at least one is not null. */
  public String limit(@Nullable String limit, @Nullable String offset) {
    StringBuilder text = new StringBuilder();
    if (limit != null) {
      text.append("LIMIT ").append(limit);
    }
    if (offset != null) {
      text.append(limit == null ? "" : " ").append("OFFSET ").append(offset);
    }
    return text.toString();
  }

  /** A parameter of this type, where {@code mark} is what will become {@code ?}. */
  public String parameter(String mark, RelDataType type) {
    return "CAST(" + mark + " AS " + typeName(type) + ")";
  }

  /**
   * The greatest LIMIT for which the storage keeps the first rows of an ORDER BY as it reads, where
   * for a greater one it sorts all rows; 0 if it needs no such care. More rows are better asked for
   * in portions.
   */
  public int firstRows() {
    return 0;
  }

  /**
   * The greatest LIMIT without ORDER BY of which the storage gives the first rows soon. Of a
   * greater one it collects all rows first, so that they are rather read and counted outside.
   */
  public long streamedLimit() {
    return Long.MAX_VALUE;
  }

  /**
   * The condition that a column holds one of the keys of another piece of the query.
   *
   * @param mark what will become {@code ?}; it takes a list of all keys
   */
  public String in(String column, String mark, RelDataType type) {
    return "(" + column + " = ANY(CAST(" + mark + " AS " + typeName(type) + "[])))";
  }

  /** A conversion to a type; both types are given because rules differ by pair. */
  public abstract String cast(String text, RelDataType from, RelDataType to, boolean orNull);

  /** The same, where it is known what is converted. */
  public String castOf(String text, RexNode operand, RelDataType to, boolean orNull) {
    return cast(text, operand.getType(), to, orNull);
  }

  /** True if division of numbers by zero is an error without further ado. */
  public boolean failsOnDivisionByZero() {
    return false;
  }

  /** Division of whole numbers, cut towards zero; fails if the divisor is zero. */
  public abstract String integerDivision(String dividend, String divisor);

  /** An expression that fails with this message when it is evaluated. */
  public abstract String failure(String message, RelDataType type);

  /** The part of a date or time; {@code unit} as Calcite's {@code TimeUnitRange} names it. */
  public abstract String extract(String unit, String text, RelDataType type);

  /** A date or time cut to its unit. */
  public abstract String floor(String unit, String text, RelDataType type);

  /** A date or time raised to the next unit unless it is at its start. */
  public abstract String ceil(String unit, String text, RelDataType type);

  /** Units crossed from one time to another: {@code TIMESTAMPDIFF}. */
  public abstract String timestampDiff(
      String unit, String from, String to, RelDataType fromType, RelDataType toType);

  /** A time plus a number of units: {@code TIMESTAMPADD}. */
  public abstract String timestampAdd(String unit, String count, String time, RelDataType type);

  /**
   * An as-of join between two FROM items.
   *
   * @param equalities the equality part of the condition, or null if there is none
   * @param match the comparison of times with the left side first
   */
  public abstract String asofJoin(
      String left, String right, boolean outer, @Nullable String equalities, String match);

  /** How an aggregate function is called: with its arguments, ORDER BY inside, FILTER. */
  public abstract String aggregate(AggregateText call);

  /**
   * An aggregate or window function call, in parts.
   *
   * @param name upper case
   * @param orderBy keys of WITHIN GROUP, empty if there are none
   * @param filter text of FILTER, or null
   * @param type the type its result is to have
   */
  public record AggregateText(
      String name,
      List<String> arguments,
      List<RelDataType> argumentTypes,
      boolean distinct,
      boolean ignoreNulls,
      List<OrderKey> orderBy,
      @Nullable String filter,
      RelDataType type) {}

  /**
   * A window, in parts.
   *
   * @param partition PARTITION BY with its keys, or empty
   * @param order ORDER BY with its keys, or empty
   * @param frame the frame, or empty if it is the one SQL takes by itself
   * @param rows true for a frame of ROWS
   * @param lower where the frame begins
   * @param upper where it ends
   * @param excludes true if the frame leaves out rows in its middle
   */
  public record WindowText(
      String partition,
      String order,
      String frame,
      boolean rows,
      String lower,
      String upper,
      boolean excludes) {
    /** What stands in the parentheses of OVER. */
    public String text() {
      return over(partition, order, frame);
    }

    /** The same rows in the same order, framed otherwise. */
    public String framed(String from, String to) {
      return over(partition, order, (rows ? "ROWS" : "RANGE") + " BETWEEN " + from + " AND " + to);
    }

    private static String over(String... parts) {
      return java.util.Arrays.stream(parts)
          .filter(part -> !part.isEmpty())
          .collect(java.util.stream.Collectors.joining(" "));
    }
  }

  /**
   * A function call: texts of its arguments, and what they are.
   *
   * @param name as the operator is called; {@code TRIM/BOTH} and so on for TRIM
   * @param operands where the texts came from, in the same order
   * @param type the type its result is to have
   */
  public record FunctionText(
      String name, List<String> arguments, List<RexNode> operands, RelDataType type) {
    public FunctionText {
      arguments = List.copyOf(arguments);
      operands = List.copyOf(operands);
    }
  }

  /**
   * A key of WITHIN GROUP.
   *
   * @param direction its direction and the place of NULLs, as text
   */
  public record OrderKey(String text, boolean descending, String direction, RelDataType type) {}
}
