package io.datanode.plan.bars;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.ArgumentText;
import io.datanode.plan.ParsedSqlException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that are arguments of RESAMPLE, GRID, TUMBLE and HOP. What a statement means depends
 * on their values: a day of the clocks is another thing than a minute. So each takes the place of a
 * literal, and the statement is planned for its values.
 *
 * <p>Where values are not known yet, as when a statement is prepared, any that fit take their
 * place: the columns and parameters of the statement are the same for all.
 */
public final class ArgumentParameters {
  /** As many digits as an interval may have before its point. */
  private static final int DIGITS = 10;

  private final Map<Integer, ArgumentText> given;
  private final Set<Integer> asked = new TreeSet<>();

  /**
   * For one statement.
   *
   * @param given values by the index of their parameter
   */
  public ArgumentParameters(Map<Integer, ArgumentText> given) {
    this.given = given;
  }

  /** The parameters that were asked for, by their index. */
  public Set<Integer> asked() {
    return Collections.unmodifiableSet(asked);
  }

  /** True if the value of one that was asked for is not known. */
  public boolean lacksValues() {
    return !given.keySet().containsAll(asked);
  }

  /**
   * An argument that is text, a time, a zone or a number as a literal.
   *
   * @param name of the argument
   * @param otherwise where the value is not known
   * @return the argument itself if it is no parameter
   * @throws DataNodeException 22023 if the value is NULL
   */
  public SqlNode constant(SqlNode argument, String name, String otherwise) {
    if (!(argument instanceof SqlDynamicParam)) {
      return argument;
    }
    String known = text((SqlDynamicParam) argument, name);
    String text = known == null ? otherwise : known;
    SqlParserPos pos = argument.getParserPosition();
    if (name.equals("fill")) {
      try {
        return SqlLiteral.createExactNumeric(new BigDecimal(text.strip()).toPlainString(), pos);
      } catch (NumberFormatException e) {
        // One of the other ways to fill, which are words.
        return SqlLiteral.createCharString(text, pos);
      }
    }
    return SqlLiteral.createCharString(text, pos);
  }

  /**
   * An argument that is a length of time as a literal.
   *
   * @param name of the argument; one of zero or less has to be an {@code offset}
   * @param otherwise where the value is not known
   * @return the argument itself if it is no parameter
   * @throws DataNodeException 22023 or 22007 if the value is NULL or no such length
   */
  public SqlNode length(SqlNode argument, String name, SqlNode otherwise) {
    if (!(argument instanceof SqlDynamicParam)) {
      return argument;
    }
    SqlParserPos pos = argument.getParserPosition();
    String text = text((SqlDynamicParam) argument, name);
    if (text == null) {
      return otherwise;
    }
    try {
      SqlIntervalLiteral length = length(text.strip(), pos);
      if (!name.equals("offset") && signum(length) <= 0) {
        throw new ParsedSqlException(
            SqlState.INVALID_PARAMETER,
            name + " is '" + text + "'; expected one greater than zero, for example PT5M",
            pos);
      }
      return length;
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new ParsedSqlException(
          SqlState.INVALID_DATETIME,
          name
              + " is '"
              + text
              + "'; expected a length of time in ISO 8601: PT5M for minutes and the like, P1D for"
              + " days of the clocks, P1M for months",
          pos);
    }
  }

  /** A length of a day, for where its value is not known. */
  public static SqlNode day(SqlParserPos pos) {
    return interval(1, "1", TimeUnit.DAY, pos);
  }

  /** The value of a parameter; null if it is not known. */
  private @Nullable String text(SqlDynamicParam parameter, String name) {
    asked.add(parameter.getIndex());
    ArgumentText value = given.get(parameter.getIndex());
    if (value == null) {
      return null;
    }
    if (value.text() == null) {
      throw new ParsedSqlException(
          SqlState.INVALID_PARAMETER,
          "Parameter "
              + (parameter.getIndex() + 1)
              + " is NULL; "
              + name
              + " needs a value, or leave the argument out if it need not be given",
          parameter.getParserPosition());
    }
    return value.text();
  }

  private static int signum(SqlIntervalLiteral length) {
    SqlIntervalLiteral.IntervalValue value =
        length.getValueAs(SqlIntervalLiteral.IntervalValue.class);
    return value.getSign() * new BigDecimal(value.getIntervalLiteral()).signum();
  }

  /** A period is counted on clocks and calendars, a duration is elapsed time. */
  private static SqlIntervalLiteral length(String text, SqlParserPos pos) {
    if (text.toUpperCase(Locale.ROOT).contains("T")) {
      return elapsed(text, pos);
    }
    Period period = Period.parse(text);
    if (period.getDays() != 0 && period.toTotalMonths() != 0) {
      throw new DateTimeParseException("Months and days", text, 0);
    }
    long size = period.getDays() == 0 ? period.toTotalMonths() : period.getDays();
    return interval(
        size < 0 ? -1 : 1,
        Long.toString(Math.abs(size)),
        period.getDays() == 0 ? TimeUnit.MONTH : TimeUnit.DAY,
        pos);
  }

  private static SqlIntervalLiteral elapsed(String text, SqlParserPos pos) {
    Duration length = Duration.parse(text);
    if (Character.toUpperCase(text.charAt(text.indexOf('P') + 1)) != 'T'
        || length.getNano() % 1_000_000 != 0) {
      throw new DateTimeParseException("Days and hours, or finer than milliseconds", text, 0);
    }
    BigDecimal seconds = BigDecimal.valueOf(length.toMillis(), 3);
    return interval(
        seconds.signum() < 0 ? -1 : 1, seconds.abs().toPlainString(), TimeUnit.SECOND, pos);
  }

  private static SqlIntervalLiteral interval(
      int sign, String size, TimeUnit unit, SqlParserPos pos) {
    return SqlLiteral.createInterval(
        sign, size, new SqlIntervalQualifier(unit, DIGITS, null, 3, pos), pos);
  }
}
