package io.datanode.search;

import io.datanode.plan.QueryBuilder;
import io.datanode.predicate.Logic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.tools.RelBuilder;

/**
 * A condition whose fields are known columns and whose values are parameters. Two requests that
 * differ in values only have equal terms. Its text names columns and no values.
 *
 * <p>Terms are joined by AND and OR, never negated, so that a condition on NULL, which is unknown,
 * counts as one that does not hold.
 */
sealed interface Term {
  /** The condition as Calcite has it. */
  RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder);

  /** Passes every field it reads to a reader. */
  void fields(Consumer<Field> reader);

  /** A column compared with a parameter, which may be NULL. */
  record Compared(Field field, SqlOperator operator, int parameter) implements Term {
    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      return builder.rel().call(operator, columns.apply(field), builder.parameter(parameter));
    }

    @Override
    public void fields(Consumer<Field> reader) {
      reader.accept(field);
    }

    @Override
    public String toString() {
      return field.column() + " " + operator.getName() + " ?";
    }
  }

  /** Text that a function such as CONTAINS finds in a column. */
  record Matched(Field field, SqlOperator function, int parameter) implements Term {
    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      RexNode column = columns.apply(field);
      RelDataType type = column.getType();
      if (type.getSqlTypeName() != SqlTypeName.VARCHAR) {
        column = builder.rel().cast(column, SqlTypeName.VARCHAR);
      }
      return builder.rel().call(function, column, builder.parameter(parameter));
    }

    @Override
    public void fields(Consumer<Field> reader) {
      reader.accept(field);
    }

    @Override
    public String toString() {
      return function.getName() + "(" + field.column() + ", ?)";
    }
  }

  /** A column that is, or is not, among the values of an array. */
  record Listed(Field field, boolean wanted, int parameter) implements Term {
    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      RexNode one = builder.isOneOf(columns.apply(field), parameter);
      return wanted ? one : builder.rel().not(one);
    }

    @Override
    public void fields(Consumer<Field> reader) {
      reader.accept(field);
    }

    @Override
    public String toString() {
      return field.column() + (wanted ? " IN (?)" : " NOT IN (?)");
    }
  }

  /** A column that is, or is not, NULL. */
  record Missing(Field field, boolean wanted) implements Term {
    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      RelBuilder rel = builder.rel();
      return wanted ? rel.isNull(columns.apply(field)) : rel.isNotNull(columns.apply(field));
    }

    @Override
    public void fields(Consumer<Field> reader) {
      reader.accept(field);
    }

    @Override
    public String toString() {
      return field.column() + (wanted ? " IS NULL" : " IS NOT NULL");
    }
  }

  /** Every row. */
  record Always() implements Term {
    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      return builder.rel().literal(true);
    }

    @Override
    public void fields(Consumer<Field> reader) {}

    @Override
    public String toString() {
      return "TRUE";
    }
  }

  /** Terms of which all, or one, must hold. */
  record Connected(Logic logic, List<Term> items) implements Term {
    public Connected {
      items = List.copyOf(items);
    }

    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      List<RexNode> operands = new ArrayList<>();
      items.forEach(item -> operands.add(item.rex(columns, builder)));
      return logic == Logic.AND
          ? RexUtil.composeConjunction(builder.rel().getRexBuilder(), operands)
          : RexUtil.composeDisjunction(builder.rel().getRexBuilder(), operands);
    }

    @Override
    public void fields(Consumer<Field> reader) {
      items.forEach(item -> item.fields(reader));
    }

    @Override
    public String toString() {
      return items.stream()
          .map(Term::toString)
          .collect(Collectors.joining(" " + logic.name() + " ", "(", ")"));
    }
  }

  /**
   * Rows at or after a place in the order of some columns, NULL being after all values.
   *
   * @param fields the order
   * @param first the parameter that holds the first column of the place; the others follow
   * @param inclusive true if the place itself is wanted too
   */
  record After(List<Field> fields, int first, boolean inclusive) implements Term {
    public After {
      fields = List.copyOf(fields);
    }

    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      return builder.after(fields.stream().map(columns).toList(), first, inclusive);
    }

    @Override
    public void fields(Consumer<Field> reader) {
      fields.forEach(reader);
    }

    @Override
    public String toString() {
      return fields.stream()
          .map(Field::column)
          .collect(Collectors.joining(", ", "(", inclusive ? ") AT OR AFTER (?)" : ") AFTER (?)"));
    }
  }

  /**
   * Rows whose first column of an order is not before a place: what a storage can look up. NULL is
   * after all values.
   */
  record NotBefore(Field field, int parameter) implements Term {
    @Override
    public RexNode rex(Function<Field, RexNode> columns, QueryBuilder builder) {
      return builder.notBefore(columns.apply(field), parameter);
    }

    @Override
    public void fields(Consumer<Field> reader) {
      reader.accept(field);
    }

    @Override
    public String toString() {
      return field.column() + " NOT BEFORE ?";
    }
  }
}
