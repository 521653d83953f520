package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import io.datanode.schema.SystemFunctions;
import java.util.EnumSet;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Names with a catalog before the schema, such as {@code datanode.nodes.daily_prices}, which tools
 * write that read {@code information_schema}. There is one catalog, so they mean what they mean
 * without it.
 *
 * @see "ISO/IEC 9075-2, subclause 6.6: a chain of identifiers begins with a catalog only if a
 *     schema and a table follow"
 */
final class CatalogNames extends SqlBasicVisitor<Void> {
  /** Parts of a table's name that begins with a catalog. */
  private static final int TABLE_PARTS = 3;

  /** What may stand around a table in FROM, which is its first operand. */
  private static final Set<SqlKind> AROUND_TABLES =
      EnumSet.of(
          SqlKind.AS,
          SqlKind.SNAPSHOT,
          SqlKind.TABLESAMPLE,
          SqlKind.TABLE_REF,
          SqlKind.EXTEND,
          SqlKind.PIVOT,
          SqlKind.UNPIVOT,
          SqlKind.MATCH_RECOGNIZE);

  private CatalogNames() {}

  /**
   * Takes the catalog off the names of a query.
   *
   * @throws ParsedSqlException 3D000 if it is another one
   */
  static void drop(SqlNode query) {
    query.accept(new CatalogNames());
  }

  @Override
  public Void visit(SqlCall call) {
    if (call instanceof SqlSelect) {
      dropFrom(((SqlSelect) call).getFrom());
    } else if (call.getKind() == SqlKind.EXPLICIT_TABLE) {
      dropFrom(call.operand(0));
    }
    return super.visit(call);
  }

  /** Other names are of columns: three parts are schema, table and column. */
  @Override
  public Void visit(SqlIdentifier name) {
    if (name.names.size() > TABLE_PARTS) {
      drop(name);
    }
    return null;
  }

  private void dropFrom(@Nullable SqlNode from) {
    if (from instanceof SqlIdentifier) {
      if (((SqlIdentifier) from).names.size() == TABLE_PARTS) {
        drop((SqlIdentifier) from);
      }
    } else if (from instanceof SqlJoin) {
      dropFrom(((SqlJoin) from).getLeft());
      dropFrom(((SqlJoin) from).getRight());
    } else if (from != null && AROUND_TABLES.contains(from.getKind())) {
      dropFrom(((SqlCall) from).operand(0));
    }
  }

  private static void drop(SqlIdentifier name) {
    String catalog = name.names.get(0);
    if (!catalog.equalsIgnoreCase(SystemFunctions.DATABASE)) {
      throw new ParsedSqlException(
          SqlState.UNDEFINED_CATALOG,
          "There is no catalog '"
              + catalog
              + "'; the only one is '"
              + SystemFunctions.DATABASE
              + "', and names need none",
          name.getComponentParserPosition(0));
    }
    name.assignNamesFrom(name.getComponent(1, name.names.size()));
  }
}
