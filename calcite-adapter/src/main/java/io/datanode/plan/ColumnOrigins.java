package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.schema.ColumnTypes;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Table;
import org.jspecify.annotations.Nullable;

/** The columns of a result, with the columns of nodes they show unchanged. */
final class ColumnOrigins {
  private ColumnOrigins() {}

  /** The columns of an expression. */
  static List<ResultColumn> columns(RelNode rel) {
    List<ResultColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : rel.getRowType().getFieldList()) {
      ColumnType type = ColumnTypes.fromRel(field.getType());
      Origin origin = origin(rel, field.getIndex());
      List<String> table = origin == null ? List.of() : origin.scan().getTable().getQualifiedName();
      boolean fromNode = table.size() >= 2;
      String name =
          fromNode
              ? origin.scan().getRowType().getFieldNames().get(origin.column())
              : field.getName();
      columns.add(
          new ResultColumn(
              field.getName(),
              fromNode
                  ? declaredType(origin.scan().getTable().unwrap(Table.class), name, type)
                  : type,
              field.getType().isNullable(),
              fromNode ? table.get(table.size() - 2) : "",
              fromNode ? table.get(table.size() - 1) : "",
              name));
    }
    return columns;
  }

  /**
   * JSON and other text of a storage keeps its type in results, which Calcite only knows as text.
   *
   * @param table the node, perhaps
   * @param name of its column
   * @param type as Calcite knows it
   */
  static ColumnType declaredType(@Nullable Table table, String name, ColumnType type) {
    if (type.kind() != ColumnType.Kind.VARCHAR || !(table instanceof NodeTable)) {
      return type;
    }
    for (NodeColumn column : ((NodeTable) table).node().columns()) {
      if (column.name().equals(name)
          && (column.type().kind() == ColumnType.Kind.JSON
              || column.type().kind() == ColumnType.Kind.OTHER)) {
        return column.type();
      }
    }
    return type;
  }

  private record Origin(TableScan scan, int column) {}

  private static @Nullable Origin origin(RelNode rel, int column) {
    if (rel instanceof TableScan) {
      return new Origin((TableScan) rel, column);
    } else if (rel instanceof Filter || rel instanceof Sort) {
      return origin(rel.getInput(0), column);
    } else if (rel instanceof Project) {
      RexNode expression = ((Project) rel).getProjects().get(column);
      return expression instanceof RexInputRef
          ? origin(rel.getInput(0), ((RexInputRef) expression).getIndex())
          : null;
    } else if (rel instanceof Join) {
      int left = ((Join) rel).getLeft().getRowType().getFieldCount();
      return column < left
          ? origin(((Join) rel).getLeft(), column)
          : origin(((Join) rel).getRight(), column - left);
    }
    return null;
  }
}
