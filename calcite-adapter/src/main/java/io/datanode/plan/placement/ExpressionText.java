package io.datanode.plan.placement;

import io.datanode.plan.Plan.ParameterSource;
import io.datanode.schema.TimeFunctions;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Writes expressions for a reader, in the SQL of queries here rather than that of a storage. */
final class ExpressionText {
  private static final int LONGEST = 200;
  private static final long DAY = 86_400_000L;
  private static final long HOUR = 3_600_000L;
  private static final long MINUTE = 60_000L;

  private final IntFunction<String> columns;
  private final List<ParameterSource> sources;
  private final ZoneId zone;

  /**
   * A writer of expressions over one row.
   *
   * @param columns names or expressions of its columns
   * @param sources what parameters stand for
   * @param zone of the session, which is understood and so not written
   */
  ExpressionText(IntFunction<String> columns, List<ParameterSource> sources, ZoneId zone) {
    this.columns = columns;
    this.sources = sources;
    this.zone = zone;
  }

  /** The expression, cut if it is long. */
  String of(RexNode node) {
    String text = text(node);
    boolean enclosed =
        node instanceof RexCall
            && infix((RexCall) node)
            && !(node.isA(SqlKind.OR) && in(((RexCall) node).getOperands()) != null);
    String plain = enclosed ? text.substring(1, text.length() - 1) : text;
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
  }

  private String text(RexNode node) {
    if (node instanceof RexInputRef) {
      return columns.apply(((RexInputRef) node).getIndex());
    } else if (node instanceof RexLiteral) {
      return literal((RexLiteral) node);
    } else if (node instanceof RexDynamicParam) {
      ParameterSource source = sources.get(((RexDynamicParam) node).getIndex());
      return source instanceof ParameterSource.StatementTime
          ? "CURRENT_TIMESTAMP"
          : source instanceof ParameterSource.KnownBy ? "AS OF" : "?";
    } else if (node instanceof RexSubQuery) {
      return subQuery((RexSubQuery) node);
    } else if (node instanceof RexFieldAccess) {
      return ((RexFieldAccess) node).getField().getName();
    } else if (node instanceof RexCall) {
      return call((RexCall) node);
    }
    return node.toString();
  }

  private String subQuery(RexSubQuery query) {
    return query.isA(SqlKind.EXISTS)
        ? "EXISTS (…)"
        : list(query.getOperands()) + " " + query.getKind().sql + " (…)";
  }

  private String list(List<RexNode> nodes) {
    return nodes.stream().map(this::text).collect(Collectors.joining(", "));
  }

  private static boolean infix(RexCall call) {
    return call.getOperator() instanceof SqlBinaryOperator || call.isA(SqlKind.OR);
  }

  private String call(RexCall call) {
    List<RexNode> operands = call.getOperands();
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    switch (call.getKind()) {
      case OR:
        String alternatives = in(operands);
        return alternatives != null ? alternatives : joined(operands, " OR ");
      case SOME:
        return "("
            + text(operands.get(0))
            + " "
            + ((SqlQuantifyOperator) call.getOperator()).comparisonKind.sql
            + " ANY("
            + text(operands.get(1))
            + "))";
      case NOT:
        return "NOT " + text(operands.get(0));
      case IS_NULL:
      case IS_NOT_NULL:
      case IS_TRUE:
      case IS_NOT_TRUE:
      case IS_FALSE:
      case IS_NOT_FALSE:
        return text(operands.get(0)) + " " + call.getKind().name().replace('_', ' ');
      case CAST:
      case SAFE_CAST:
        return cast(call);
      case EXTRACT:
        return "EXTRACT(" + flag(operands.get(0)) + " FROM " + text(operands.get(1)) + ")";
      case CASE:
        return "CASE … END";
      case FLOOR:
      case CEIL:
        return operands.size() == 2
            ? name + "(" + text(operands.get(0)) + " TO " + flag(operands.get(1)) + ")"
            : name + "(" + list(operands) + ")";
      case LIKE:
        return text(operands.get(0)) + " " + name + " " + text(operands.get(1));
      case MINUS:
        RexNode within = withinDay(operands);
        return within != null ? text(within) : joined(operands, " - ");
      case PLUS:
        return joined(operands, " + ");
      default:
        return other(call, name);
    }
  }

  private String other(RexCall call, String name) {
    List<RexNode> operands = call.getOperands();
    if (call.getOperator() == TimeFunctions.AT_ZONE
        || call.getOperator() == TimeFunctions.TO_INSTANT) {
      boolean understood = zone.getId().equals(RexLiteral.stringValue(operands.get(1)));
      return understood ? text(operands.get(0)) : name + "(" + list(operands) + ")";
    }
    if (call.getOperator() == TimeFunctions.TIMESTAMP_ADD
        || call.getOperator() == TimeFunctions.TIMESTAMP_DIFF) {
      return name
          + "("
          + flag(operands.get(0))
          + ", "
          + list(operands.subList(1, operands.size()))
          + ")";
    }
    return infix(call) ? joined(operands, " " + name + " ") : name + "(" + list(operands) + ")";
  }

  /** FLOOR of the clock where {@code CalendarFunctions} takes what is behind it off the instant. */
  private static @Nullable RexNode withinDay(List<RexNode> operands) {
    if (operands.get(1) instanceof RexCall && operands.get(1).isA(SqlKind.MINUS)) {
      RexNode cut = ((RexCall) operands.get(1)).getOperands().get(1);
      return cut.isA(SqlKind.FLOOR) || cut.isA(SqlKind.CEIL) ? cut : null;
    }
    return null;
  }

  private String joined(List<RexNode> operands, String by) {
    return operands.stream().map(this::text).collect(Collectors.joining(by, "(", ")"));
  }

  private @Nullable String in(List<RexNode> terms) {
    RexNode subject = null;
    StringBuilder values = new StringBuilder();
    for (RexNode term : terms) {
      if (!term.isA(SqlKind.EQUALS)) {
        return null;
      }
      RexNode left = ((RexCall) term).getOperands().get(0);
      if (subject != null && !subject.equals(left)) {
        return null;
      }
      values
          .append(subject == null ? "" : ", ")
          .append(text(((RexCall) term).getOperands().get(1)));
      subject = left;
    }
    return subject == null ? null : text(subject) + " IN (" + values + ")";
  }

  private String cast(RexCall call) {
    RexNode operand = call.getOperands().get(0);
    RelDataType to = call.getType();
    String inner = text(operand);
    // What the planner casts for itself is not what the user wrote.
    boolean implied =
        operand instanceof RexDynamicParam
            || SqlTypeUtil.equalSansNullability(operand.getType(), to);
    return implied ? inner : "CAST(" + inner + " AS " + typeName(to) + ")";
  }

  private static String typeName(RelDataType type) {
    boolean length = SqlTypeName.CHAR_TYPES.contains(type.getSqlTypeName());
    return length || type.getPrecision() == 6
        ? type.getSqlTypeName().getName().replace('_', ' ')
        : type.toString().replace('_', ' ');
  }

  private static String flag(RexNode node) {
    Object value = ((RexLiteral) node).getValue();
    return value instanceof NlsString ? ((NlsString) value).getValue() : String.valueOf(value);
  }

  private static String literal(RexLiteral literal) {
    if (literal.isNull()) {
      return "NULL";
    }
    SqlTypeName type = literal.getType().getSqlTypeName();
    if (SqlTypeName.CHAR_TYPES.contains(type)) {
      return "'" + String.valueOf(RexLiteral.stringValue(literal)).replace("'", "''") + "'";
    }
    switch (type) {
      case DATE:
        return "DATE '" + literal.getValueAs(org.apache.calcite.util.DateString.class) + "'";
      case TIMESTAMP:
        return "TIMESTAMP '" + literal.getValueAs(TimestampString.class) + "'";
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        String utc = String.valueOf(literal.getValueAs(TimestampString.class));
        return "TIMESTAMP '" + utc.replace(' ', 'T') + "Z'";
      case SYMBOL:
        return String.valueOf(literal.getValue());
      default:
        return SqlTypeUtil.isNumeric(literal.getType()) || SqlTypeUtil.isInterval(literal.getType())
            ? number(literal)
            : String.valueOf(literal.getValue());
    }
  }

  private static String number(RexLiteral literal) {
    BigDecimal number = literal.getValueAs(BigDecimal.class);
    if (number == null) {
      return String.valueOf(literal.getValue());
    }
    return SqlTypeUtil.isInterval(literal.getType())
        ? interval(
            number.longValue(),
            SqlTypeName.YEAR_INTERVAL_TYPES.contains(literal.getType().getSqlTypeName()))
        : number.toPlainString();
  }

  private static String interval(long size, boolean months) {
    if (months) {
      return size % 12 == 0 ? "INTERVAL '" + size / 12 + "' YEAR" : "INTERVAL '" + size + "' MONTH";
    }
    if (size % DAY == 0) {
      return "INTERVAL '" + size / DAY + "' DAY";
    } else if (size % HOUR == 0) {
      return "INTERVAL '" + size / HOUR + "' HOUR";
    } else if (size % MINUTE == 0) {
      return "INTERVAL '" + size / MINUTE + "' MINUTE";
    }
    return "INTERVAL '"
        + BigDecimal.valueOf(size, 3).stripTrailingZeros().toPlainString()
        + "' SECOND";
  }
}
