package io.datanode.schema;

import static io.datanode.schema.FunctionCatalog.add;
import static io.datanode.schema.FunctionCatalog.basic;

import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.util.List;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/** Functions that choose among their arguments, and those of arrays. */
final class ConditionalFunctions {
  private ConditionalFunctions() {}

  static void addTo(List<Function> all) {
    Category c = Category.CONDITIONAL;
    add(all, c, "COALESCE(x, y, …)", "The first that is not NULL.", SqlStdOperatorTable.COALESCE);
    add(all, c, "NULLIF(x, y)", "NULL if x equals y, else x.", SqlStdOperatorTable.NULLIF);
    add(
        all,
        c,
        "IF(c, x, y)",
        "x if c is true, else y.",
        basic(
            "IF",
            ReturnTypes.LEAST_RESTRICTIVE,
            OperandTypes.family(SqlTypeFamily.BOOLEAN, SqlTypeFamily.ANY, SqlTypeFamily.ANY)));
    add(
        all,
        c,
        "IFNULL(x, y)",
        "y if x is NULL, else x.",
        basic("IFNULL", ReturnTypes.LEAST_RESTRICTIVE, OperandTypes.SAME_SAME));
    add(
        all,
        c,
        "NVL(x, y)",
        "The same as IFNULL.",
        basic("NVL", ReturnTypes.LEAST_RESTRICTIVE, OperandTypes.SAME_SAME));
    add(
        all,
        c,
        "GREATEST(x, y, …)",
        "The greatest that is not NULL.",
        basic(
            "GREATEST",
            ReturnTypes.LEAST_RESTRICTIVE.andThen(SqlTypeTransforms.TO_NULLABLE_ALL),
            OperandTypes.SAME_VARIADIC));
    add(
        all,
        c,
        "LEAST(x, y, …)",
        "The least that is not NULL.",
        basic(
            "LEAST",
            ReturnTypes.LEAST_RESTRICTIVE.andThen(SqlTypeTransforms.TO_NULLABLE_ALL),
            OperandTypes.SAME_VARIADIC));
    add(
        all,
        Category.ARRAY,
        "CARDINALITY(a)",
        "Number of elements.",
        SqlStdOperatorTable.CARDINALITY);
  }
}
