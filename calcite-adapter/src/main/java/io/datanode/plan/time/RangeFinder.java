package io.datanode.plan.time;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Instants;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.schema.ColumnTypes;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.jspecify.annotations.Nullable;

/**
 * Finds the range of a time column that a comparison of a function of it allows.
 *
 * <p>A range never leaves out a row for which the comparison is true, whatever the parameters are.
 */
public final class RangeFinder {
  private static final Set<SqlKind> RANGES =
      EnumSet.of(
          SqlKind.EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL);

  private final RexBuilder builder;
  private final List<ParameterSource> sources;

  /**
   * For one statement.
   *
   * @param sources what its parameters stand for; ends that follow from them are added behind
   */
  public RangeFinder(RexBuilder builder, List<ParameterSource> sources) {
    this.builder = builder;
    this.sources = sources;
  }

  /**
   * What an expression is a function of: the column, constant or parameter if all that is done to
   * it is understood here, else the expression itself.
   */
  public static RexNode base(RexNode function) {
    return TimeExpression.of(function).map(TimeExpression::base).orElse(function);
  }

  /**
   * The range of a condition; empty if it has none, or is one already.
   *
   * @param all the terms of the conjunction that the condition is one of
   */
  public Optional<TimeRange> find(RexNode condition, List<RexNode> all) {
    if (condition.isA(SqlKind.OR)) {
      return RangeUnion.of(this, (RexCall) condition);
    }
    Optional<TimeRange> found = find(condition, false);
    return found.isPresent() ? found : withinYear(condition, all);
  }

  /** The range of a comparison, which may be one of the column itself. */
  public Optional<TimeRange> ofComparison(RexNode condition) {
    return find(condition, true);
  }

  /**
   * The range of a comparison.
   *
   * @param plain true if it may be one of the column itself
   */
  Optional<TimeRange> find(RexNode condition, boolean plain) {
    if (!(condition instanceof RexCall) || !RANGES.contains(condition.getKind())) {
      return Optional.empty();
    }
    RexCall call = (RexCall) condition;
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    SqlKind kind = call.getKind();
    if (isConstant(right)) {
      return find(left, kind, right, plain);
    }
    return isConstant(left) ? find(right, kind.reverse(), left, plain) : Optional.empty();
  }

  private Optional<TimeRange> find(
      RexNode function, SqlKind comparison, RexNode value, boolean plain) {
    if (!(function instanceof RexCall) && !(plain && TimeExpression.isTime(function))) {
      return Optional.empty();
    }
    TimeExpression column = TimeExpression.of(function).orElse(null);
    if (column == null || !(column.base() instanceof RexInputRef)) {
      return Optional.empty();
    }
    Constant constant = constant(value, column.number() != null);
    boolean infinite =
        column.number() == null && column.steps().stream().allMatch(TimeStep::keepsInfinity);
    return constant == null ? Optional.empty() : range(column, comparison, constant, infinite);
  }

  /** The range of MONTH or QUARTER of a time whose YEAR another term gives. */
  private Optional<TimeRange> withinYear(RexNode condition, List<RexNode> all) {
    PartOfYear part = PartOfYear.of(condition, all).orElse(null);
    return part == null
        ? Optional.empty()
        : range(
            part.start(), part.comparison(), new Constant(part.value(), null, List.of()), false);
  }

  private Optional<TimeRange> range(
      TimeExpression column, SqlKind comparison, Constant constant, boolean infinite) {
    Ends ends = new Ends(column, constant, ColumnTypes.fromRel(column.base().getType()));
    switch (comparison) {
      case EQUALS:
        ends.from(false);
        ends.to(true);
        break;
      case GREATER_THAN_OR_EQUAL:
        ends.from(false);
        break;
      case GREATER_THAN:
        ends.from(true);
        break;
      case LESS_THAN:
        ends.to(false);
        break;
      case LESS_THAN_OR_EQUAL:
        ends.to(true);
        break;
      default:
        return Optional.empty();
    }
    if (ends.from == null && ends.to == null) {
      return Optional.empty();
    }
    return Optional.of(
        new TimeRange(
            (RexInputRef) column.base(), ends.from, ends.to, ends.exact, infinite, ends.why()));
  }

  private static boolean isConstant(RexNode node) {
    if (node instanceof RexCall) {
      List<RexNode> operands = ((RexCall) node).getOperands();
      return !operands.isEmpty() && operands.stream().allMatch(RangeFinder::isConstant);
    }
    return node instanceof RexLiteral || node instanceof RexDynamicParam;
  }

  /** What a function is compared with: a value known now, or one that a parameter will give. */
  private record Constant(
      @Nullable Object value, @Nullable ParameterSource source, List<TimeStep> steps) {}

  private @Nullable Constant constant(RexNode node, boolean number) {
    if (number) {
      if (node instanceof RexLiteral) {
        BigDecimal value =
            SqlTypeUtil.isNumeric(node.getType())
                ? ((RexLiteral) node).getValueAs(BigDecimal.class)
                : null;
        return value == null ? null : new Constant(value, null, List.of());
      }
      return node instanceof RexDynamicParam ? parameter((RexDynamicParam) node, List.of()) : null;
    }
    TimeExpression expression = TimeExpression.of(node).orElse(null);
    if (expression == null || expression.number() != null) {
      return null;
    }
    if (expression.base() instanceof RexLiteral) {
      LocalDateTime value = TimeExpression.constant((RexLiteral) expression.base());
      return value == null ? null : new Constant(value, null, expression.steps());
    }
    return expression.base() instanceof RexDynamicParam
        ? parameter((RexDynamicParam) expression.base(), expression.steps())
        : null;
  }

  private @Nullable Constant parameter(RexDynamicParam parameter, List<TimeStep> steps) {
    ParameterSource source = sources.get(parameter.getIndex());
    switch (source.type().kind()) {
      case DATE:
      case TIMESTAMP:
      case INSTANT:
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case DECIMAL:
        return new Constant(null, source, steps);
      default:
        return null;
    }
  }

  /** The ends of one range. */
  private final class Ends {
    private final TimeExpression column;
    private final Constant constant;
    private final ColumnType type;
    private @Nullable RexNode from;
    private @Nullable RexNode to;
    private boolean exact = true;

    Ends(TimeExpression column, Constant constant, ColumnType type) {
      this.column = column;
      this.constant = constant;
      this.type = type;
    }

    void from(boolean after) {
      from = end(true, after);
    }

    void to(boolean after) {
      to = end(false, after);
    }

    String why() {
      if (exact) {
        return "the range read has an open end, and what is compared is NULL for an infinite time";
      }
      return constant.source() instanceof ParameterSource.User
          ? "the range read follows from the parameter when the statement runs"
          : "the range read may hold times for which it is not true";
    }

    private @Nullable RexNode end(boolean lower, boolean after) {
      TimeEnd end =
          new TimeEnd(constant.steps(), column.number(), after, column.steps(), lower, type);
      ParameterSource source = constant.source();
      if (source != null) {
        // The range of times with nanoseconds is so short that not every end could be bound.
        exact &= source instanceof ParameterSource.StatementTime && end.exact();
        return type.nanoseconds() ? null : parameter(new ParameterSource.RangeEnd(source, end));
      }
      Object value = java.util.Objects.requireNonNull(constant.value());
      LocalDateTime found = end.of(value);
      exact &= found != null && found.equals(end.opposite().of(value));
      RexNode literal = found == null ? null : literal(found);
      exact &= literal != null;
      return literal;
    }

    private @Nullable RexNode literal(LocalDateTime end) {
      boolean written =
          type.nanoseconds()
              ? end.getYear() >= 1680 && end.getYear() <= 2260
              : end.getYear() >= 1 && end.getYear() <= 9999;
      if (!written) {
        return null;
      }
      int digits = type.nanoseconds() ? 9 : 6;
      switch (type.kind()) {
        case DATE:
          return builder.makeDateLiteral(new DateString(end.toLocalDate().toString()));
        case TIMESTAMP:
          return builder.makeTimestampLiteral(Instants.string(end), digits);
        default:
          return builder.makeTimestampWithLocalTimeZoneLiteral(Instants.string(end), digits);
      }
    }

    private RexNode parameter(ParameterSource.RangeEnd end) {
      int index = sources.indexOf(end);
      if (index < 0) {
        index = sources.size();
        sources.add(end);
      }
      return builder.makeDynamicParam(
          ColumnTypes.toRel(builder.getTypeFactory(), type, true), index);
    }
  }

  /** The range as a condition on the column. */
  public RexNode condition(TimeRange range) {
    List<RexNode> terms = new java.util.ArrayList<>();
    if (range.from() != null) {
      terms.add(
          builder.makeCall(
              SqlStdOperatorTable.GREATER_THAN_OR_EQUAL, range.column(), range.from()));
    }
    if (range.to() != null) {
      terms.add(builder.makeCall(SqlStdOperatorTable.LESS_THAN, range.column(), range.to()));
    }
    return org.apache.calcite.rex.RexUtil.composeConjunction(builder, terms);
  }
}
