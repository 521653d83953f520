package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.schema.SystemFunctions;
import io.datanode.schema.TimeFunctions;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Gives expressions the meaning they have in a session: wall clocks and calendar fields are those
 * of the session zone, constants of time become instants, and the clock becomes a parameter of the
 * statement.
 *
 * <p>Storages always work in UTC, so what depends on the zone is said explicitly in the statement.
 */
final class SessionRules extends ExpressionRules {
  private final RexBuilder builder;
  private final String schema;
  private final ZoneId zone;
  private final List<ParameterSource> sources;
  private final WallClocks clocks;
  private final SessionCasts casts;
  private final CalendarFunctions calendar;

  /**
   * Rules for one statement.
   *
   * @param schema of names without one
   * @param sources the user's parameters; the clock is added behind them when it is used
   */
  SessionRules(RexBuilder builder, String schema, ZoneId zone, List<ParameterSource> sources) {
    this.builder = builder;
    this.schema = schema;
    this.zone = zone;
    this.sources = sources;
    this.clocks = new WallClocks(builder);
    this.casts = new SessionCasts(builder, clocks, zone);
    this.calendar = new CalendarFunctions(builder, clocks, zone);
  }

  @Override
  public RexNode visitCall(RexCall call) {
    RexNode visited = super.visitCall(call);
    if (!(visited instanceof RexCall)) {
      return visited;
    }
    RexCall current = (RexCall) visited;
    if (WallClocks.isClock(current.getOperator().getName())) {
      return clock(current.getType());
    }
    String told =
        current.getOperands().isEmpty()
            ? SystemFunctions.value(current.getOperator().getName(), schema)
            : null;
    if (told != null) {
      return builder.makeLiteral(told, current.getType(), true);
    }
    switch (current.getKind()) {
      case CAST:
      case SAFE_CAST:
        return casts.rewrite(current);
      case EQUALS:
      case NOT_EQUALS:
      case LESS_THAN:
      case LESS_THAN_OR_EQUAL:
      case GREATER_THAN:
      case GREATER_THAN_OR_EQUAL:
      case IS_DISTINCT_FROM:
      case IS_NOT_DISTINCT_FROM:
        return comparison(current);
      default:
        return calendar.rewrite(current);
    }
  }

  /** An instant is compared with the instant that the other side is in the session zone. */
  private RexNode comparison(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (operands.size() != 2
        || WallClocks.isInstant(operands.get(0)) == WallClocks.isInstant(operands.get(1))) {
      return call;
    }
    List<RexNode> instants = new ArrayList<>();
    for (RexNode operand : operands) {
      SqlTypeName type = operand.getType().getSqlTypeName();
      instants.add(
          type == SqlTypeName.TIMESTAMP || type == SqlTypeName.DATE
              ? clocks.toInstant(operand, zone)
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
        return clocks.atZone(clock(), zone);
      default:
        return builder.makeAbstractCast(type, clocks.atZone(clock(), zone), false);
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
}
