package io.datanode.storage.sql;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
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
   * The condition that a column holds one of the keys of another piece of the query.
   *
   * @param mark what will become {@code ?}; it takes a list of all keys
   */
  public String in(String column, String mark, RelDataType type) {
    return "(" + column + " = ANY(CAST(" + mark + " AS " + typeName(type) + "[])))";
  }

  /** A conversion to a type; both types are given because rules differ by pair. */
  public abstract String cast(String text, RelDataType from, RelDataType to, boolean orNull);

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
   * A key of WITHIN GROUP.
   *
   * @param direction its direction and the place of NULLs, as text
   */
  public record OrderKey(String text, boolean descending, String direction) {}
}
