package io.datanode.storage.postgresql;

import io.datanode.storage.sql.NotPushedException;
import io.datanode.storage.sql.StorageDialect;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.dialect.PostgresqlSqlDialect;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * SQL of PostgreSQL 13 and later. A call is written only where PostgreSQL gives the rows that SQL
 * has here; everything else throws {@link NotPushedException}, and the embedded engine does it.
 *
 * <p>The session zone of every connection is UTC and its DateStyle ISO.
 */
final class PostgreSqlDialect extends StorageDialect {
  private static final int LONGEST_NAME = 63;
  private static final int LONGEST_EXPRESSION = 20_000;

  private final ServerFacts facts;
  private final Casts casts = new Casts(this);
  private final TimeCalls times;
  private final TimeSpans spans;
  private final Numbers numbers = new Numbers(this);
  private final Texts texts;
  private final Aggregates aggregates;
  private final WindowFunctions windows;

  /** The dialect of a server. */
  PostgreSqlDialect(ServerFacts facts) {
    this.facts = facts;
    this.times = new TimeCalls(this, facts);
    this.spans = new TimeSpans(facts);
    this.texts = new Texts(this, facts, casts);
    this.aggregates = new Aggregates(this, facts);
    this.windows = new WindowFunctions(this, facts, aggregates);
  }

  /** The NotPushedException for a part that PostgreSQL cannot say. */
  static NotPushedException notPushed(String expression, String why) {
    return new NotPushedException(expression, why);
  }

  /** A text that repeats its arguments, unless that would make it absurdly long. */
  static String bounded(String name, String text) {
    if (text.length() > LONGEST_EXPRESSION) {
      throw notPushed(name, "nested calls of " + name + " would be too long a text in PostgreSQL");
    }
    return text;
  }

  @Override
  public SqlDialect calcite() {
    return PostgresqlSqlDialect.DEFAULT;
  }

  @Override
  protected boolean knows(String function) {
    return false;
  }

  /**
   * PostgreSQL cuts names after 63 bytes, which could make two of them the same; a longer one is
   * cut here and told apart by a hash.
   */
  @Override
  public String quote(String identifier) {
    if (identifier.length() * 4 <= LONGEST_NAME
        || identifier.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME) {
      return super.quote(identifier);
    }
    String hash = String.format("~%08x", identifier.hashCode());
    int end = identifier.length();
    while (identifier.substring(0, end).getBytes(StandardCharsets.UTF_8).length
        > LONGEST_NAME - hash.length()) {
      end = identifier.offsetByCodePoints(end, -1);
    }
    return super.quote(identifier.substring(0, end) + hash);
  }

  /** Backslashes mean themselves, whatever the server's setting of standard_conforming_strings. */
  @Override
  public String string(String value) {
    return value.indexOf('\\') < 0
        ? super.string(value)
        : "E" + super.string(value.replace("\\", "\\\\"));
  }

  @Override
  public String typeName(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case BOOLEAN:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case REAL:
      case DATE:
      case TIME:
      case UUID:
        return type.getSqlTypeName().getName();
      case TINYINT:
        // There is none; what does not fit into a TINYINT is caught by Casts.
        return "SMALLINT";
      case FLOAT:
      case DOUBLE:
        return "DOUBLE PRECISION";
      case DECIMAL:
        return decimalName("NUMERIC", type);
      case CHAR:
      case VARCHAR:
      case NULL:
      case ANY:
      case UNKNOWN:
      case OTHER:
        return "TEXT";
      case BINARY:
      case VARBINARY:
        return "BYTEA";
      case TIMESTAMP:
        return microseconds(type, "TIMESTAMP");
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP_TZ:
        return microseconds(type, "TIMESTAMPTZ");
      case ARRAY:
      case MULTISET:
        return typeName(Casts.element(type)) + "[]";
      default:
        if (SqlTypeUtil.isInterval(type)) {
          return "INTERVAL";
        }
        throw notPushed(
            type.getFullTypeString(), "PostgreSQL has no type like " + type.getFullTypeString());
    }
  }

  private static String microseconds(RelDataType type, String name) {
    if (type.getPrecision() > 6) {
      throw notPushed(type.toString(), "PostgreSQL keeps times to the microsecond");
    }
    return name;
  }

  @Override
  public String date(LocalDate value) {
    return "DATE '" + Times.withEra(value.getYear(), value.toString()) + "'";
  }

  @Override
  public String timestamp(String text) {
    return "TIMESTAMP '" + Times.literal(text, "") + "'";
  }

  @Override
  public String instant(String utcText) {
    return "TIMESTAMPTZ '" + Times.literal(utcText, "+00") + "'";
  }

  @Override
  public String binary(String hex) {
    return "DECODE('" + hex + "', 'hex')";
  }

  @Override
  public String floatingPoint(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return super.floatingPoint(value);
    }
    // A number with an exponent is NUMERIC in PostgreSQL.
    return value == 0 && 1 / value < 0
        ? "CAST('-0' AS DOUBLE PRECISION)"
        : "CAST(" + Double.toString(value) + " AS DOUBLE PRECISION)";
  }

  /**
   * Text by code point; not said where the database does it by itself, so that indexes are used.
   */
  @Override
  public String ordered(String text, RelDataType type) {
    return facts.binaryCollation() || !isText(type) ? text : text + " COLLATE \"C\"";
  }

  static boolean isText(RelDataType type) {
    return SqlTypeFamily.CHARACTER.getTypeNames().contains(type.getSqlTypeName());
  }

  @Override
  public boolean sortsSetsByExpressions() {
    return false;
  }

  @Override
  public boolean joinsFullOnAnyCondition() {
    return false;
  }

  @Override
  public boolean picksByIndex() {
    return true;
  }

  /** Before 17 it sorts what it finds of a list, or does not look for the list at all. */
  @Override
  public boolean walksLists() {
    return facts.version() >= 17;
  }

  @Override
  public boolean joinsEnds() {
    return true;
  }

  @Override
  public boolean picksDistinctOn() {
    return true;
  }

  @Override
  public boolean joinsAsof() {
    return false;
  }

  @Override
  public String cast(String text, RelDataType from, RelDataType to, boolean orNull) {
    return casts.cast(text, from, to, orNull);
  }

  @Override
  public String castOf(String text, RexNode operand, RelDataType to, boolean orNull) {
    return operand instanceof RexLiteral literal && isText(operand.getType())
        ? casts.constant(text, literal, to, orNull)
        : casts.cast(text, operand.getType(), to, orNull);
  }

  @Override
  public String integerDivision(String dividend, String divisor) {
    return "(" + dividend + " / " + divisor + ")";
  }

  /** Not called: PostgreSQL itself refuses to divide by zero. */
  @Override
  public String failure(String message, RelDataType type) {
    throw notPushed(message, "PostgreSQL has no function that fails");
  }

  @Override
  public boolean failsOnDivisionByZero() {
    return true;
  }

  @Override
  public String arithmetic(
      String operator,
      String left,
      String right,
      RelDataType leftType,
      RelDataType rightType,
      RelDataType type) {
    return numbers.arithmetic(operator, left, right, leftType, rightType, type);
  }

  @Override
  public String quotient(
      String dividend, String divisor, RelDataType dividendType, RelDataType divisorType) {
    return numbers.quotient(dividend, divisor, dividendType, divisorType);
  }

  @Override
  public String remainder(
      String dividend, String divisor, RelDataType dividendType, RelDataType divisorType) {
    return numbers.remainder(dividend, divisor, dividendType, divisorType);
  }

  @Override
  public String like(String text, String keyword, String pattern, @Nullable String escape) {
    return texts.like(text, keyword, pattern, escape);
  }

  @Override
  public String item(String array, String index, RexNode indexNode) {
    boolean positive =
        indexNode instanceof RexLiteral literal
            && !literal.isNull()
            && literal.getValueAs(Integer.class) != null
            && literal.getValueAs(Integer.class) > 0;
    String whole =
        indexNode.getType().getSqlTypeName() == SqlTypeName.INTEGER
            ? index
            : "CAST(" + index + " AS INTEGER)";
    return positive
        ? "(" + array + ")[" + index + "]"
        : "("
            + array
            + ")[CASE WHEN "
            + index
            + " < 0 THEN CARDINALITY("
            + array
            + ") + 1 + "
            + whole
            + " ELSE "
            + whole
            + " END]";
  }

  @Override
  public String function(FunctionText call) {
    String text = numbers.function(call);
    if (text == null) {
      text = texts.function(call);
    }
    if (text == null) {
      text = times.function(call);
    }
    if (text == null) {
      throw notPushed(call.name(), "PostgreSQL has no " + call.name() + " with this meaning");
    }
    return bounded(call.name(), text);
  }

  @Override
  public String extract(String unit, String text, RelDataType type) {
    return TimeFields.extract(unit, text, type);
  }

  @Override
  public String floor(String unit, String text, RelDataType type) {
    return TimeFields.floor(unit, text, type);
  }

  @Override
  public String ceil(String unit, String text, RelDataType type) {
    return TimeFields.ceil(unit, text, type);
  }

  @Override
  public String timestampDiff(
      String unit, String from, String to, RelDataType fromType, RelDataType toType) {
    return bounded("TIMESTAMPDIFF", spans.difference(unit, from, to, fromType, toType));
  }

  @Override
  public String timestampAdd(String unit, String count, String time, RelDataType type) {
    return TimeSpans.sum(unit, count, time);
  }

  /** Not called, see {@link #joinsAsof}. */
  @Override
  public String asofJoin(
      String left, String right, boolean outer, @Nullable String equalities, String match) {
    throw notPushed("ASOF JOIN", "PostgreSQL has no as-of join of its own");
  }

  @Override
  public String aggregate(AggregateText call) {
    return aggregates.aggregate(call);
  }

  @Override
  public String windowCall(AggregateText call, WindowText window) {
    return windows.text(call, window);
  }

  /** A whole-number argument as the INTEGER that functions of PostgreSQL take. */
  static String integer(String text, RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.INTEGER ? text : "CAST(" + text + " AS INTEGER)";
  }

  /** A constant whose type would else be guessed. */
  static String typed(String text, RelDataType type) {
    return isText(type) && (text.startsWith("'") || text.startsWith("E'"))
        ? "CAST(" + text + " AS TEXT)"
        : text;
  }
}
