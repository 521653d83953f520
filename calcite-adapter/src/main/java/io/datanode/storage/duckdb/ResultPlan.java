package io.datanode.storage.duckdb;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.StorageQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a statement become vectors of the types wanted: by copying, where DuckDB lays
 * its type out as the vector does, else by a conversion in a SELECT around the statement.
 * Immutable.
 *
 * @param sql the statement to run: the original one if nothing needs converting
 * @param columns how each column is read
 */
record ResultPlan(String sql, List<ReadColumn> columns) {

  /**
   * Plans the reading of a statement.
   *
   * @param nativeTypes what DuckDB says its columns are
   * @param query the statement, and what its columns are to become
   */
  static ResultPlan of(List<String> nativeTypes, StorageQuery query) {
    List<ReadColumn> columns = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (int i = 0; i < nativeTypes.size(); i++) {
      String nativeType = nativeTypes.get(i);
      ColumnType wanted = query.columns().get(i);
      Supplier<ColumnReader> copy = copying(nativeType.toUpperCase(Locale.ROOT), wanted);
      // The digits of a decimal may depend on those of a parameter, so they are laid down here.
      boolean fixed = query.parameters().isEmpty() || wanted.kind() != ColumnType.Kind.DECIMAL;
      if (copy != null && fixed) {
        columns.add(new ReadColumn(layout(nativeType), copy));
        expressions.add(name(i));
      } else {
        columns.add(new ReadColumn(convertedLayout(wanted), reader(wanted)));
        expressions.add(converted(name(i), nativeType, wanted, 0));
      }
    }
    return new ResultPlan(around(query.sql(), expressions), List.copyOf(columns));
  }

  /**
   * Plans the reading of a statement whose columns have types that are known only when its
   * parameters are bound: all are converted.
   */
  static ResultPlan converting(StorageQuery query) {
    List<ReadColumn> columns = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (int i = 0; i < query.columns().size(); i++) {
      ColumnType wanted = query.columns().get(i);
      columns.add(new ReadColumn(convertedLayout(wanted), reader(wanted)));
      expressions.add(converted(name(i), "", wanted, 0));
    }
    return new ResultPlan(around(query.sql(), expressions), List.copyOf(columns));
  }

  private static String name(int column) {
    return "c" + column;
  }

  /** The statement itself if its columns are wanted as they are. */
  private static String around(String sql, List<String> expressions) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      names.add(name(i));
    }
    return expressions.equals(names)
        ? sql
        : "SELECT "
            + String.join(", ", expressions)
            + " FROM ("
            + sql
            + "\n) AS q("
            + String.join(", ", names)
            + ")";
  }

  /**
   * How one column is read.
   *
   * @param layout the type that the chunk must say it has
   * @param reader makes a reader of that layout
   */
  record ReadColumn(DuckDBColumnType layout, Supplier<ColumnReader> reader) {}

  /** True if a chunk is laid out as the readers expect. */
  boolean reads(DuckDBDataChunkReader chunk) {
    for (int i = 0; i < columns.size(); i++) {
      if (chunk.vector(i).getType() != columns.get(i).layout()) {
        return false;
      }
    }
    return true;
  }

  /** New readers, one for each column, for one run of the statement. */
  ColumnReader[] newReaders() {
    ColumnReader[] readers = new ColumnReader[columns.size()];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = columns.get(i).reader().get();
    }
    return readers;
  }

  /** The reader for a native type that is laid out as the vectors of a wanted type; else null. */
  private static @Nullable Supplier<ColumnReader> copying(String nativeType, ColumnType wanted) {
    ColumnType.Kind kind = wanted.kind();
    switch (nativeType) {
      case "BOOLEAN":
        return kind == ColumnType.Kind.BOOLEAN ? ColumnReaders::bytes : null;
      case "TINYINT":
        return integers(wanted) ? ColumnReaders::bytes : null;
      case "SMALLINT":
        return integers(wanted) && kind != ColumnType.Kind.TINYINT ? ColumnReaders::shorts : null;
      case "INTEGER":
        return kind == ColumnType.Kind.INTEGER
                || kind == ColumnType.Kind.BIGINT
                || kind == ColumnType.Kind.YEAR_MONTH
                || kind == ColumnType.Kind.DAY_TIME
            ? ColumnReaders::ints
            : null;
      case "BIGINT":
        return kind == ColumnType.Kind.BIGINT
                || kind == ColumnType.Kind.YEAR_MONTH
                || kind == ColumnType.Kind.DAY_TIME
            ? ColumnReaders::longs
            : null;
      case "HUGEINT":
        if (kind == ColumnType.Kind.BIGINT) {
          return () -> ColumnReaders.hugeToLong(wanted);
        }
        return kind == ColumnType.Kind.DECIMAL && wanted.scale() == 0 && wanted.precision() > 18
            ? () -> ColumnReaders.wideDecimals(wanted)
            : null;
      case "FLOAT":
        return kind == ColumnType.Kind.REAL || kind == ColumnType.Kind.DOUBLE
            ? ColumnReaders::floats
            : null;
      case "DOUBLE":
        return kind == ColumnType.Kind.DOUBLE ? ColumnReaders::doubles : null;
      case "DATE":
        return kind == ColumnType.Kind.DATE ? ColumnReaders::dates : null;
      case "TIMESTAMP":
      case "TIMESTAMP WITH TIME ZONE":
        // The session zone is UTC, so a timestamp and its instant are the same number.
        return time(wanted) && !wanted.nanoseconds() ? ColumnReaders::longs : null;
      case "TIMESTAMP_NS":
        return time(wanted) && wanted.nanoseconds() ? ColumnReaders::longs : null;
      case "VARCHAR":
      case "JSON":
        return kind == ColumnType.Kind.VARCHAR
                || kind == ColumnType.Kind.JSON
                || kind == ColumnType.Kind.OTHER
            ? ColumnReaders::text
            : null;
      default:
        return nativeType.startsWith("DECIMAL(") && kind == ColumnType.Kind.DECIMAL
            ? decimals(NativeTypes.columnType(nativeType), wanted)
            : null;
    }
  }

  /** What a chunk calls a type that {@link #copying} knows. */
  private static DuckDBColumnType layout(String nativeType) {
    String upper = nativeType.toUpperCase(Locale.ROOT);
    if (upper.startsWith("DECIMAL(")) {
      return DuckDBColumnType.DECIMAL;
    }
    switch (upper) {
      case "TIMESTAMP WITH TIME ZONE":
        return DuckDBColumnType.TIMESTAMP_WITH_TIME_ZONE;
      case "JSON":
        return DuckDBColumnType.VARCHAR;
      default:
        return DuckDBColumnType.valueOf(upper);
    }
  }

  /** What a chunk calls the type that {@link #converted} gives. */
  private static DuckDBColumnType convertedLayout(ColumnType wanted) {
    switch (wanted.kind()) {
      case VARCHAR:
      case VARBINARY:
      case UUID:
      case JSON:
      case OTHER:
      case ARRAY:
        return DuckDBColumnType.VARCHAR;
      case TIME:
      case YEAR_MONTH:
      case DAY_TIME:
        return DuckDBColumnType.BIGINT;
      case TIMESTAMP:
      case INSTANT:
        return wanted.nanoseconds()
            ? DuckDBColumnType.TIMESTAMP_NS
            : layout(NativeTypes.nativeType(wanted));
      default:
        return layout(NativeTypes.nativeType(wanted));
    }
  }

  private static boolean integers(ColumnType type) {
    return type.kind() == ColumnType.Kind.TINYINT
        || type.kind() == ColumnType.Kind.SMALLINT
        || type.kind() == ColumnType.Kind.INTEGER
        || type.kind() == ColumnType.Kind.BIGINT;
  }

  private static boolean time(ColumnType type) {
    return type.kind() == ColumnType.Kind.TIMESTAMP || type.kind() == ColumnType.Kind.INSTANT;
  }

  private static @Nullable Supplier<ColumnReader> decimals(ColumnType stored, ColumnType wanted) {
    if (stored.scale() != wanted.scale() || stored.precision() > wanted.precision()) {
      return null;
    }
    if (stored.precision() > 18) {
      return () -> ColumnReaders.wideDecimals(wanted);
    }
    if (wanted.precision() > 18) {
      return null;
    }
    if (stored.precision() > 9) {
      return ColumnReaders::longs;
    }
    return stored.precision() > 4 ? ColumnReaders::ints : ColumnReaders::shorts;
  }

  /** The reader of a column that {@link #converted} has made readable. */
  private static Supplier<ColumnReader> reader(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
      case TINYINT:
        return ColumnReaders::bytes;
      case SMALLINT:
        return ColumnReaders::shorts;
      case INTEGER:
        return ColumnReaders::ints;
      case REAL:
        return ColumnReaders::floats;
      case DOUBLE:
        return ColumnReaders::doubles;
      case DECIMAL:
        return decimals(type, type);
      case DATE:
        return ColumnReaders::dates;
      case VARBINARY:
        return ColumnReaders::base64;
      case VARCHAR:
      case UUID:
      case JSON:
      case OTHER:
        return ColumnReaders::text;
      case ARRAY:
        return () -> new ArrayReader(type);
      default:
        return ColumnReaders::longs;
    }
  }

  /** The expression that turns a column into something the chunk interface reads. */
  private static String converted(
      String expression, String nativeType, ColumnType wanted, int depth) {
    String upper = nativeType.toUpperCase(Locale.ROOT);
    switch (wanted.kind()) {
      case TIME:
        return "epoch_us(CAST(" + expression + " AS TIME))";
      case INSTANT:
      case TIMESTAMP:
        return "CAST("
            + expression
            + " AS "
            + (wanted.nanoseconds() ? "TIMESTAMP_NS" : NativeTypes.nativeType(wanted))
            + ")";
      case YEAR_MONTH:
        return "CAST(date_part('year', "
            + expression
            + ") * 12 + date_part('month', "
            + expression
            + ") AS BIGINT)";
      case DAY_TIME:
        return "epoch_us(CAST(" + expression + " AS INTERVAL))";
      case VARBINARY:
        return "base64(CAST(" + expression + " AS BLOB))";
      case VARCHAR:
        return upper.equals("BLOB")
            ? "decode(" + expression + ")"
            : "CAST(" + expression + " AS VARCHAR)";
      case UUID:
      case JSON:
      case OTHER:
        return "CAST(" + expression + " AS VARCHAR)";
      case ARRAY:
        return "CASE WHEN "
            + expression
            + " IS NOT NULL THEN CAST(to_json("
            + texts(expression, nativeType, wanted, depth)
            + ") AS VARCHAR) END";
      default:
        return "CAST(" + expression + " AS " + NativeTypes.nativeType(wanted) + ")";
    }
  }

  /** The elements of a list as strings, for {@link ArrayReader}. */
  private static String texts(String list, String nativeType, ColumnType wanted, int depth) {
    String element = "e" + depth;
    ColumnType type = wanted.element();
    int bracket = nativeType.lastIndexOf('[');
    String elementType = bracket < 0 ? "" : nativeType.substring(0, bracket);
    String text;
    if (type.kind() == ColumnType.Kind.ARRAY) {
      text = texts(element, elementType, type, depth + 1);
    } else if (type.kind() == ColumnType.Kind.INSTANT || type.kind() == ColumnType.Kind.TIMESTAMP) {
      String unit = type.nanoseconds() ? "epoch_ns(" : "epoch_us(";
      text = finite(element, unit + element + ")");
    } else if (type.kind() == ColumnType.Kind.DATE) {
      text = finite(element, "(" + element + " - DATE '1970-01-01')");
    } else {
      text = "CAST(" + converted(element, elementType, type, depth) + " AS VARCHAR)";
    }
    return "list_transform(" + list + ", lambda " + element + ": " + text + ")";
  }

  private static String finite(String element, String number) {
    return "CASE WHEN isfinite("
        + element
        + ") THEN CAST("
        + number
        + " AS VARCHAR) ELSE CAST("
        + element
        + " AS VARCHAR) END";
  }
}
