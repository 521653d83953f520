package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/** The same rows with more columns, or fewer. */
final class RowColumns {
  private RowColumns() {}

  /** With one more column, the last. */
  static RelNode add(RexBuilder rex, RelNode rel, RexNode expression, String name) {
    List<RexNode> columns = new ArrayList<>(rex.identityProjects(rel.getRowType()));
    columns.add(expression);
    List<String> names = new ArrayList<>(rel.getRowType().getFieldNames());
    names.add(name);
    return LogicalProject.create(rel, List.of(), columns, names, Set.of());
  }

  /** With the first columns only. */
  static RelNode first(RelNode rel, int count) {
    if (rel.getRowType().getFieldCount() == count) {
      return rel;
    }
    List<RexNode> columns = new ArrayList<>();
    for (RelDataTypeField field : rel.getRowType().getFieldList().subList(0, count)) {
      columns.add(new RexInputRef(field.getIndex(), field.getType()));
    }
    return LogicalProject.create(
        rel, List.of(), columns, rel.getRowType().getFieldNames().subList(0, count), Set.of());
  }
}
