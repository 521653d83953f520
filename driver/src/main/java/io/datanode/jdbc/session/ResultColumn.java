package io.datanode.jdbc.session;

import io.datanode.jdbc.batch.ColumnType;
import java.util.Objects;

/** A column of a result, or a parameter of a statement. Immutable. */
public final class ResultColumn {
  private final String label;
  private final ColumnType type;
  private final boolean nullable;
  private final String schema;
  private final String table;
  private final String name;

  /**
   * A column of a result.
   *
   * @param label the name the query gives it
   * @param nullable false only if the column can never be NULL
   * @param schema schema of the node the column comes from unchanged, or empty
   * @param table that node, or empty
   * @param name the node's column, or the label if it comes from none
   */
  public ResultColumn(
      String label, ColumnType type, boolean nullable, String schema, String table, String name) {
    this.label = Objects.requireNonNull(label);
    this.type = Objects.requireNonNull(type);
    this.nullable = nullable;
    this.schema = Objects.requireNonNull(schema);
    this.table = Objects.requireNonNull(table);
    this.name = Objects.requireNonNull(name);
  }

  /** A nullable column that comes from no node. */
  public static ResultColumn of(String label, ColumnType type) {
    return new ResultColumn(label, type, true, "", "", label);
  }

  public String label() {
    return label;
  }

  public ColumnType type() {
    return type;
  }

  public boolean nullable() {
    return nullable;
  }

  public String schema() {
    return schema;
  }

  public String table() {
    return table;
  }

  public String name() {
    return name;
  }
}
