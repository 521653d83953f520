package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** Literals of instants and intervals, said in those that Calcite has. */
final class TimeLiterals {
  private static final Pattern ISO = Pattern.compile(".*(T|Z|z|[+-]\\d\\d(:?\\d\\d)?)\\s*.*");
  private static final Pattern OFFSET =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d.*(Z|z|[+-]\\d\\d(:?\\d\\d)?)\\s*");
  private static final Pattern FRACTION = Pattern.compile(".*\\.(\\d+)");

  private TimeLiterals() {}

  /** {@code TIMESTAMP '2024-01-02T00:00:00Z'} is an instant; a {@code T} alone is a blank. */
  static SqlNode timestamp(SqlUnknownLiteral literal) {
    if (!literal.tag.equalsIgnoreCase("TIMESTAMP")) {
      return literal;
    }
    String text = literal.getValueAs(String.class);
    if (text == null || !ISO.matcher(text).matches()) {
      return literal;
    }
    SqlParserPos pos = literal.getParserPosition();
    SqlTypeName type =
        OFFSET.matcher(text.strip()).matches()
            ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
            : SqlTypeName.TIMESTAMP;
    return TypedParameters.cast(SqlLiteral.createCharString(text, pos), type, 6);
  }

  /** Refuses intervals finer than the milliseconds in which Calcite holds them. */
  static SqlNode interval(SqlIntervalLiteral literal) {
    SqlIntervalLiteral.IntervalValue value =
        literal.getValueAs(SqlIntervalLiteral.IntervalValue.class);
    if (value == null) {
      return literal;
    }
    Matcher fraction = FRACTION.matcher(value.getIntervalLiteral());
    if (!fraction.matches()
        || new BigDecimal("0." + fraction.group(1)).stripTrailingZeros().scale() <= 3) {
      return literal;
    }
    throw new ParsedSqlException(
        SqlState.INVALID_DATETIME,
        "The interval '"
            + value.getIntervalLiteral()
            + "' is finer than milliseconds; add microseconds with TIMESTAMPADD(MICROSECOND, n, time)",
        literal.getParserPosition());
  }
}
