package io.datanode.storage.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.TimestampString;

/**
 * Clocks of an as-of join of which some are strict and some not, as in {@code f.time_index <=
 * p.time_index AND f.knowledge_time < p.time_index}. To the microsecond, a time is before another
 * if a microsecond later it is not after it. So all become clocks that are not strict, except that
 * there is no microsecond before or after infinity.
 */
final class StrictClocks {
  static final BigDecimal MICROSECOND = BigDecimal.valueOf(1, 3);

  private static final TimestampString FINITE = new TimestampString("2000-01-01 00:00:00");

  private final RexBuilder rex;
  private final boolean back;
  private final boolean mixed;

  /**
   * Clocks.
   *
   * @param back true if right times before the left one match
   * @param comparisons all of them
   */
  StrictClocks(RexBuilder rex, boolean back, List<RexCall> comparisons) {
    this.rex = rex;
    this.back = back;
    this.mixed = comparisons.stream().map(MatchTerms::isStrict).distinct().count() > 1;
  }

  /** True if values of a type are whole microseconds, or infinite. */
  static boolean suits(RelDataType type) {
    return isTime(type) && type.getPrecision() <= 6;
  }

  static boolean isTime(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP
        || type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  boolean mixed() {
    return mixed;
  }

  /** Milliseconds to take off the right time of a clock so that it need not be strict. */
  BigDecimal less(RexCall clock) {
    if (!mixed || !MatchTerms.isStrict(clock)) {
      return BigDecimal.ZERO;
    }
    return back ? MICROSECOND.negate() : MICROSECOND;
  }

  /** What must be true of a right time that a strict clock may reach at all. */
  List<RexNode> reachable(RexCall clock, RexNode value) {
    return less(clock).signum() == 0 ? List.of() : List.of(isNoInfinity(value, back));
  }

  /** What must be true of a left time at which a strict clock has reached anything. */
  List<RexNode> reaching(RexNode leftTime) {
    return mixed ? List.of(isNoInfinity(leftTime, !back)) : List.of();
  }

  /** A time that is shifted back. */
  RexNode shifted(RexNode time, BigDecimal less) {
    if (less.signum() == 0) {
      return time;
    }
    RexNode interval =
        rex.makeIntervalLiteral(
            less, new SqlIntervalQualifier(TimeUnit.SECOND, null, SqlParserPos.ZERO));
    return rex.makeCall(time.getType(), SqlStdOperatorTable.MINUS_DATE, List.of(time, interval));
  }

  /** True for a time that is not the one infinity, which shifting leaves as it is. */
  private RexNode isNoInfinity(RexNode time, boolean positive) {
    RexNode other = shifted(time, positive ? MICROSECOND.negate() : MICROSECOND);
    RexNode finite =
        time.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
            ? rex.makeTimestampLiteral(FINITE, 0)
            : rex.makeTimestampWithLocalTimeZoneLiteral(FINITE, 0);
    List<RexNode> terms = new ArrayList<>();
    terms.add(rex.makeCall(SqlStdOperatorTable.NOT_EQUALS, time, other));
    terms.add(
        rex.makeCall(
            positive ? SqlStdOperatorTable.LESS_THAN : SqlStdOperatorTable.GREATER_THAN,
            time,
            finite));
    return rex.makeCall(SqlStdOperatorTable.OR, terms);
  }
}
