package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Nearest;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.schema.TimeFunctions;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/**
 * Gives expressions the meaning they have in a session: wall clocks and calendar fields are those
 * of the session zone, constants of time become instants, and the clock becomes a parameter of the
 * statement.
 *
 * <p>Storages always work in UTC, so what depends on the zone is said explicitly in the statement.
 */
final class SessionRules extends RexShuttle {
  private static final Set<String> NICHE_UNITS =
      Set.of("HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND");

  /** Under the name that every storage knows. */
  private static final ZoneId UTC = ZoneId.of("UTC");

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
  private final ZoneId zone;
  private final boolean utc;
  private final List<ParameterSource> sources;

  /**
   * Rules for one statement.
   *
   * @param sources the user's parameters; the clock is added behind them when it is used
   */
  SessionRules(RexBuilder builder, ZoneId zone, List<ParameterSource> sources) {
    this.builder = builder;
    this.zone = zone;
    this.utc = zone.equals(ZoneOffset.UTC) || zone.getRules().equals(ZoneOffset.UTC.getRules());
    this.sources = sources;
  }

  /** The expression with all of this applied, sub-queries included. */
  RelNode apply(RelNode rel) {
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return super.visit(other).accept(SessionRules.this);
          }
        });
  }

  @Override
  public RexNode visitSubQuery(RexSubQuery subQuery) {
    RexSubQuery visited = (RexSubQuery) super.visitSubQuery(subQuery);
    return visited.clone(apply(visited.rel));
  }

  @Override
  public RexNode visitCall(RexCall call) {
    RexNode visited = super.visitCall(call);
    if (!(visited instanceof RexCall)) {
      return visited;
    }
    RexCall current = (RexCall) visited;
    SqlOperator operator = current.getOperator();
    if (current.getOperands().isEmpty() && CLOCKS.contains(operator.getName())) {
      return clock(current.getType());
    } else if (operator == TimeFunctions.DATE_TRUNC) {
      return dateTrunc(current);
    } else if (operator == TimeFunctions.DATE_PART) {
      return datePart(current);
    } else if (operator == TimeFunctions.TIME_BUCKET) {
      return timeBucket(current);
    }
    switch (current.getKind()) {
      case CAST:
      case SAFE_CAST:
        return cast(current);
      case EXTRACT:
        return inZone(current, 1);
      case EQUALS:
      case NOT_EQUALS:
      case LESS_THAN:
      case LESS_THAN_OR_EQUAL:
      case GREATER_THAN:
      case GREATER_THAN_OR_EQUAL:
      case IS_DISTINCT_FROM:
      case IS_NOT_DISTINCT_FROM:
        return comparison(current);
      case FLOOR:
      case CEIL:
        return current.getOperands().size() == 2 ? floorOrCeil(current) : current;
      default:
        return calendarFunction(current);
    }
  }

  /** An instant is compared with the instant that the other side is in the session zone. */
  private RexNode comparison(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (operands.size() != 2 || isInstant(operands.get(0)) == isInstant(operands.get(1))) {
      return call;
    }
    List<RexNode> instants = new ArrayList<>();
    for (RexNode operand : operands) {
      SqlTypeName type = operand.getType().getSqlTypeName();
      instants.add(
          type == SqlTypeName.TIMESTAMP || type == SqlTypeName.DATE
              ? toInstant(operand, zone)
              : operand);
    }
    return builder.makeCall(call.getType(), call.getOperator(), instants);
  }

  /** The clock as an instant, or as what it shows in the session zone. */
  private RexNode clock(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return clock();
      case TIMESTAMP:
        return atZone(clock(), zone);
      default:
        return builder.makeAbstractCast(type, atZone(clock(), zone), false);
    }
  }

  private RexNode clock() {
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i) instanceof ParameterSource.StatementTime) {
        return builder.makeDynamicParam(TimeFunctions.instant(builder.getTypeFactory(), false), i);
      }
    }
    sources.add(new ParameterSource.StatementTime(ColumnType.INSTANT));
    return builder.makeDynamicParam(
        TimeFunctions.instant(builder.getTypeFactory(), false), sources.size() - 1);
  }

  private static boolean isInstant(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private RexNode zoneLiteral(ZoneId id) {
    return builder.makeLiteral(id.getId());
  }

  private RexNode atZone(RexNode instant, ZoneId id) {
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

  private static boolean isUtc(ZoneId id) {
    return id.getRules().equals(ZoneOffset.UTC.getRules());
  }

  /** The fixed offset of a zone as an interval; storages know zones by name, not every offset. */
  private RexNode offset(ZoneId id, int sign) {
    int seconds = id.getRules().getOffset(java.time.Instant.EPOCH).getTotalSeconds();
    return builder.makeIntervalLiteral(
        java.math.BigDecimal.valueOf(sign * seconds * 1000L), SECONDS);
  }

  private RexNode toInstant(RexNode wallClock, ZoneId id) {
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

  private static boolean canBeConstant(java.time.Instant instant) {
    return Instants.canBeConstant(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  private RexNode instantLiteral(java.time.Instant instant) {
    if (!canBeConstant(instant)) {
      throw new DataNodeException(
          SqlState.DATETIME_OVERFLOW,
          "The instant " + instant + " is outside the years 0001 to 9999 that a constant can have");
    }
    LocalDateTime utcClock = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    return builder.makeTimestampWithLocalTimeZoneLiteral(
        Instants.string(utcClock), utcClock.getNano() % 1000 == 0 ? 6 : 9);
  }

  private static @Nullable LocalDateTime localDateTime(RexLiteral literal) {
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

  private RexNode cast(RexCall call) {
    RexNode operand = call.getOperands().get(0);
    SqlTypeName from = operand.getType().getSqlTypeName();
    SqlTypeName to = call.getType().getSqlTypeName();
    boolean orNull = call.getKind() == SqlKind.SAFE_CAST;
    if (from == to && from == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
      return call;
    }
    if (to == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
      if (SqlTypeFamily.CHARACTER.getTypeNames().contains(from)) {
        return parseInstant(operand, call.getType(), orNull);
      }
      if (from == SqlTypeName.TIMESTAMP || from == SqlTypeName.DATE) {
        return utc && !(operand instanceof RexLiteral) ? call : toInstant(operand, zone);
      }
      return call;
    }
    if (from == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
      if (SqlTypeFamily.CHARACTER.getTypeNames().contains(to)) {
        if (utc) {
          return call;
        }
        RelDataType varchar =
            builder
                .getTypeFactory()
                .createTypeWithNullability(
                    builder.getTypeFactory().createSqlType(SqlTypeName.VARCHAR),
                    operand.getType().isNullable());
        RexNode text =
            zone.getRules().isFixedOffset()
                ? offsetText(operand, varchar)
                : builder.makeCall(
                    varchar, TimeFunctions.INSTANT_TEXT, List.of(operand, zoneLiteral(zone)));
        return builder.makeAbstractCast(call.getType(), text, orNull);
      }
      if (to == SqlTypeName.TIMESTAMP) {
        return utc ? call : atZone(operand, zone);
      }
      if (to == SqlTypeName.DATE || to == SqlTypeName.TIME) {
        return utc ? call : builder.makeAbstractCast(call.getType(), atZone(operand, zone), orNull);
      }
    }
    if (operand instanceof RexLiteral
        && SqlTypeUtil.isExactNumeric(operand.getType())
        && SqlTypeUtil.isNumeric(call.getType())) {
      return numeric(call, (RexLiteral) operand);
    }
    if (SqlTypeFamily.CHARACTER.getTypeNames().contains(from)
        && operand instanceof RexLiteral
        && !orNull) {
      return constant(call, (RexLiteral) operand);
    }
    return call;
  }

  /** An instant as text in a session zone that is a fixed offset. */
  private RexNode offsetText(RexNode instant, RelDataType varchar) {
    String offset = zone.getRules().getOffset(java.time.Instant.EPOCH).getId();
    return builder.makeCall(
        varchar,
        SqlStdOperatorTable.CONCAT,
        List.of(
            builder.makeAbstractCast(varchar, atZone(instant, zone), false),
            builder.makeLiteral(offset.endsWith(":00") ? offset.substring(0, 3) : offset)));
  }

  /** A numeric constant of another type, where nothing is lost. */
  private RexNode numeric(RexCall call, RexLiteral literal) {
    java.math.BigDecimal value = literal.getValueAs(java.math.BigDecimal.class);
    RelDataType type = call.getType();
    if (value == null) {
      return call;
    }
    switch (type.getSqlTypeName()) {
      case DOUBLE:
        return builder.makeApproxLiteral(value, type);
      case INTEGER:
      case BIGINT:
        boolean fits =
            value.stripTrailingZeros().scale() <= 0
                && value.precision() - value.scale() < type.getPrecision();
        return fits ? builder.makeExactLiteral(value, type) : call;
      default:
        return call;
    }
  }

  /**
   * Text constants are checked now, so that the error names the text and not the storage's view of
   * it.
   */
  private RexNode constant(RexCall call, RexLiteral literal) {
    NlsString value = literal.getValueAs(NlsString.class);
    if (value == null) {
      return call;
    }
    String text = value.getValue().strip();
    switch (call.getType().getSqlTypeName()) {
      case DATE:
        return builder.makeDateLiteral(new DateString(Instants.parseDate(text).toString()));
      case TIMESTAMP:
        return builder.makeTimestampLiteral(
            Instants.string(Instants.parseWallClock(text, zone)), 6);
      default:
        return call;
    }
  }

  private RexNode parseInstant(RexNode operand, RelDataType type, boolean orNull) {
    if (operand instanceof RexLiteral && !((RexLiteral) operand).isNull() && !orNull) {
      NlsString value = ((RexLiteral) operand).getValueAs(NlsString.class);
      if (value != null) {
        return instantLiteral(Instants.parse(value.getValue(), zone));
      }
    }
    return builder.makeCall(
        type,
        orNull ? TimeFunctions.TRY_PARSE_INSTANT : TimeFunctions.PARSE_INSTANT,
        zone.getRules().isFixedOffset() && !utc
            ? List.of(operand, zoneLiteral(UTC), offset(zone, 1))
            : List.of(operand, zoneLiteral(utc ? UTC : zone)));
  }

  /** A function of calendar fields on an instant reads them in the session zone. */
  private RexNode inZone(RexCall call, int argument) {
    RexNode time = call.getOperands().get(argument);
    if (utc || !isInstant(time) || isEpoch(call)) {
      return call;
    }
    List<RexNode> operands = new ArrayList<>(call.getOperands());
    operands.set(argument, atZone(time, zone));
    return builder.makeCall(call.getType(), call.getOperator(), operands);
  }

  private static boolean isEpoch(RexCall call) {
    return call.getKind() == SqlKind.EXTRACT
        && call.getOperands().get(0) instanceof RexLiteral
        && ((RexLiteral) call.getOperands().get(0)).getValue() == TimeUnitRange.EPOCH;
  }

  private RexNode calendarFunction(RexCall call) {
    switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "DAYOFWEEK":
      case "DAYNAME":
      case "MONTHNAME":
      case "LAST_DAY":
      case "STRFTIME":
        return inZone(call, 0);
      case "TIMESTAMPADD":
        return timestampAdd(call);
      default:
        return monthArithmetic(call);
    }
  }

  private RexNode timestampAdd(RexCall call) {
    RexNode time = call.getOperands().get(2);
    String unit = String.valueOf(RexLiteral.stringValue(call.getOperands().get(0)));
    if (utc || !isInstant(time) || NICHE_UNITS.contains(unit)) {
      return call;
    }
    List<RexNode> operands = new ArrayList<>(call.getOperands());
    RexNode local = atZone(time, zone);
    operands.set(2, local);
    return toInstant(builder.makeCall(local.getType(), call.getOperator(), operands), zone);
  }

  /** An instant plus months keeps the wall clock of the session zone. */
  private RexNode monthArithmetic(RexCall call) {
    boolean sum = call.isA(SqlKind.PLUS) || call.isA(SqlKind.MINUS);
    if (utc || !sum || call.getOperands().size() != 2 || !isInstant(call)) {
      return call;
    }
    RexNode time = call.getOperands().get(0);
    RexNode step = call.getOperands().get(1);
    if (!isInstant(time)
        || !SqlTypeName.YEAR_INTERVAL_TYPES.contains(step.getType().getSqlTypeName())) {
      return call;
    }
    RexNode local = atZone(time, zone);
    return toInstant(
        builder.makeCall(local.getType(), call.getOperator(), List.of(local, step)), zone);
  }

  private RexNode floorOrCeil(RexCall call) {
    RexNode time = call.getOperands().get(0);
    if (utc || !isInstant(time)) {
      return call;
    }
    Object unit = ((RexLiteral) call.getOperands().get(1)).getValue();
    return truncated(time, String.valueOf(unit), zone, call.getOperator());
  }

  private RexNode truncated(RexNode time, String unit, ZoneId id, SqlOperator operator) {
    TimeUnitRange range = TimeUnitRange.valueOf(unit);
    RexNode local = atZone(time, id);
    RexNode cut =
        builder.makeCall(local.getType(), operator, List.of(local, builder.makeFlag(range)));
    if (NICHE_UNITS.contains(unit) && !id.getRules().isFixedOffset()) {
      // What lies between the wall clock and its start is cut off the instant itself, so that an
      // hour
      // that occurs twice when summer time ends stays two hours.
      RexNode rest =
          builder.makeCall(
              builder.getTypeFactory().createSqlIntervalType(SECONDS),
              SqlStdOperatorTable.MINUS_DATE,
              List.of(local, cut));
      // Of an infinite time nothing is cut off.
      RexNode none = builder.makeIntervalLiteral(java.math.BigDecimal.ZERO, SECONDS);
      RexNode finite =
          builder.makeCall(rest.getType(), SqlStdOperatorTable.COALESCE, List.of(rest, none));
      return builder.makeCall(
          time.getType(), SqlStdOperatorTable.MINUS_DATE, List.of(time, finite));
    }
    return toInstant(cut, id);
  }

  private RexNode dateTrunc(RexCall call) {
    List<RexNode> operands = call.getOperands();
    String unit = unit(operands.get(0), "DATE_TRUNC");
    RexNode time = operands.get(1);
    RexNode flag = builder.makeFlag(TimeUnitRange.valueOf(unit));
    ZoneId id = operands.size() > 2 ? zone(operands.get(2)) : zone;
    boolean plain = id.getRules().equals(ZoneOffset.UTC.getRules());
    if (isInstant(time) && !plain) {
      return truncated(time, unit, id, SqlStdOperatorTable.FLOOR);
    }
    return builder.makeCall(call.getType(), SqlStdOperatorTable.FLOOR, List.of(time, flag));
  }

  private RexNode datePart(RexCall call) {
    String unit = unit(call.getOperands().get(0), "DATE_PART");
    RexCall extract =
        (RexCall)
            builder.makeCall(
                call.getType(),
                SqlStdOperatorTable.EXTRACT,
                List.of(builder.makeFlag(TimeUnitRange.valueOf(unit)), call.getOperands().get(1)));
    return inZone(extract, 1);
  }

  private RexNode timeBucket(RexCall call) {
    List<RexNode> operands = call.getOperands();
    RexNode width = operands.get(0);
    RexNode time = operands.get(1);
    if (width instanceof RexLiteral) {
      java.math.BigDecimal size = ((RexLiteral) width).getValueAs(java.math.BigDecimal.class);
      if (size != null && size.signum() <= 0) {
        throw new DataNodeException(
            SqlState.INVALID_PARAMETER,
            "TIME_BUCKET needs a width greater than zero, for example INTERVAL '5' MINUTE");
      }
    }
    boolean hasZone =
        operands.size() > 2 && SqlTypeFamily.CHARACTER.contains(operands.get(2).getType());
    ZoneId id = hasZone ? zone(operands.get(2)) : zone;
    if (!isInstant(time) || id.getRules().equals(ZoneOffset.UTC.getRules())) {
      return hasZone
          ? builder.makeCall(call.getType(), call.getOperator(), operands.subList(0, 2))
          : call;
    }
    if (operands.size() > 2 && !hasZone) {
      return call;
    }
    boolean calendar =
        SqlTypeUtil.isInterval(width.getType())
            && (SqlTypeName.YEAR_INTERVAL_TYPES.contains(width.getType().getSqlTypeName())
                || width.getType().getIntervalQualifier().getStartUnit() == TimeUnit.DAY);
    if (!calendar) {
      return hasZone
          ? builder.makeCall(call.getType(), call.getOperator(), operands.subList(0, 2))
          : call;
    }
    RexNode local = atZone(time, id);
    return toInstant(
        builder.makeCall(local.getType(), call.getOperator(), List.of(width, local)), id);
  }

  private static String unit(RexNode node, String function) {
    String text = node instanceof RexLiteral ? RexLiteral.stringValue(node) : null;
    if (text == null) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          function + " needs its unit as a constant, for example 'month'");
    }
    String unit = text.strip().toUpperCase(Locale.ROOT);
    Set<String> known = new TreeSet<>();
    for (TimeUnitRange range : TimeUnitRange.values()) {
      if (range.endUnit == null) {
        known.add(range.name());
      }
    }
    String singular = unit.endsWith("S") ? unit.substring(0, unit.length() - 1) : unit;
    if (known.contains(unit)) {
      return unit;
    }
    if (known.contains(singular)) {
      return singular;
    }
    throw new DataNodeException(
        SqlState.INVALID_PARAMETER,
        "'"
            + text
            + "' is no unit of time"
            + Nearest.to(text, known).map(close -> "; did you mean " + close + "?").orElse(""));
  }

  private static ZoneId zone(RexNode node) {
    String text = node instanceof RexLiteral ? RexLiteral.stringValue(node) : null;
    if (text == null) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "A time zone must be a constant, for example 'Europe/Zurich'");
    }
    try {
      return ZoneId.of(text.strip());
    } catch (DateTimeException e) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "'"
              + text
              + "' is no time zone; expected an IANA name such as Europe/Zurich or an offset",
          e);
    }
  }
}
