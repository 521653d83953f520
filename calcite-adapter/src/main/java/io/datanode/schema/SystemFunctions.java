package io.datanode.schema;

import static io.datanode.schema.FunctionCatalog.add;

import io.datanode.Product;
import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.util.List;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Functions that tell where a statement runs; tools ask them when they connect. */
public final class SystemFunctions {
  /** The only database: there are no catalogs in JDBC's sense. */
  public static final String DATABASE = "datanode";

  private static final SqlReturnTypeInference TEXT =
      ReturnTypes.explicit(factory -> factory.createSqlType(SqlTypeName.VARCHAR));

  private static final SqlFunction CURRENT_CATALOG =
      function("CURRENT_CATALOG", SqlSyntax.FUNCTION_ID);

  private static final SqlFunction CURRENT_DATABASE =
      function("CURRENT_DATABASE", SqlSyntax.FUNCTION);

  private static final SqlFunction CURRENT_SCHEMA =
      function("CURRENT_SCHEMA", SqlSyntax.FUNCTION_ID);

  private static final SqlFunction VERSION = function("VERSION", SqlSyntax.FUNCTION);

  private SystemFunctions() {}

  private static SqlFunction function(String name, SqlSyntax syntax) {
    return SqlBasicFunction.create(name, TEXT, OperandTypes.NILADIC, SqlFunctionCategory.SYSTEM)
        .withSyntax(syntax);
  }

  /**
   * The text that a call stands for.
   *
   * @param name of the function
   * @param schema of the session
   * @return null if it is none of these functions
   */
  public static @Nullable String value(String name, String schema) {
    switch (name) {
      case "CURRENT_CATALOG":
      case "CURRENT_DATABASE":
        return DATABASE;
      case "CURRENT_SCHEMA":
        return schema;
      case "VERSION":
        return Product.NAME + " " + Product.version();
      default:
        return null;
    }
  }

  static void addTo(List<Function> all) {
    Category c = Category.SYSTEM;
    add(all, c, "CURRENT_CATALOG", "The same as CURRENT_DATABASE().", CURRENT_CATALOG);
    add(all, c, "CURRENT_DATABASE()", "Always '" + DATABASE + "'.", CURRENT_DATABASE);
    add(all, c, "CURRENT_SCHEMA", "The schema of names without one.", CURRENT_SCHEMA);
    add(all, c, "VERSION()", "Name and version of this product.", VERSION);
  }
}
