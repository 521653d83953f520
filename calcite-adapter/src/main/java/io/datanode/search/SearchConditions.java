package io.datanode.search;

import io.datanode.predicate.Condition;
import io.datanode.predicate.F;
import io.datanode.predicate.Op;
import io.datanode.predicate.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSimplify;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Conditions of SQL as conditions of a search. Both leave out rows for which they are unknown. */
final class SearchConditions {
  private static final RexBuilder REX =
      new RexBuilder(new org.apache.calcite.jdbc.JavaTypeFactoryImpl());

  private static final RexSimplify SIMPLIFY =
      new RexSimplify(REX, RelOptPredicateList.EMPTY, RexUtil.EXECUTOR);

  private static final Map<SqlKind, Op> COMPARISONS =
      Map.of(
          SqlKind.EQUALS, Op.EQ,
          SqlKind.NOT_EQUALS, Op.NE,
          SqlKind.LESS_THAN, Op.LT,
          SqlKind.LESS_THAN_OR_EQUAL, Op.LTE,
          SqlKind.GREATER_THAN, Op.GT,
          SqlKind.GREATER_THAN_OR_EQUAL, Op.GTE);

  private static final Map<Op, Op> OPPOSITES =
      Map.of(
          Op.EQ, Op.NE,
          Op.NE, Op.EQ,
          Op.LT, Op.GTE,
          Op.GTE, Op.LT,
          Op.GT, Op.LTE,
          Op.LTE, Op.GT);

  private static final Map<String, Op> FUNCTIONS =
      Map.of("CONTAINS", Op.CONTAINS, "STARTS_WITH", Op.STARTS_WITH, "ENDS_WITH", Op.ENDS_WITH);

  private static final int UUID_LENGTH = 36;

  private final SearchValues values;
  private final IntFunction<String> fields;

  /**
   * Says conditions.
   *
   * @param fields how a search names each column of the input
   */
  SearchConditions(SearchValues values, IntFunction<String> fields) {
    this.values = values;
    this.fields = fields;
  }

  /** Conditions that must all hold. */
  List<Predicate> all(List<RexNode> terms) {
    List<Predicate> all = new ArrayList<>();
    for (RexNode term : terms) {
      if (simplified(term).isAlwaysTrue()) {
        continue;
      }
      Predicate said = said(term, false);
      Predicate last = all.isEmpty() ? null : all.get(all.size() - 1);
      Predicate range = last == null ? null : range(last, said);
      if (range == null) {
        all.add(said);
      } else {
        all.set(all.size() - 1, range);
      }
    }
    return all;
  }

  /** BETWEEN, of which the parser makes two comparisons; null if it is not one. */
  private static @org.jspecify.annotations.Nullable Predicate range(
      Predicate first, Predicate second) {
    if (first instanceof Condition least
        && second instanceof Condition greatest
        && least.op() == Op.GTE
        && greatest.op() == Op.LTE
        && least.field().equals(greatest.field())) {
      return F.between(
          least.field(),
          Objects.requireNonNull(least.value()),
          Objects.requireNonNull(greatest.value()));
    }
    return null;
  }

  /** The condition, or what it is if it is one of literals alone, such as {@code 1 = 1}. */
  private static RexNode simplified(RexNode term) {
    return isOfLiterals(term) ? SIMPLIFY.simplify(term) : term;
  }

  private static boolean isOfLiterals(RexNode term) {
    return term instanceof RexLiteral
        || ((term.isA(SqlKind.NOT) || COMPARISONS.containsKey(term.getKind()))
            && ((RexCall) term).getOperands().stream().allMatch(SearchConditions::isOfLiterals));
  }

  private Predicate said(RexNode given, boolean negated) {
    RexNode term = simplified(given);
    switch (term.getKind()) {
      case SEARCH:
        return said(RexUtil.expandSearch(REX, null, term), negated);
      case NOT:
        return said(((RexCall) term).getOperands().get(0), !negated);
      case AND:
      case OR:
        return connected((RexCall) term, term.isA(SqlKind.AND) != negated, negated);
      case IS_NULL:
        return F.isNull(field(operand(term)), !negated);
      case IS_NOT_NULL:
        return F.isNull(field(operand(term)), negated);
      case IS_TRUE:
      case IS_FALSE:
        return isTruth(term, term.isA(SqlKind.IS_TRUE), !negated);
      case IS_NOT_TRUE:
      case IS_NOT_FALSE:
        return isTruth(term, term.isA(SqlKind.IS_NOT_TRUE), negated);
      case LITERAL:
        throw new NoSearchException(
            term.isAlwaysTrue() != negated
                ? "it has a condition that is always true"
                : "its condition is never true");
      case INPUT_REF:
        return F.eq(field(term), !negated);
      case LIKE:
        if (!negated) {
          return like((RexCall) term);
        }
        break;
      default:
        if (COMPARISONS.containsKey(term.getKind())) {
          return comparison((RexCall) term, negated);
        }
        Op function =
            term instanceof RexCall
                ? FUNCTIONS.get(((RexCall) term).getOperator().getName().toUpperCase(Locale.ROOT))
                : null;
        if (function != null && !negated) {
          RexCall call = (RexCall) term;
          return new Condition(
              field(operand(term)), function, values.of(call.getOperands().get(1)));
        }
    }
    throw new NoSearchException(
        "a search has no condition like " + (negated ? "NOT " : "") + shown(term));
  }

  /** Whether a column is true, or false: never unknown, so what it is not may be NULL. */
  private Predicate isTruth(RexNode term, boolean truth, boolean wanted) {
    String field = field(operand(term));
    return wanted ? F.eq(field, truth) : F.or(F.eq(field, !truth), F.isNull(field));
  }

  private static RexNode operand(RexNode term) {
    return ((RexCall) term).getOperands().get(0);
  }

  private static String shown(RexNode term) {
    return term instanceof RexCall ? ((RexCall) term).getOperator().getName() : term.toString();
  }

  /** AND or OR; one field compared with several values is a list. */
  private Predicate connected(RexCall call, boolean and, boolean negated) {
    List<Predicate> items = new ArrayList<>();
    for (RexNode operand : call.getOperands()) {
      items.add(said(operand, negated));
    }
    String field = RelToSearch.commonField(items, and ? Op.NE : Op.EQ);
    if (field != null) {
      List<Object> list = new ArrayList<>();
      items.forEach(item -> list.add(Objects.requireNonNull(((Condition) item).value())));
      return and ? F.notIn(field, list) : F.in(field, list);
    }
    Predicate range = and && items.size() == 2 ? range(items.get(0), items.get(1)) : null;
    if (range != null) {
      return range;
    }
    Predicate[] array = items.toArray(Predicate[]::new);
    return and ? F.and(array) : F.or(array);
  }

  private Predicate comparison(RexCall call, boolean negated) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    SqlKind kind = call.getKind();
    if (SearchValues.isConstant(left) && !SearchValues.isConstant(right)) {
      RexNode swapped = left;
      left = right;
      right = swapped;
      kind = kind.reverse();
    }
    if (!SearchValues.isConstant(right)) {
      throw new NoSearchException("a search compares columns with constants only");
    }
    Op op = Objects.requireNonNull(COMPARISONS.get(kind));
    return condition(
        left, negated ? Objects.requireNonNull(OPPOSITES.get(op)) : op, values.of(right));
  }

  /**
   * A comparison of a column. Beside text, a UUID is its text in lower case, as SQL has it: a
   * search would take other cases too, and nothing else.
   */
  private Condition condition(RexNode column, Op op, Object value) {
    if (isTextOfUuid(column)) {
      if (!(value instanceof String text) || !SearchValues.isUuid(text)) {
        throw new NoSearchException("a UUID is compared with what is no text of one: " + value);
      }
      return new Condition(field(operand(column)), op, value);
    }
    return new Condition(field(column), op, value);
  }

  private static boolean isTextOfUuid(RexNode node) {
    int length = node.getType().getPrecision();
    return node.isA(SqlKind.CAST)
        && SqlTypeUtil.isCharacter(node.getType())
        && (length == RelDataType.PRECISION_NOT_SPECIFIED || length >= UUID_LENGTH)
        && operand(node).getType().getSqlTypeName() == SqlTypeName.UUID;
  }

  /** LIKE with wildcards at its ends only. */
  private Predicate like(RexCall call) {
    boolean plain = call.getOperator().getName().equalsIgnoreCase("LIKE");
    Object pattern = values.of(call.getOperands().get(1));
    if (plain && call.getOperands().size() == 2 && pattern instanceof String text) {
      boolean open = text.startsWith("%");
      boolean end = text.length() > 1 && text.endsWith("%");
      String middle = text.substring(open ? 1 : 0, text.length() - (end ? 1 : 0));
      if (middle.indexOf('%') < 0 && middle.indexOf('_') < 0 && middle.indexOf('\\') < 0) {
        Op op = open && end ? Op.CONTAINS : open ? Op.ENDS_WITH : end ? Op.STARTS_WITH : Op.EQ;
        return op == Op.EQ
            ? condition(operand(call), op, middle)
            : new Condition(field(operand(call)), op, middle);
      }
    }
    throw new NoSearchException(
        "a search has no patterns; LIKE with % at its ends only can be said");
  }

  /** The name of a column; a conversion that changes no value may be around it. */
  private String field(RexNode node) {
    RexNode column = node;
    while (column.isA(SqlKind.CAST) && keepsValues(column)) {
      column = operand(column);
    }
    if (column instanceof RexInputRef) {
      return fields.apply(((RexInputRef) column).getIndex());
    }
    throw new NoSearchException("a condition is on a computed value, " + shown(node));
  }

  private static boolean keepsValues(RexNode cast) {
    SqlTypeName to = cast.getType().getSqlTypeName();
    boolean widened =
        SqlTypeUtil.isExactNumeric(operand(cast).getType())
            && to == SqlTypeName.DECIMAL
            && cast.getType().getScale() >= operand(cast).getType().getScale()
            && cast.getType().getPrecision() - cast.getType().getScale()
                >= operand(cast).getType().getPrecision() - operand(cast).getType().getScale();
    return widened || RexUtil.isLosslessCast(cast);
  }
}
