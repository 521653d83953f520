package io.datanode.schema;

import static io.datanode.schema.FunctionCatalog.add;
import static io.datanode.schema.FunctionCatalog.basic;

import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.util.List;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/** Functions of tables: windows of time, bars and grids. */
final class TableFunctions {
  private TableFunctions() {}

  static void addTo(List<Function> all) {
    Category c = Category.TABLE;
    add(
        all,
        c,
        "GRID(TABLE t [PARTITION BY …], DESCRIPTOR(time), width [, fill =>] [, start_time =>] [,"
            + " end_time =>] [, zone =>])",
        "A row for every step of each series, with NULL, the 'previous' row, the 'linear' line to"
            + " the next or a number where the table has none.",
        basic("GRID", ReturnTypes.CURSOR, OperandTypes.VARIADIC));
    add(
        all,
        c,
        "HOP(TABLE t, DESCRIPTOR(time), slide, size [, offset])",
        "The rows of a table, each once for every window it is in, with window_start and"
            + " window_end.",
        SqlStdOperatorTable.HOP);
    add(
        all,
        c,
        "RESAMPLE(TABLE t, DESCRIPTOR(time), width [, label =>] [, closed =>] [, origin =>] [, zone"
            + " =>])",
        "The rows of a table with window_start, window_end and bucket, the label of the bucket they"
            + " are in, which holds its end unless told otherwise.",
        basic("RESAMPLE", ReturnTypes.CURSOR, OperandTypes.VARIADIC));
    add(
        all,
        c,
        "TUMBLE(TABLE t, DESCRIPTOR(time), size [, offset])",
        "The rows of a table with window_start and window_end of the window they are in, which holds"
            + " its start.",
        SqlStdOperatorTable.TUMBLE);
  }
}
