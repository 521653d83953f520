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

  private RexBuilder rex() {
    return rel.getRexBuilder();
  }
}
