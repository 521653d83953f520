package io.datanode.plan;

import io.datanode.jdbc.session.ResultColumn;
import io.datanode.schema.ColumnTypes;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table of schema {@code metadata}, whose rows the engine ships when a statement reads it. */
public final class MetadataTable extends AbstractTable {
  private final String name;
  private final List<ResultColumn> columns;

  MetadataTable(String name, List<ResultColumn> columns) {
    this.name = name;
    this.columns = List.copyOf(columns);
  }

  /** Its name within the schema. */
  public String name() {
    return name;
  }

  /** Its columns, in order. */
  public List<ResultColumn> columns() {
    return columns;
  }

  /** The name its rows are shipped under. */
  public String shippedAs() {
    return "datanode$metadata$" + name;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder row = factory.builder();
    columns.forEach(
        column ->
            row.add(column.label(), ColumnTypes.toRel(factory, column.type(), column.nullable())));
    return row.build();
  }

  static Schema schema(MetadataTables tables) {
    Map<String, Table> byName = new java.util.TreeMap<>();
    tables.columns().forEach((name, columns) -> byName.put(name, new MetadataTable(name, columns)));
    return new AbstractSchema() {
      @Override
      protected Map<String, Table> getTableMap() {
        return byName;
      }
    };
  }
}
