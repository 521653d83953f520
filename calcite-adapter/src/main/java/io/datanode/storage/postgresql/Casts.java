package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.isText;
import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Conversions between types. */
final class Casts {
  private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?\\d{1,18}(\\.\\d{1,18})?\\s*");
  private static final Pattern TIME =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final PostgreSqlDialect dialect;

  Casts(PostgreSqlDialect dialect) {
    this.dialect = dialect;
  }

  static RelDataType element(RelDataType array) {
    RelDataType element = array.getComponentType();
    if (element == null || element.getComponentType() != null) {
      throw notPushed(array.toString(), "arrays of arrays have another meaning in PostgreSQL");
    }
    return element;
  }

  String cast(String text, RelDataType from, RelDataType to, boolean orNull) {
    if (orNull) {
      return tryCast(text, from, to);
    }
    if (isText(to)) {
      return cut(asText(text, from), from, to);
    }
    if (isText(from)) {
      throw notPushed(
          "CAST(… AS " + to + ")",
          "PostgreSQL reads text as " + to + " by other rules, so that is done here");
    }
    if (SqlTypeUtil.isInterval(to) || SqlTypeUtil.isInterval(from)) {
      return interval(text, from, to);
    }
    if (from.getSqlTypeName() == SqlTypeName.ARRAY && to.getSqlTypeName() == SqlTypeName.ARRAY) {
      return array(text, from, to);
    }
    if (SqlTypeUtil.isBoolean(from)) {
      return fromBoolean(text, to);
    }
    if (SqlTypeUtil.isBoolean(to)) {
      return SqlTypeUtil.isNumeric(from) ? "(" + text + " <> 0)" : plain(text, to);
    }
    if (to.getSqlTypeName() == SqlTypeName.TINYINT) {
      throw notPushed("TINYINT", "PostgreSQL has no TINYINT");
    }
    if (SqlTypeUtil.isIntType(to)) {
      return whole(text, from, to);
    }
    if (SqlTypeUtil.isDecimal(to) && SqlTypeUtil.isApproximateNumeric(from)) {
      return decimal(text, from, to);
    }
    if (SqlTypeUtil.isNumeric(to) != SqlTypeUtil.isNumeric(from)
        || (SqlTypeUtil.isDatetime(to) && from.getSqlTypeName() == SqlTypeName.TIME)
        || SqlTypeUtil.isBinary(to) != SqlTypeUtil.isBinary(from)
        || (to.getSqlTypeName() == SqlTypeName.TIME && from.getSqlTypeName() == SqlTypeName.DATE)) {
      throw notPushed("CAST(… AS " + to + ")", "PostgreSQL does not convert " + from + " to " + to);
    }
    return plain(text, to);
  }

  private String plain(String text, RelDataType to) {
    return "CAST(" + text + " AS " + dialect.typeName(to) + ")";
  }

  /** A text constant that both engines read the same way. */
  String constant(String text, RexLiteral literal, RelDataType to, boolean orNull) {
    String value = literal.isNull() ? null : literal.getValueAs(String.class);
    if (value == null || isText(to)) {
      return cast(text, literal.getType(), to, orNull);
    }
    boolean same =
        switch (to.getSqlTypeName()) {
          case SMALLINT, INTEGER, BIGINT ->
              NUMBER.matcher(value).matches() && fits(new BigDecimal(value.strip()), to);
          case REAL, FLOAT, DOUBLE, DECIMAL ->
              NUMBER.matcher(value).matches() || isNotFinite(value, to);
          case TIME -> TIME.matcher(value).matches();
          case UUID -> UUID.matcher(value).matches();
          case BOOLEAN -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
          default -> false;
        };
    return same ? plain(text, to) : cast(text, literal.getType(), to, orNull);
  }

  private static boolean isNotFinite(String value, RelDataType to) {
    return SqlTypeUtil.isApproximateNumeric(to)
        && value.strip().matches("(?i)nan|[+-]?inf(inity)?");
  }

  private static boolean fits(BigDecimal value, RelDataType to) {
    return value.scale() == 0 && value.abs().compareTo(greatest(to)) <= 0;
  }

  private static BigDecimal greatest(RelDataType type) {
    return BigDecimal.valueOf(
        switch (type.getSqlTypeName()) {
          case TINYINT -> Byte.MAX_VALUE;
          case SMALLINT -> Short.MAX_VALUE;
          case INTEGER -> Integer.MAX_VALUE;
          default -> Long.MAX_VALUE;
        });
  }

  /** A value as the text that it has in every storage. */
  String asText(String text, RelDataType type) {
    switch (type.getSqlTypeName()) {
      case CHAR:
      case VARCHAR:
      case NULL:
        return text;
      case BOOLEAN:
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case TIME:
      case UUID:
        return "CAST(" + text + " AS TEXT)";
      case DECIMAL:
        return "CAST(ROUND(" + text + ", " + Math.max(0, type.getScale()) + ") AS TEXT)";
      case REAL:
      case FLOAT:
      case DOUBLE:
        return floatingPoint(text, type.getSqlTypeName() == SqlTypeName.REAL ? "1e6" : "1e15");
      case DATE:
      case TIMESTAMP:
        return "REPLACE(CAST(" + text + " AS TEXT), ' BC', ' (BC)')";
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return "CASE WHEN ISFINITE("
            + text
            + ") THEN REPLACE(CAST(CAST("
            + text
            + " AS TIMESTAMP) AS TEXT), ' BC', ' (BC)') || '+00' ELSE CAST("
            + text
            + " AS TEXT) END";
      default:
        throw notPushed(
            "CAST(… AS VARCHAR)", "PostgreSQL shows " + type + " as text in another form");
    }
  }

  /**
   * Digits are the fewest that give the number again, as in PostgreSQL, but with {@code .0} behind
   * whole numbers, and with an exponent from 1e16 only.
   */
  private static String floatingPoint(String x, String exponentFrom) {
    String shown = "CAST(" + x + " AS TEXT)";
    String plain =
        "CASE WHEN ABS("
            + x
            + ") >= "
            + exponentFrom
            + " AND ABS("
            + x
            + ") < 1e16 THEN CAST(CAST("
            + shown
            + " AS NUMERIC) AS TEXT) ELSE "
            + shown
            + " END";
    return PostgreSqlDialect.bounded(
        "CAST",
        "CASE WHEN "
            + x
            + " = 'NaN' THEN 'nan' WHEN "
            + x
            + " = 'Infinity' THEN 'inf' WHEN "
            + x
            + " = '-Infinity' THEN '-inf' WHEN "
            + plain
            + " LIKE '%e%' OR "
            + plain
            + " LIKE '%.%' THEN "
            + plain
            + " ELSE "
            + plain
            + " || '.0' END");
  }

  private static String cut(String text, RelDataType from, RelDataType to) {
    int length = to.getPrecision();
    boolean unlimited = length < 0 || length >= 65536;
    boolean shorter = isText(from) && from.getPrecision() >= 0 && from.getPrecision() <= length;
    return unlimited || shorter ? text : "LEFT(" + text + ", " + length + ")";
  }

  private String fromBoolean(String text, RelDataType to) {
    if (SqlTypeUtil.isBoolean(to)) {
      return text;
    }
    if (!SqlTypeUtil.isNumeric(to)) {
      throw notPushed("CAST(… AS " + to + ")", "a truth value is no " + to);
    }
    String number = "CAST(" + text + " AS INTEGER)";
    return to.getSqlTypeName() == SqlTypeName.INTEGER ? number : plain(number, to);
  }

  /** Fractions are cut, where PostgreSQL rounds. */
  private String whole(String text, RelDataType from, RelDataType to) {
    if (SqlTypeUtil.isIntType(from)) {
      return plain(text, to);
    }
    return plain("TRUNC(" + wide(text, from) + ")", to);
  }

  private static String wide(String text, RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.REAL
        ? "CAST(" + text + " AS DOUBLE PRECISION)"
        : text;
  }

  /**
   * The number times a power of ten, rounded half away from zero. PostgreSQL's own conversion keeps
   * 15 digits only.
   */
  private String decimal(String text, RelDataType from, RelDataType to) {
    if (to.getPrecision() > 18 || from.getSqlTypeName() == SqlTypeName.REAL) {
      throw notPushed(
          "CAST(… AS " + to + ")",
          "PostgreSQL converts only 15 digits of a floating point number to NUMERIC");
    }
    int scale = Math.max(0, to.getScale());
    String shifted = scale == 0 ? text : "(" + text + " * " + Numbers.power(scale) + ")";
    return "CAST(CAST("
        + Numbers.rounded(shifted)
        + " AS BIGINT) * "
        + BigDecimal.ONE.movePointLeft(scale).toPlainString()
        + " AS "
        + dialect.typeName(to)
        + ")";
  }

  private String interval(String text, RelDataType from, RelDataType to) {
    if (SqlTypeUtil.isInterval(from) && SqlTypeUtil.isInterval(to)) {
      return text;
    }
    if (SqlTypeName.DAY_INTERVAL_TYPES.contains(to.getSqlTypeName())
        && SqlTypeUtil.isIntType(from)) {
      return "("
          + text
          + " * INTERVAL '1' "
          + to.getIntervalQualifier().getStartUnit().name()
          + ")";
    }
    if (SqlTypeName.DAY_INTERVAL_TYPES.contains(from.getSqlTypeName())
        && SqlTypeUtil.isNumeric(to)) {
      return plain(
          "TRUNC(EXTRACT(EPOCH FROM "
              + text
              + ") / "
              + BigDecimal.valueOf(from.getIntervalQualifier().getUnit().multiplier.longValue(), 3)
              + ")",
          to);
    }
    throw notPushed("CAST(… AS " + to + ")", "PostgreSQL does not convert " + from + " to " + to);
  }

  private String array(String text, RelDataType from, RelDataType to) {
    RelDataType source = element(from);
    RelDataType target = element(to);
    boolean same =
        dialect.typeName(source).equals(dialect.typeName(target))
            || (SqlTypeUtil.isIntType(source) && SqlTypeUtil.isIntType(target));
    if (!same) {
      throw notPushed("CAST(… AS " + to + ")", "elements of arrays are converted here");
    }
    return plain(text, to);
  }

  /** PostgreSQL has no TRY_CAST; a number that fits is known by comparing. */
  private String tryCast(String text, RelDataType from, RelDataType to) {
    boolean always =
        isText(to)
            || (SqlTypeUtil.isIntType(from) && SqlTypeUtil.isApproximateNumeric(to))
            || (SqlTypeUtil.isDatetime(from) && SqlTypeUtil.isDatetime(to))
            || SqlTypeUtil.isBoolean(from);
    if (always) {
      return cast(text, from, to, false);
    }
    String fits = fits(text, from, to);
    if (fits == null) {
      throw notPushed("TRY_CAST", "PostgreSQL has no TRY_CAST");
    }
    return "CASE WHEN " + fits + " THEN " + cast(text, from, to, false) + " END";
  }

  private @Nullable String fits(String text, RelDataType from, RelDataType to) {
    boolean whole = SqlTypeUtil.isIntType(to) && to.getSqlTypeName() != SqlTypeName.TINYINT;
    if (!whole || !SqlTypeUtil.isNumeric(from)) {
      return null;
    }
    String greatest = greatest(to).toPlainString();
    String least = greatest(to).negate().subtract(BigDecimal.ONE).toPlainString();
    if (!SqlTypeUtil.isApproximateNumeric(from)) {
      return "TRUNC(CAST(" + text + " AS NUMERIC)) BETWEEN " + least + " AND " + greatest;
    }
    String above = greatest(to).add(BigDecimal.ONE).toPlainString();
    return "TRUNC("
        + wide(text, from)
        + ") >= "
        + least
        + " AND TRUNC("
        + wide(text, from)
        + ") < "
        + above;
  }
}
