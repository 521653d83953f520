package io.datanode.plan;

import com.google.common.collect.ImmutableSortedMap;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.ColumnTypes;
import io.datanode.schema.SystemFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.impl.AbstractTable;

/**
 * The schema {@code information_schema}: views of the published nodes for tools that look for them
 * there, each a query over schema {@code metadata}. {@code sequences} is for tools that look for
 * them first; it is empty.
 *
 * @see "ISO/IEC 9075-11, information schema"
 */
final class InformationSchema {
  /** Its name. */
  static final String NAME = "information_schema";

  private static final String CATALOG = "'" + SystemFunctions.DATABASE + "'";

  private static final Map<String, Table> VIEWS =
      ImmutableSortedMap.of(
          "schemata",
          new View(
              "SELECT "
                  + CATALOG
                  + ", s, CAST(NULL AS VARCHAR) FROM (SELECT namespace FROM metadata.nodes"
                  + " UNION VALUES 'nodes', 'metadata', 'information_schema') AS n(s)",
              text("catalog_name", false),
              text("schema_name", false),
              text("schema_owner", true)),
          "tables",
          new View(
              "SELECT "
                  + CATALOG
                  + ", namespace, identifier, 'BASE TABLE', 'NO', description FROM metadata.nodes",
              text("table_catalog", false),
              text("table_schema", false),
              text("table_name", false),
              text("table_type", false),
              text("is_insertable_into", false),
              text("table_comment", true)),
          "sequences",
          new View(
              "SELECT "
                  + CATALOG
                  + ", namespace, identifier, sql_type, ordinal_position, ordinal_position,"
                  + " ordinal_position, '0', '0', '0', '0', 'NO' FROM metadata.columns WHERE FALSE",
              text("sequence_catalog", false),
              text("sequence_schema", false),
              text("sequence_name", false),
              text("data_type", false),
              number("numeric_precision", true),
              number("numeric_precision_radix", true),
              number("numeric_scale", true),
              text("start_value", false),
              text("minimum_value", false),
              text("maximum_value", false),
              text("increment", false),
              text("cycle_option", false)),
          "columns",
          new View(
              "SELECT "
                  + CATALOG
                  + ", namespace, identifier, column_name, ordinal_position, CAST(NULL AS VARCHAR),"
                  + " CASE WHEN nullable THEN 'YES' ELSE 'NO' END,"
                  + " REGEXP_REPLACE(sql_type, '[(][0-9, ]+[)]', ''),"
                  + " CASE WHEN sql_type LIKE 'DECIMAL(%' THEN"
                  + " CAST(REGEXP_EXTRACT(sql_type, '[0-9]+') AS INTEGER) END,"
                  + " CASE WHEN sql_type LIKE 'DECIMAL(%' THEN"
                  + " CAST(SPLIT_PART(SPLIT_PART(sql_type, ', ', 2), ')', 1) AS INTEGER) END,"
                  + " CASE WHEN sql_type LIKE 'TIME%(%' THEN"
                  + " CAST(REGEXP_EXTRACT(sql_type, '[0-9]+') AS INTEGER) END,"
                  + " description FROM metadata.columns",
              text("table_catalog", false),
              text("table_schema", false),
              text("table_name", false),
              text("column_name", false),
              number("ordinal_position", false),
              text("column_default", true),
              text("is_nullable", false),
              text("data_type", false),
              number("numeric_precision", true),
              number("numeric_scale", true),
              number("datetime_precision", true),
              text("column_comment", true)));

  private final Function<String, RelNode> query;

  /**
   * For one statement.
   *
   * @param query makes the relational expression of a query
   */
  InformationSchema(Function<String, RelNode> query) {
    this.query = query;
  }

  /** The schema, for the validator. */
  static Schema schema() {
    return new AbstractSchema() {
      @Override
      protected Map<String, Table> getTableMap() {
        return VIEWS;
      }
    };
  }

  /** The query over {@code metadata}, sub-queries included. */
  RelNode apply(RelNode rel) {
    View view =
        rel instanceof TableScan && rel.getTable() != null
            ? rel.getTable().unwrap(View.class)
            : null;
    return view == null
        ? RelTree.map(rel, this::apply)
        : RelOptUtil.createCastRel(query.apply(view.sql), rel.getRowType(), true);
  }

  private static ResultColumn text(String name, boolean nullable) {
    return new ResultColumn(name, ColumnType.VARCHAR, nullable, "", "", name);
  }

  private static ResultColumn number(String name, boolean nullable) {
    return new ResultColumn(name, ColumnType.INTEGER, nullable, "", "", name);
  }

  /** A query under a name. */
  private static final class View extends AbstractTable {
    private final String sql;
    private final List<ResultColumn> columns;

    View(String sql, ResultColumn... columns) {
      this.sql = sql;
      this.columns = Arrays.asList(columns);
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      RelDataTypeFactory.Builder row = factory.builder();
      columns.forEach(
          column ->
              row.add(
                  column.label(), ColumnTypes.toRel(factory, column.type(), column.nullable())));
      return row.build();
    }
  }
}
