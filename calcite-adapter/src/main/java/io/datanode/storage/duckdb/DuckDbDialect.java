package io.datanode.storage.duckdb;

import io.datanode.storage.sql.StorageDialect;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB 2.0 SQL. The session zone of every connection is UTC, so functions of DuckDB that depend
 * on it work on UTC calendar fields.
 */
public final class DuckDbDialect extends StorageDialect {
  private static final Set<String> ROUNDING = Set.of("ROUND", "TRUNC", "TRUNCATE");

  /** The only one; it has no state. */
  public static final DuckDbDialect INSTANCE = new DuckDbDialect();

  private final Casts casts = new Casts(this);

  private DuckDbDialect() {
    Functions.NUMBERS.forEach(this::template);
    Functions.CHOICES.forEach(this::template);
    Functions.TEXTS.forEach(this::template);
    Functions.TIMES.forEach(this::template);
  }

  /**
   * DuckDB 2.0 takes a LIMIT above 5,000, OFFSET included, for large: it then sorts all rows unless
   * it expects very many of them.
   */
  @Override
  public int firstRows() {
    return 5_000;
  }

  @Override
  public long streamedLimit() {
    return 10_000;
  }

  @Override
  public SqlDialect calcite() {
    return DuckDbCalciteDialect.INSTANCE;
  }

  @Override
  protected boolean knows(String function) {
    return Functions.SAME.contains(function.toUpperCase(Locale.ROOT));
  }

  /** DuckDB drops digits of a decimal when it rounds or cuts; here the type keeps its scale. */
  @Override
  public String function(FunctionText call) {
    String text = super.function(call);
    boolean drops =
        SqlTypeUtil.isDecimal(call.type())
            && ROUNDING.contains(call.name().toUpperCase(Locale.ROOT));
    return drops ? "CAST(" + text + " AS DECIMAL(38, " + call.type().getScale() + "))" : text;
  }

  // DuckDB 2.0 fails if more than four values are compared with a parameter that is NULL.
  @Override
  public String oneOf(String value, List<String> values, RelDataType type, boolean stored) {
    String compared = stored ? value : "COALESCE(" + value + ", NULL)";
    String condition = super.oneOf(compared, values, type, stored);
    return SqlTypeUtil.inCharFamily(type) ? textCondition(condition, stored) : condition;
  }

  // Where the values of a column let a condition on an expression over it hold for all rows, the
  // scan of DuckDB 2.0 checks only that the column is not NULL, though the expression may be. What
  // a condition is compared with keeps it out of the scan; conditions on columns themselves, by
  // which row groups are skipped, are right.
  @Override
  public String textCondition(String condition, boolean stored) {
    return stored ? condition : "(" + condition + " = TRUE)";
  }

  @Override
  public String typeName(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case FLOAT:
      case DOUBLE:
        return "DOUBLE";
      case DECIMAL:
        return decimalName("DECIMAL", type);
      case CHAR:
      case VARCHAR:
      case NULL:
      case ANY:
      case UNKNOWN:
      case OTHER:
        return "VARCHAR";
      case BINARY:
      case VARBINARY:
        return "BLOB";
      case TIME:
        return "TIME";
      case TIMESTAMP:
        return type.getPrecision() > 6 ? "TIMESTAMP_NS" : "TIMESTAMP";
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP_TZ:
        return "TIMESTAMPTZ";
      case ARRAY:
      case MULTISET:
        RelDataType element = type.getComponentType();
        return (element == null ? "VARCHAR" : typeName(element)) + "[]";
      default:
        return SqlTypeUtil.isInterval(type) ? "INTERVAL" : type.getSqlTypeName().getName();
    }
  }

  @Override
  public String timestamp(String text) {
    return "TIMESTAMP" + (fraction(text) > 6 ? "_NS" : "") + " '" + text + "'";
  }

  private static int fraction(String text) {
    int point = text.indexOf('.');
    return point < 0 ? 0 : text.length() - point - 1;
  }

  // DuckDB hashes the right side of a SEMI JOIN and checks comparisons beside the equality on the
  // way. The same as EXISTS joins the distinct left rows first, which takes some twenty times as
  // long.
  @Override
  public boolean joinsSemi() {
    return true;
  }

  @Override
  public boolean picksByOneKey() {
    return true;
  }

  @Override
  public String hash(String values) {
    return "hash(" + values + ")";
  }

  @Override
  public String instant(String utcText) {
    return "TIMESTAMPTZ '" + utcText + "+00'";
  }

  @Override
  public String binary(String hex) {
    return "from_hex('" + hex + "')";
  }

  // DuckDB adds and multiplies decimals of up to 18 digits in 64 bits, and fails if the result has
  // more; with an operand of 19 digits it uses 128 bits.
  @Override
  public String arithmetic(
      String operator,
      String left,
      String right,
      RelDataType leftType,
      RelDataType rightType,
      RelDataType type) {
    boolean widened =
        type.getSqlTypeName() == SqlTypeName.DECIMAL
            && type.getPrecision() > 18
            && leftType.getSqlTypeName() == SqlTypeName.DECIMAL
            && leftType.getPrecision() <= 18
            && rightType.getPrecision() <= 18;
    String first =
        widened ? "CAST(" + left + " AS DECIMAL(19, " + leftType.getScale() + "))" : left;
    return super.arithmetic(operator, first, right, leftType, rightType, type);
  }

  @Override
  public String cast(String text, RelDataType from, RelDataType to, boolean orNull) {
    return casts.cast(text, from, to, orNull);
  }

  @Override
  public String integerDivision(String dividend, String divisor) {
    return "(" + dividend + " // " + divisor + ")";
  }

  @Override
  public String failure(String message, RelDataType type) {
    return "error(" + string(message) + ")";
  }

  @Override
  public String extract(String unit, String text, RelDataType type) {
    return Times.extract(unit, text, type);
  }

  @Override
  public String floor(String unit, String text, RelDataType type) {
    return Times.floor(unit, text, type);
  }

  @Override
  public String ceil(String unit, String text, RelDataType type) {
    return Times.ceil(unit, text, type);
  }

  @Override
  public String timestampDiff(
      String unit, String from, String to, RelDataType fromType, RelDataType toType) {
    return Times.difference(unit, from, to, fromType, toType);
  }

  @Override
  public String timestampAdd(String unit, String count, String time, RelDataType type) {
    return Times.sum(unit, count, time);
  }

  @Override
  public String asofJoin(
      String left, String right, boolean outer, @Nullable String equalities, String match) {
    return left
        + "\nASOF "
        + (outer ? "LEFT " : "")
        + "JOIN "
        + right
        + " ON "
        + (equalities == null ? "" : equalities + " AND ")
        + match;
  }

  @Override
  public String aggregate(AggregateText call) {
    return Aggregates.write(call);
  }
}
