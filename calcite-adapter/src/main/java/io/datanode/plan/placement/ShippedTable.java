package io.datanode.plan.placement;

import io.datanode.storage.Storage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a query whose rows are moved into the embedded engine, as a table of what is left of
 * the query. While the query is being placed, the piece may still be narrowed.
 */
final class ShippedTable extends AbstractTable {
  private final String name;
  private final @Nullable Storage storage;
  private final RelDataType rowType;
  private final Set<ShippedTable> waitsFor = new HashSet<>();
  private RelNode rel;

  /**
   * A piece.
   *
   * @param storage where it runs; null for the embedded engine itself, whose rows are kept so that
   *     they are computed once
   */
  ShippedTable(String name, @Nullable Storage storage, RelNode rel) {
    this.name = name;
    this.storage = storage;
    this.rel = rel;
    this.rowType = rel.getRowType();
  }

  String name() {
    return name;
  }

  @Nullable Storage storage() {
    return storage;
  }

  RelNode rel() {
    return rel;
  }

  /** Replaces the piece by one that gives fewer rows. */
  void narrow(RelNode narrower) {
    rel = narrower;
  }

  /** Says that the piece needs keys of another. */
  void waitFor(ShippedTable other) {
    waitsFor.add(other);
  }

  /** True if it is this piece, or needs keys of it, perhaps by way of others. */
  boolean needs(ShippedTable other) {
    return this == other || waitsFor.stream().anyMatch(each -> each.needs(other));
  }

  /** A scan of its rows. */
  RelNode scan() {
    return scan(rowType);
  }

  private RelNode scan(RelDataType row) {
    RelOptTable table = RelOptTableImpl.create(null, row, List.of(name), this, (Expression) null);
    return LogicalTableScan.create(rel.getCluster(), table, List.of());
  }

  /** Names of these columns where they are shipped: as they were, but unique, ignoring case. */
  List<String> columnNames(ImmutableBitSet columns) {
    Set<String> taken = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (int column : columns) {
      String field = rowType.getFieldNames().get(column);
      String name = field;
      for (int i = 0; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
        name = field + "_" + i;
      }
      names.add(name);
    }
    return names.isEmpty() ? List.of("row") : names;
  }

  /** What is shipped if only these columns are; if none are, a constant for each row. */
  RelNode only(ImmutableBitSet columns) {
    RexBuilder rex = rel.getCluster().getRexBuilder();
    List<RexNode> expressions = new ArrayList<>();
    for (int column : columns) {
      expressions.add(rex.makeInputRef(rel, column));
    }
    if (expressions.isEmpty()) {
      expressions.add(rex.makeLiteral(true));
    }
    boolean all = columns.cardinality() == rowType.getFieldCount();
    List<String> names = columnNames(columns);
    return all && names.equals(rowType.getFieldNames())
        ? rel
        : LogicalProject.create(rel, List.of(), expressions, names, Set.of());
  }

  /** A scan of what is shipped, with NULL for columns that are not. */
  RelNode scan(ImmutableBitSet columns) {
    RexBuilder rex = rel.getCluster().getRexBuilder();
    RelDataTypeFactory.Builder row = rel.getCluster().getTypeFactory().builder();
    List<String> names = columnNames(columns);
    for (int i = 0; i < columns.cardinality(); i++) {
      row.add(names.get(i), rowType.getFieldList().get(columns.nth(i)).getType());
    }
    if (columns.isEmpty()) {
      row.add(names.get(0), SqlTypeName.BOOLEAN);
    }
    RelNode scan = scan(row.build());
    if (columns.cardinality() == rowType.getFieldCount() && names.equals(rowType.getFieldNames())) {
      return scan;
    }
    List<RexNode> expressions = new ArrayList<>();
    for (RelDataTypeField field : rowType.getFieldList()) {
      int place = columns.indexOf(field.getIndex());
      RexNode missing = rex.makeNullLiteral(field.getType());
      expressions.add(
          place >= 0
              ? rex.makeInputRef(scan, place)
              : field.getType().isNullable()
                  ? missing
                  : rex.makeAbstractCast(field.getType(), missing, false));
    }
    return LogicalProject.create(scan, List.of(), expressions, rowType.getFieldNames(), Set.of());
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return rowType;
  }
}
