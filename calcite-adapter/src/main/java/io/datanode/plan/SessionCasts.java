package io.datanode.plan;

import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;

/**
 * Casts to and from times, which read and show the clock of the session zone; casts of constants
 * are done while planning.
 */
final class SessionCasts {
  /** Under the name that every storage knows. */
  private static final ZoneId UTC = ZoneId.of("UTC");

  private final RexBuilder builder;
  private final WallClocks clocks;
  private final ZoneId zone;
  private final boolean utc;

  SessionCasts(RexBuilder builder, WallClocks clocks, ZoneId zone) {
    this.builder = builder;
    this.clocks = clocks;
    this.zone = zone;
    this.utc = WallClocks.isUtc(zone);
  }

  /** The cast as it is meant in the session. */
  RexNode rewrite(RexCall call) {
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
        return utc && !(operand instanceof RexLiteral) ? call : clocks.toInstant(operand, zone);
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
                    varchar,
                    TimeFunctions.INSTANT_TEXT,
                    List.of(operand, clocks.zoneLiteral(zone)));
        return builder.makeAbstractCast(call.getType(), text, orNull);
      }
      if (to == SqlTypeName.TIMESTAMP) {
        return utc ? call : clocks.atZone(operand, zone);
      }
      if (to == SqlTypeName.DATE || to == SqlTypeName.TIME) {
        return utc
            ? call
            : builder.makeAbstractCast(call.getType(), clocks.atZone(operand, zone), orNull);
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
    String offset = zone.getRules().getOffset(Instant.EPOCH).getId();
    return builder.makeCall(
        varchar,
        SqlStdOperatorTable.CONCAT,
        List.of(
            builder.makeAbstractCast(varchar, clocks.atZone(instant, zone), false),
            builder.makeLiteral(offset.endsWith(":00") ? offset.substring(0, 3) : offset)));
  }

  /** A numeric constant of another type, where nothing is lost. */
  private RexNode numeric(RexCall call, RexLiteral literal) {
    BigDecimal value = literal.getValueAs(BigDecimal.class);
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
            Instants.string(Instants.parseWallClock(text, zone)),
            Math.max(6, call.getType().getPrecision()));
      default:
        return call;
    }
  }

  private RexNode parseInstant(RexNode operand, RelDataType type, boolean orNull) {
    if (operand instanceof RexLiteral && !((RexLiteral) operand).isNull() && !orNull) {
      NlsString value = ((RexLiteral) operand).getValueAs(NlsString.class);
      if (value != null) {
        return clocks.instantLiteral(Instants.parse(value.getValue(), zone));
      }
    }
    return builder.makeCall(
        type,
        orNull ? TimeFunctions.TRY_PARSE_INSTANT : TimeFunctions.PARSE_INSTANT,
        zone.getRules().isFixedOffset() && !utc
            ? List.of(operand, clocks.zoneLiteral(UTC), clocks.offset(zone, 1))
            : List.of(operand, clocks.zoneLiteral(utc ? UTC : zone)));
  }
}
