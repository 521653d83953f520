package io.datanode.search;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.predicate.Condition;
import io.datanode.predicate.Group;
import io.datanode.predicate.Logic;
import io.datanode.predicate.Op;
import io.datanode.predicate.Predicate;
import io.datanode.schema.FunctionCatalog;
import io.datanode.schema.NodeColumn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/** Makes a term of a filter, and a parameter of each of its values. */
final class FilterTranslator {
  private static final Set<Kind> TEXTS = EnumSet.of(Kind.VARCHAR, Kind.UUID, Kind.JSON, Kind.OTHER);

  private final Layout layout;
  private final Parameters parameters;

  FilterTranslator(Layout layout, Parameters parameters) {
    this.layout = layout;
    this.parameters = parameters;
  }

  /** Values and their types, in the order of the parameters. */
  static final class Parameters {
    private final List<ColumnType> types = new ArrayList<>();
    private final List<@Nullable Object> values = new ArrayList<>();

    /** A new parameter, and its number from 0. */
    int add(@Nullable Object value, ColumnType type) {
      values.add(value);
      types.add(type);
      return types.size() - 1;
    }

    List<ColumnType> types() {
      return types;
    }

    List<@Nullable Object> values() {
      return values;
    }
  }

  /**
   * The term of a predicate.
   *
   * @param pointer its place in the request
   */
  Term term(Predicate predicate, String pointer) {
    return predicate.accept(
        new Predicate.Visitor<>() {
          @Override
          public Term condition(Condition condition) {
            return FilterTranslator.this.condition(condition, pointer);
          }

          @Override
          public Term group(Group group) {
            List<Term> items = new ArrayList<>();
            for (int i = 0; i < group.items().size(); i++) {
              items.add(term(group.items().get(i), pointer + "/items/" + i));
            }
            return items.size() == 1 ? items.get(0) : new Term.Connected(group.logic(), items);
          }
        });
  }

  private Term condition(Condition condition, String pointer) {
    Field field = layout.field(condition.field(), pointer + "/field");
    NodeColumn column = layout.column(field);
    String place = pointer + "/value";
    switch (condition.op()) {
      case IS_NULL:
        return new Term.Missing(field, !Boolean.FALSE.equals(condition.value()));
      case CONTAINS:
      case STARTS_WITH:
      case ENDS_WITH:
        return matched(condition, field, column, pointer);
      case IN:
      case NOT_IN:
        return listed(condition, field, column, place);
      case BETWEEN:
        return new Term.Connected(
            Logic.AND,
            List.of(
                compared(Op.GTE, field, fit(condition.values().get(0), column, place + "/0")),
                compared(Op.LTE, field, fit(condition.values().get(1), column, place + "/1"))));
      default:
        return compared(condition.op(), field, fit(condition.value(), column, place));
    }
  }

  private static Fit fit(@Nullable Object value, NodeColumn column, String pointer) {
    if (value == null) {
      throw InvalidSearchException.rule(
          pointer, "between requires two values; for an open end use gte or lte.");
    }
    return ColumnValues.fit(value, column, pointer);
  }

  /**
   * A comparison that is exact for values which lie between those of the column. One that cannot
   * hold compares with NULL; one that always does asks for values other than NULL.
   */
  private Term compared(Op op, Field field, Fit fit) {
    switch (op) {
      case EQ:
        return compared(field, SqlStdOperatorTable.EQUALS, fit.isExact() ? fit.floor() : null);
      case NE:
        return fit.isExact()
            ? compared(field, SqlStdOperatorTable.NOT_EQUALS, fit.floor())
            : new Term.Missing(field, false);
      case GT:
        return fit.floor() == null
            ? new Term.Missing(field, false)
            : compared(field, SqlStdOperatorTable.GREATER_THAN, fit.floor());
      case GTE:
        return compared(field, SqlStdOperatorTable.GREATER_THAN_OR_EQUAL, fit.ceiling());
      case LT:
        return fit.ceiling() == null
            ? new Term.Missing(field, false)
            : compared(field, SqlStdOperatorTable.LESS_THAN, fit.ceiling());
      case LTE:
        return compared(field, SqlStdOperatorTable.LESS_THAN_OR_EQUAL, fit.floor());
      default:
        throw new AssertionError(op);
    }
  }

  private Term compared(Field field, SqlOperator operator, @Nullable Object value) {
    return new Term.Compared(field, operator, parameters.add(value, layout.column(field).type()));
  }

  private Term listed(Condition condition, Field field, NodeColumn column, String place) {
    ColumnValues.checkComparable(column, place);
    Set<Object> known = new LinkedHashSet<>();
    List<@Nullable Object> values = condition.values();
    boolean some = false;
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value != null) {
        some = true;
        Fit fit = ColumnValues.fit(value, column, place + "/" + i);
        if (fit.isExact()) {
          known.add(fit.floor());
        }
      }
    }
    if (condition.op() == Op.NOT_IN && known.isEmpty()) {
      return some ? new Term.Missing(field, false) : new Term.Always();
    }
    return new Term.Listed(
        field,
        condition.op() == Op.IN,
        parameters.add(List.copyOf(known), ColumnType.array(column.type())));
  }

  private Term matched(Condition condition, Field field, NodeColumn column, String pointer) {
    if (!TEXTS.contains(column.type().kind())) {
      throw new InvalidSearchException(
          SqlState.DATATYPE_MISMATCH,
          pointer + "/op",
          condition.op().token()
              + " asks for a text, and column '"
              + column.name()
              + "' is "
              + column.dtype());
    }
    String text = ColumnValues.withoutZero(String.valueOf(condition.value()), pointer + "/value");
    return new Term.Matched(
        field,
        FunctionCatalog.operator(condition.op().name()),
        parameters.add(text, ColumnType.VARCHAR));
  }
}
