package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.NodeName;
import io.datanode.schema.ColumnTypes;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;

/**
 * What a {@link RelationalQuery} is built with: Calcite's builder, the nodes by name, and the
 * user's parameters.
 */
public final class QueryBuilder {
  private final RelBuilder rel;
  private final CalciteSchema root;
  private final List<ColumnType> parameters;

  QueryBuilder(
      RelOptCluster cluster,
      Prepare.CatalogReader catalog,
      CalciteSchema root,
      List<ColumnType> parameters) {
    this.rel =
        RelFactories.LOGICAL_BUILDER
            .create(cluster, catalog)
            .transform(
                config -> config.withSimplify(false).withSimplifyValues(false).withBloat(-1));
    this.root = root;
    this.parameters = parameters;
  }

  /** Calcite's builder, whose stack the methods here work on too. It simplifies nothing. */
  public RelBuilder rel() {
    return rel;
  }

  /**
   * Pushes the rows of a node and says what it is.
   *
   * @throws DataNodeException 42P01 with the nearest names if there is no such node
   */
  public ResolvedNode scan(NodeName name) {
    Suggestions names =
        new Suggestions(root, name.namespace(), new SqlText(""), rel.getTypeFactory());
    if (root.getSubSchema(name.namespace(), false) == null) {
      throw new DataNodeException(SqlState.UNDEFINED_SCHEMA, names.schema(name.namespace()));
    }
    RelOptTable table =
        rel.getRelOptSchema() == null
            ? null
            : rel.getRelOptSchema().getTableForMember(List.of(name.namespace(), name.identifier()));
    Table found = table == null ? null : table.unwrap(Table.class);
    if (!(found instanceof NodeTable)) {
      throw new DataNodeException(
          SqlState.UNDEFINED_NODE, names.node(name.identifier(), name.namespace()));
    }
    rel.scan(name.namespace(), name.identifier());
    return ((NodeTable) found).node();
  }

  /**
   * A parameter of the user, of the type the query declares for it; it may be NULL.
   *
   * @param index from 0
   */
  public RexNode parameter(int index) {
    RelDataTypeFactory types = rel.getTypeFactory();
    return rex().makeDynamicParam(ColumnTypes.toRel(types, parameters.get(index), true), index);
  }

  /**
   * The condition that a value is one of those in an array that the user gives: {@code value =
   * ANY(?)}. The text for the storage is the same however long the array is. NULL is equal to none.
   *
   * @param index of a parameter that is an array of the value's type
   */
  public RexNode isOneOf(RexNode value, int index) {
    return rex().makeCall(SqlStdOperatorTable.SOME_EQ, value, parameter(index));
  }

  /**
   * Pushes a table whose columns are arrays that the user gives, one row for each place in them:
   * {@code SELECT UNNEST(?), UNNEST(?)}. Its text for the storage is the same however many rows
   * there are. Arrays should have the same length; a shorter one is filled with NULL.
   *
   * @param indexes of parameters that are arrays
   * @param names of the columns, one for each array
   */
  public void arrays(List<Integer> indexes, List<String> names) {
    List<RexNode> columns = new ArrayList<>();
    indexes.forEach(index -> columns.add(parameter(index)));
    RelNode lists = rel.values(new String[] {"row"}, true).project(columns, names, true).build();
    rel.push(Uncollect.create(lists.getTraitSet(), lists, false, List.of())).rename(names);
  }

  /**
   * The condition that a row comes after a place in an ascending order, NULL being after all
   * values.
   *
   * @param columns of the order, at least one
   * @param first index of the parameter that holds the first column of the place; the others follow
   * @param inclusive true if the place itself is wanted too
   */
  public RexNode after(List<RexNode> columns, int first, boolean inclusive) {
    RexNode rest = null;
    for (int i = columns.size() - 1; i >= 0; i--) {
      RexNode column = columns.get(i);
      RexNode place = parameter(first + i);
      boolean nullable = column.getType().isNullable();
      RexNode greater = rel.greaterThan(column, place);
      if (nullable) {
        greater = rel.or(greater, rel.and(rel.isNull(column), rel.isNotNull(place)));
      }
      RexNode same =
          nullable
              ? rel.call(SqlStdOperatorTable.IS_NOT_DISTINCT_FROM, column, place)
              : rel.equals(column, place);
      if (rest == null) {
        rest = inclusive ? rel.or(greater, same) : greater;
      } else {
        rest = rel.or(greater, rel.and(same, rest));
      }
    }
    return rest == null ? rel.literal(true) : rest;
  }

  /**
   * The condition that a value does not come before a parameter, NULL being after all values: what
   * {@link #after} implies of the first column of an order, and a storage can look up.
   */
  public RexNode notBefore(RexNode column, int index) {
    RexNode notBefore = rel.greaterThanOrEqual(column, parameter(index));
    return column.getType().isNullable() ? rel.or(notBefore, rel.isNull(column)) : notBefore;
  }

  private RexBuilder rex() {
    return rel.getRexBuilder();
  }
}
