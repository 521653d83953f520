package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Instants as what the clocks of a zone show, and back. */
public final class WallClocks {
  private static final SqlIntervalQualifier SECONDS =
      new SqlIntervalQualifier(TimeUnit.SECOND, null, SqlParserPos.ZERO);

  private static final Set<String> CLOCKS =
      Set.of(
          "CURRENT_TIMESTAMP",
          "NOW",
          "LOCALTIMESTAMP",
          "CURRENT_DATE",
          "CURRENT_TIME",
          "LOCALTIME");

  private final RexBuilder builder;

  /** Of the expressions that this makes. */
  public WallClocks(RexBuilder builder) {
    this.builder = builder;
  }

  /** True for a name that stands for the time of a statement, in any case. */
  public static boolean isClock(String name) {
    return CLOCKS.contains(name.toUpperCase(Locale.ROOT));
  }

  /** True for a point in time rather than what a clock shows. */
  public static boolean isInstant(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  RexNode zoneLiteral(ZoneId id) {
    return builder.makeLiteral(id.getId());
  }

  /** What the clocks of a zone show at an instant. */
  public RexNode atZone(RexNode instant, ZoneId id) {
    RelDataType type =
        builder
            .getTypeFactory()
            .createTypeWithNullability(
                builder.getTypeFactory().createSqlType(SqlTypeName.TIMESTAMP, 6),
                instant.getType().isNullable());
    if (instant instanceof RexLiteral && !((RexLiteral) instant).isNull()) {
      TimestampString text = ((RexLiteral) instant).getValueAs(TimestampString.class);
      if (text != null) {
        LocalDateTime local = Instants.wallClock(Instants.utc(text), id);
        if (Instants.canBeConstant(local)) {
          return builder.makeTimestampLiteral(Instants.string(local), 6);
        }
      }
    }
    if (id.getRules().isFixedOffset()) {
      RexNode utcClock = builder.makeAbstractCast(type, instant, false);
      return isUtc(id)
          ? utcClock
          : builder.makeCall(
              type, SqlStdOperatorTable.DATETIME_PLUS, List.of(utcClock, offset(id, 1)));
    }
    return builder.makeCall(type, TimeFunctions.AT_ZONE, List.of(instant, zoneLiteral(id)));
  }

  /** True if the clocks of a zone always show UTC. */
  public static boolean isUtc(ZoneId id) {
    return id.getRules().equals(ZoneOffset.UTC.getRules());
  }

  /** The fixed offset of a zone as an interval; storages know zones by name, not every offset. */
  RexNode offset(ZoneId id, int sign) {
    int seconds = id.getRules().getOffset(Instant.EPOCH).getTotalSeconds();
    return builder.makeIntervalLiteral(BigDecimal.valueOf(sign * seconds * 1000L), SECONDS);
  }

  /** When the clocks of a zone show a date or a timestamp. */
  public RexNode toInstant(RexNode wallClock, ZoneId id) {
    if (wallClock instanceof RexLiteral && !((RexLiteral) wallClock).isNull()) {
      LocalDateTime local = localDateTime((RexLiteral) wallClock);
      if (local != null && canBeConstant(Instants.at(local, id))) {
        return instantLiteral(Instants.at(local, id));
      }
    }
    RexNode timestamp =
        wallClock.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
            ? wallClock
            : builder.makeAbstractCast(
                builder
                    .getTypeFactory()
                    .createTypeWithNullability(
                        builder.getTypeFactory().createSqlType(SqlTypeName.TIMESTAMP, 6),
                        wallClock.getType().isNullable()),
                wallClock,
                false);
    if (id.getRules().isFixedOffset()) {
      RexNode utcClock =
          isUtc(id)
              ? timestamp
              : builder.makeCall(
                  timestamp.getType(),
                  SqlStdOperatorTable.DATETIME_PLUS,
                  List.of(timestamp, offset(id, -1)));
      return builder.makeAbstractCast(
          TimeFunctions.instant(builder.getTypeFactory(), wallClock.getType().isNullable()),
          utcClock,
          false);
    }
    return builder.makeCall(
        TimeFunctions.instant(builder.getTypeFactory(), wallClock.getType().isNullable()),
        TimeFunctions.TO_INSTANT,
        List.of(timestamp, zoneLiteral(id)));
  }

  /**
   * When the clocks of a zone first show the start of a day, or of something longer.
   *
   * @param start the time of day at which it begins
   */
  public RexNode firstInstant(RexNode wallClock, ZoneId id, LocalTime start) {
    RexNode last = toInstant(wallClock, id);
    RexNode first = last;
    for (Map.Entry<Duration, LocalDateTime> repeat : MovedStarts.repeats(id, start).entrySet()) {
      RexNode earlier =
          builder.makeCall(
              last.getType(),
              SqlStdOperatorTable.MINUS_DATE,
              List.of(
                  last,
                  builder.makeIntervalLiteral(
                      BigDecimal.valueOf(repeat.getKey().toMillis()), SECONDS)));
      RexNode shown = builder.makeCall(SqlStdOperatorTable.EQUALS, atZone(earlier, id), wallClock);
      if (!repeat.getValue().equals(LocalDateTime.MAX)) {
        // Mostly all rows are later, and are spared the conversion.
        RexNode early =
            builder.makeCall(
                SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
                wallClock,
                builder.makeTimestampLiteral(Instants.string(repeat.getValue()), 6));
        shown = builder.makeCall(SqlStdOperatorTable.AND, early, shown);
      }
      first =
          builder.makeCall(
              last.getType(), SqlStdOperatorTable.CASE, List.of(shown, earlier, first));
    }
    return first;
  }

  private static boolean canBeConstant(Instant instant) {
    return Instants.canBeConstant(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  /**
   * A constant.
   *
   * @throws DataNodeException 22008 if its year has more than four digits
   */
  public RexNode instantLiteral(Instant instant) {
    if (!canBeConstant(instant)) {
      throw new DataNodeException(
          SqlState.DATETIME_OVERFLOW,
          "The instant " + instant + " is outside the years 0001 to 9999 that a constant can have");
    }
    LocalDateTime utcClock = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    return builder.makeTimestampWithLocalTimeZoneLiteral(
        Instants.string(utcClock), utcClock.getNano() % 1000 == 0 ? 6 : 9);
  }

  /** What a clock shows that is a constant; null if it is none. */
  static @Nullable LocalDateTime localDateTime(RexLiteral literal) {
    switch (literal.getType().getSqlTypeName()) {
      case TIMESTAMP:
        TimestampString timestamp = literal.getValueAs(TimestampString.class);
        return timestamp == null ? null : Instants.local(timestamp);
      case DATE:
        DateString date = literal.getValueAs(DateString.class);
        return date == null ? null : LocalDate.parse(date.toString()).atStartOfDay();
      default:
        return null;
    }
  }
}
