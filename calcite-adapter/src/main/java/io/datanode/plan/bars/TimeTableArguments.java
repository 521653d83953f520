package io.datanode.plan.bars;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.ParsedSqlException;
import io.datanode.plan.TimeText;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * The constant arguments of a table function over time.
 *
 * @param pos where the call is written
 * @param width of a bucket, or from one step of a grid to the next
 * @param closedRight true if a bucket holds its end and not its start
 * @param labelRight true if a bucket is named by its end
 * @param session the time of day at which buckets begin anew, or null
 * @param origin where a bucket begins, or null
 * @param zone whose clocks count, or null for those of the session
 * @param fill what a row of a grid holds that has none of its own
 * @param start of a grid; null for the first row of each series
 * @param end of a grid, which it may hold; null for the last row of each series
 */
record TimeTableArguments(
    SqlParserPos pos,
    Width width,
    boolean closedRight,
    boolean labelRight,
    @Nullable LocalTime session,
    TimeText.@Nullable Parsed origin,
    @Nullable ZoneId zone,
    Fill fill,
    @Nullable Bound start,
    @Nullable Bound end) {

  /**
   * A length of time.
   *
   * @param months 0 for a length in milliseconds
   * @param calendar true if it is counted on clocks and calendars: months and days, not hours
   */
  record Width(int months, long milliseconds, boolean calendar) {
    static final long DAY = 86_400_000L;

    boolean wholeDays() {
      return months > 0 || milliseconds % DAY == 0;
    }
  }

  /**
   * An end of a grid.
   *
   * @param constant null if it is an expression
   * @param operand which operand of the call is the expression
   */
  record Bound(TimeText.@Nullable Parsed constant, int operand) {}

  /**
   * What fills a gap.
   *
   * @param constant the number for numbers; null if {@code way} is another
   */
  record Fill(Way way, @Nullable BigDecimal constant) {
    enum Way {
      NULL,
      PREVIOUS,
      LINEAR,
      CONSTANT
    }
  }

  /**
   * Sees that the arguments fit the time column.
   *
   * @throws DataNodeException 42804 or 22023 if they do not
   */
  void check(String column, RelDataType type) {
    if (!TimeTable.isTime(type)) {
      throw error(
          SqlState.DATATYPE_MISMATCH,
          "Column '" + column + "' is no date, timestamp or instant but " + type);
    }
    boolean instant = type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
    if (zone != null && !instant) {
      throw error(
          SqlState.DATATYPE_MISMATCH,
          "zone is for instants; column '" + column + "' of type " + type + " has no zone");
    }
    if (SqlTypeUtil.isDate(type) && (!width.wholeDays() || session != null)) {
      throw error(
          SqlState.INVALID_PARAMETER,
          "Column '" + column + "' holds dates, which have no buckets shorter than a day");
    }
    if (type.getPrecision() > 6 && closedRight) {
      throw error(
          SqlState.NOT_SUPPORTED,
          "Column '"
              + column
              + "' has nanoseconds; buckets that hold their end take times to the microsecond, so"
              + " cast it to TIMESTAMP(6)");
    }
    if (width.months() > 0 && (session != null || !atStartOfMonth())) {
      throw error(
          SqlState.INVALID_PARAMETER,
          "Buckets of months begin on the first of a month at midnight; the origin is another");
    }
  }

  private boolean atStartOfMonth() {
    return origin == null
        || (origin.local().toLocalTime().equals(LocalTime.MIDNIGHT)
            && origin.local().getDayOfMonth() == 1);
  }

  /** The origin as the clocks of a zone show it. */
  @Nullable LocalDateTime localOrigin(ZoneId id) {
    return origin == null || origin.zone().isEmpty()
        ? origin == null ? null : origin.local()
        : LocalDateTime.ofInstant(origin.instant(id), id);
  }

  DataNodeException error(SqlState state, String message) {
    return new ParsedSqlException(state, message, pos);
  }
}
