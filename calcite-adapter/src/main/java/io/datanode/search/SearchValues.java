package io.datanode.search;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Constants of a query as values of a search request. */
final class SearchValues {
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final IntFunction<@Nullable Object> parameters;

  SearchValues(IntFunction<@Nullable Object> parameters) {
    this.parameters = parameters;
  }

  /** A number of rows. */
  long count(RexNode node, String clause) {
    Object value = of(node);
    if (value instanceof BigDecimal number && number.signum() >= 0) {
      return number.longValueExact();
    }
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw new NoSearchException("its " + clause + " is no number");
  }

  /** True if a node is a constant: a literal or a parameter. */
  static boolean isConstant(RexNode node) {
    RexNode value = RexUtil.removeCast(node);
    return value instanceof RexLiteral || value instanceof RexDynamicParam;
  }

  /**
   * The value of a constant.
   *
   * @throws NoSearchException if it is NULL, or of a type that requests do not have
   */
  Object of(RexNode node) {
    RexNode constant = node;
    if (!(node instanceof RexLiteral) && !(node instanceof RexDynamicParam)) {
      RexNode inner = RexUtil.removeCast(node);
      // The search compares exactly, so a cast that keeps the value is not missed.
      if (!RexUtil.isLosslessCast(node)
          && !(inner instanceof RexDynamicParam)
          && !SqlTypeUtil.isNumeric(node.getType())
          && !isSameTime(inner.getType(), node.getType())
          && !isUuid(inner, node.getType())) {
        throw new NoSearchException("a constant is converted: " + node);
      }
      constant = inner;
    }
    Object value =
        constant instanceof RexDynamicParam
            ? parameters.apply(((RexDynamicParam) constant).getIndex())
            : constant instanceof RexLiteral ? literal((RexLiteral) constant) : null;
    if (value == null) {
      throw new NoSearchException("something is compared with NULL");
    }
    // JSON has no such numbers; columns of floating-point numbers understand them as text.
    return value instanceof Double number && !Double.isFinite(number) ? number.toString() : value;
  }

  /** True for a time without zone as one of at least as many digits; a day is its midnight. */
  private static boolean isSameTime(RelDataType from, RelDataType to) {
    return to.getSqlTypeName() == SqlTypeName.TIMESTAMP
        && (from.getSqlTypeName() == SqlTypeName.DATE
            || (from.getSqlTypeName() == SqlTypeName.TIMESTAMP
                && from.getPrecision() <= to.getPrecision()));
  }

  private static boolean isUuid(RexNode text, RelDataType to) {
    return to.getSqlTypeName() == SqlTypeName.UUID
        && text instanceof RexLiteral literal
        && literal(literal) instanceof String given
        && isUuid(given.toLowerCase(Locale.ROOT));
  }

  /** True for the text that a UUID has, in lower case. */
  static boolean isUuid(String text) {
    return UUID_TEXT.matcher(text).matches();
  }

  private static @Nullable Object literal(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    switch (literal.getType().getSqlTypeName()) {
      case BOOLEAN:
        return literal.getValueAs(Boolean.class);
      case CHAR:
      case VARCHAR:
        NlsString text = literal.getValueAs(NlsString.class);
        return text == null ? null : text.getValue();
      case DATE:
        return LocalDate.parse(String.valueOf(literal.getValueAs(DateString.class)));
      case TIME:
        return LocalTime.parse(String.valueOf(literal.getValueAs(TimeString.class)));
      case TIMESTAMP:
        return time(literal);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return time(literal).toInstant(ZoneOffset.UTC);
      case UUID:
        return literal.getValueAs(UUID.class);
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case DECIMAL:
        return literal.getValueAs(BigDecimal.class);
      case REAL:
      case FLOAT:
      case DOUBLE:
        return literal.getValueAs(Double.class);
      default:
        throw new NoSearchException(
            "a search has no values of type " + literal.getType().getSqlTypeName());
    }
  }

  private static LocalDateTime time(RexLiteral literal) {
    TimestampString text = literal.getValueAs(TimestampString.class);
    return LocalDateTime.parse(String.valueOf(text).replace(' ', 'T'));
  }
}
