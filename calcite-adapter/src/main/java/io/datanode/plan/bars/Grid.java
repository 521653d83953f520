package io.datanode.plan.bars;

import io.datanode.plan.Instants;
import io.datanode.plan.TimeText;
import io.datanode.plan.WallClocks;
import io.datanode.plan.bars.TimeTableArguments.Bound;
import io.datanode.plan.bars.TimeTableArguments.Fill;
import io.datanode.schema.TimeFunctions;
import io.datanode.storage.sql.GridSteps;
import java.math.BigDecimal;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Each series with a row for every step from its first time to its last, as KaizenFlow's clients
 * reindex the rows of a symbol; rows between steps are left out.
 */
final class Grid {
  private static final SqlFunction STEPS =
      SqlBasicFunction.create(GridSteps.NAME, ReturnTypes.BIGINT, OperandTypes.ANY);

  private final TimeTableArguments arguments;
  private final RelNode input;
  private final int time;
  private final List<Integer> keys;
  private final IntFunction<RexNode> expressions;
  private final ZoneId zone;
  private final RexBuilder rex;
  private final RelBuilder rel;
  private final WallClocks clocks;

  /**
   * A grid.
   *
   * @param keys columns whose values tell the series apart
   * @param expressions for operands of the call
   */
  Grid(
      RelNode input,
      int time,
      List<Integer> keys,
      TimeTableArguments arguments,
      ZoneId sessionZone,
      IntFunction<RexNode> expressions) {
    this.input = input;
    this.expressions = expressions;
    this.time = time;
    this.keys = keys;
    this.arguments = arguments;
    this.zone = arguments.zone() == null ? sessionZone : arguments.zone();
    RelOptCluster cluster = input.getCluster();
    this.rex = cluster.getRexBuilder();
    this.rel =
        RelFactories.LOGICAL_BUILDER
            .create(cluster, null)
            .transform(
                config -> config.withSimplify(false).withSimplifyValues(false).withBloat(-1));
    this.clocks = new WallClocks(rex);
  }

  /** Its rows, with the columns of the input. */
  RelNode rows() {
    RelNode timed = timed();
    RelNode points = points(timed);
    Fill.Way way = arguments.fill().way();
    RelNode joined;
    if (way == Fill.Way.PREVIOUS || way == Fill.Way.LINEAR) {
      joined = asOf(points, timed, SqlStdOperatorTable.LESS_THAN_OR_EQUAL);
      joined =
          way == Fill.Way.LINEAR
              ? asOf(joined, timed, SqlStdOperatorTable.GREATER_THAN_OR_EQUAL)
              : joined;
    } else {
      rel.push(points).push(timed);
      List<RexNode> conditions = sameKeys(points, timed);
      conditions.add(equal(label(points), rel.field(2, 1, time)));
      joined = rel.join(JoinRelType.LEFT, conditions).build();
    }
    return filled(joined);
  }

  /** Rows without time are on no grid, and those without key of no series. */
  private RelNode timed() {
    rel.push(input);
    List<RexNode> known = new ArrayList<>();
    known.add(rel.isNotNull(rel.field(time)));
    keys.forEach(key -> known.add(rel.isNotNull(rel.field(key))));
    known.removeIf(
        condition ->
            !((org.apache.calcite.rex.RexCall) condition)
                .getOperands()
                .get(0)
                .getType()
                .isNullable());
    return known.isEmpty() ? rel.build() : rel.filter(known).build();
  }

  /** The keys of each series, and the time of each of its steps behind them. */
  private RelNode points(RelNode timed) {
    rel.push(timed);
    rel.aggregate(
        rel.groupKey(ImmutableBitSet.of(keys)),
        rel.min("first", rel.field(time)),
        rel.max("last", rel.field(time)));
    List<RexNode> bounds = keyFields();
    RexNode first = bound(arguments.start(), keys.size());
    RexNode last = bound(arguments.end(), keys.size() + 1);
    bounds.add(first);
    bounds.add(last);
    bounds.add(count(first, last));
    List<String> names = new ArrayList<>();
    keys.forEach(key -> names.add("key" + names.size()));
    names.addAll(List.of("first", "last", "steps"));
    rel.project(bounds, names, true);
    rel.filter(rel.isNotNull(rel.field("steps")));
    RelNode series = rel.build();

    CorrelationId id = series.getCluster().createCorrel();
    RexNode steps = rex.makeFieldAccess(rex.makeCorrel(series.getRowType(), id), keys.size() + 2);
    RelDataType numbers = types().createArrayType(types().createSqlType(SqlTypeName.BIGINT), -1);
    RelNode list =
        rel.values(new String[] {"one"}, true)
            .project(List.of(rex.makeCall(numbers, STEPS, List.of(steps))), List.of("step"), true)
            .build();
    rel.push(series)
        .push(Uncollect.create(list.getTraitSet(), list, false, List.of()))
        .correlate(JoinRelType.INNER, id, List.of(rel.field(2, 0, keys.size() + 2)));
    RexNode label = later(rel.field(keys.size()), rel.field(keys.size() + 3));
    rel.filter(
        rex.makeCall(SqlStdOperatorTable.LESS_THAN_OR_EQUAL, label, rel.field(keys.size() + 1)));
    List<RexNode> columns = keyFields();
    columns.add(label);
    List<String> labels = new ArrayList<>(names.subList(0, keys.size()));
    labels.add("label");
    return rel.project(columns, labels, true).build();
  }

  private List<RexNode> keyFields() {
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      fields.add(rel.field(i));
    }
    return fields;
  }

  private RexNode bound(@Nullable Bound given, int column) {
    RexNode own = rel.field(column);
    return given == null ? own : rex.makeAbstractCast(own.getType(), bound(given, own), false);
  }

  /** What an end is, on the clocks of the zone if it has none of its own. */
  private RexNode bound(Bound given, RexNode own) {
    boolean instant = WallClocks.isInstant(own);
    TimeText.Parsed constant = given.constant();
    if (constant != null) {
      return instant
          ? clocks.instantLiteral(constant.instant(zone))
          : rex.makeTimestampLiteral(Instants.string(constant.local()), 6);
    }
    RexNode expression = expressions.apply(given.operand());
    return instant && !WallClocks.isInstant(expression)
        ? clocks.toInstant(
            rex.makeAbstractCast(
                types().createSqlType(SqlTypeName.TIMESTAMP, 6), expression, false),
            zone)
        : expression;
  }

  /** So many steps that none is missing; clocks may show one more or less than there are. */
  private RexNode count(RexNode first, RexNode last) {
    TimeTableArguments.Width width = arguments.width();
    String unit = width.months() > 0 ? "MONTH" : width.calendar() ? "DAY" : "MICROSECOND";
    long size =
        width.months() > 0
            ? width.months()
            : width.calendar() && width.wholeDays()
                ? width.milliseconds() / TimeTableArguments.Width.DAY
                : width.milliseconds() * 1000;
    if (width.calendar() && !width.wholeDays()) {
      unit = "MICROSECOND";
    }
    RelDataType whole =
        types().createTypeWithNullability(types().createSqlType(SqlTypeName.BIGINT), true);
    RexNode units =
        rex.makeCall(
            whole,
            TimeFunctions.TIMESTAMP_DIFF,
            List.of(rex.makeLiteral(unit), clock(first), clock(last)));
    RexNode steps = rex.makeCall(whole, SqlStdOperatorTable.DIVIDE, List.of(units, whole(size)));
    return width.calendar()
        ? rex.makeCall(whole, SqlStdOperatorTable.PLUS, List.of(steps, whole(1)))
        : steps;
  }

  private RexNode later(RexNode first, RexNode step) {
    TimeTableArguments.Width width = arguments.width();
    if (!width.calendar()) {
      return moved(first, "MICROSECOND", step, width.milliseconds() * 1000);
    }
    RexNode clock = clock(first);
    RexNode shown =
        width.months() > 0
            ? moved(clock, "MONTH", step, width.months())
            : width.wholeDays()
                ? moved(clock, "DAY", step, width.milliseconds() / TimeTableArguments.Width.DAY)
                : moved(clock, "MICROSECOND", step, width.milliseconds() * 1000);
    return WallClocks.isInstant(first)
        ? clocks.firstInstant(shown, zone, LocalTime.MIDNIGHT)
        : shown;
  }

  private RexNode moved(RexNode time, String unit, RexNode step, long size) {
    RexNode count =
        size == 1
            ? step
            : rex.makeCall(
                step.getType(), SqlStdOperatorTable.MULTIPLY, List.of(step, whole(size)));
    return rex.makeCall(
        types().createTypeWithNullability(time.getType(), true),
        TimeFunctions.TIMESTAMP_ADD,
        List.of(rex.makeLiteral(unit), count, time));
  }

  /** Days and months are counted on clocks, the rest in elapsed time. */
  private RexNode clock(RexNode time) {
    return arguments.width().calendar() && WallClocks.isInstant(time)
        ? clocks.atZone(time, zone)
        : time;
  }

  private RexNode label(RelNode points) {
    return rex.makeInputRef(
        points.getRowType().getFieldList().get(keys.size()).getType(), keys.size());
  }

  private List<RexNode> sameKeys(RelNode left, RelNode right) {
    List<RexNode> same = new ArrayList<>();
    int offset = left.getRowType().getFieldCount();
    for (int i = 0; i < keys.size(); i++) {
      same.add(
          equal(
              rex.makeInputRef(left, i),
              rex.makeInputRef(
                  right.getRowType().getFieldList().get(keys.get(i)).getType(),
                  offset + keys.get(i))));
    }
    return same;
  }

  private RelNode asOf(RelNode left, RelNode right, SqlOperator comparison) {
    RexNode match =
        rex.makeCall(
            comparison,
            rex.makeInputRef(
                right.getRowType().getFieldList().get(time).getType(),
                left.getRowType().getFieldCount() + time),
            label(left));
    List<RexNode> same = sameKeys(left, right);
    rel.push(left).push(right);
    RexNode condition = same.isEmpty() ? rex.makeLiteral(true) : rel.and(same);
    return rel.asofJoin(JoinRelType.LEFT_ASOF, condition, match).build();
  }

  /** The columns of the input, out of the points and what was found for each. */
  private RelNode filled(RelNode joined) {
    rel.push(joined);
    int found = keys.size() + 1;
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < input.getRowType().getFieldCount(); i++) {
      columns.add(
          i == time
              ? rel.field(keys.size())
              : keys.contains(i) ? rel.field(keys.indexOf(i)) : value(i, found));
    }
    return rel.project(columns, input.getRowType().getFieldNames(), true).build();
  }

  private RexNode value(int column, int found) {
    RexNode value = rel.field(found + column);
    boolean number = SqlTypeUtil.isNumeric(value.getType());
    Fill fill = arguments.fill();
    if (!number || fill.way() == Fill.Way.NULL || fill.way() == Fill.Way.PREVIOUS) {
      return value;
    }
    RexNode at = rel.field(found + time);
    if (fill.way() == Fill.Way.CONSTANT) {
      RexNode constant =
          rex.makeAbstractCast(value.getType(), rex.makeExactLiteral(fill.constant()), false);
      return choice(rel.isNull(at), constant, value);
    }
    return between(value, at, found + input.getRowType().getFieldCount(), column);
  }

  /** On the straight line from the row before to the row after, in the type of the column. */
  private RexNode between(RexNode before, RexNode since, int next, int column) {
    RexNode label = rel.field(keys.size());
    RelDataType number =
        types().createTypeWithNullability(types().createSqlType(SqlTypeName.DOUBLE), true);
    RexNode from = rex.makeAbstractCast(number, before, false);
    RexNode to = rex.makeAbstractCast(number, rel.field(next + column), false);
    RexNode share =
        rex.makeCall(
            number,
            SqlStdOperatorTable.DIVIDE,
            List.of(
                rex.makeAbstractCast(number, elapsed(since, label), false),
                rex.makeAbstractCast(number, elapsed(since, rel.field(next + time)), false)));
    RexNode rise =
        rex.makeCall(
            number,
            SqlStdOperatorTable.MULTIPLY,
            List.of(rex.makeCall(number, SqlStdOperatorTable.MINUS, List.of(to, from)), share));
    RexNode line = rex.makeCall(number, SqlStdOperatorTable.PLUS, List.of(from, rise));
    return choice(equal(since, label), before, rex.makeAbstractCast(before.getType(), line, false));
  }

  private RexNode elapsed(RexNode from, RexNode to) {
    RelDataType whole =
        types().createTypeWithNullability(types().createSqlType(SqlTypeName.BIGINT), true);
    return rex.makeCall(
        whole, TimeFunctions.TIMESTAMP_DIFF, List.of(rex.makeLiteral("MICROSECOND"), from, to));
  }

  private RexNode choice(RexNode condition, RexNode yes, RexNode no) {
    return rex.makeCall(
        types().createTypeWithNullability(no.getType(), true),
        SqlStdOperatorTable.CASE,
        List.of(condition, yes, no));
  }

  private RexNode equal(RexNode one, RexNode other) {
    return rex.makeCall(SqlStdOperatorTable.EQUALS, one, other);
  }

  private RexNode whole(long value) {
    return rex.makeBigintLiteral(BigDecimal.valueOf(value));
  }

  private RelDataTypeFactory types() {
    return rex.getTypeFactory();
  }
}
