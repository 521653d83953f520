package io.datanode.storage.duckdb;

import io.datanode.jdbc.batch.ColumnType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the names of DuckDB's types correspond to the types of SQL here. */
final class NativeTypes {
  private NativeTypes() {}

  /**
   * What SQL here calls a type.
   *
   * @param nativeType as DESCRIBE prints it, for example {@code DECIMAL(18,4)} or {@code VARCHAR[]}
   */
  static ColumnType columnType(String nativeType) {
    String name = nativeType.trim();
    if (name.endsWith("]")) {
      ColumnType element = columnType(name.substring(0, name.lastIndexOf('[')));
      return ColumnType.array(element);
    }
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.startsWith("DECIMAL(")) {
      String[] digits = upper.substring(8, upper.indexOf(')')).split(",", -1);
      return ColumnType.decimal(
          Integer.parseInt(digits[0].trim()), Integer.parseInt(digits[1].trim()));
    }
    if (upper.startsWith("ENUM(")) {
      return ColumnType.VARCHAR;
    }
    switch (upper) {
      case "BOOLEAN":
        return ColumnType.BOOLEAN;
      case "TINYINT":
        return ColumnType.TINYINT;
      case "SMALLINT":
      case "UTINYINT":
        return ColumnType.SMALLINT;
      case "INTEGER":
      case "USMALLINT":
        return ColumnType.INTEGER;
      case "BIGINT":
      case "UINTEGER":
        return ColumnType.BIGINT;
      case "UBIGINT":
        return ColumnType.decimal(20, 0);
      case "HUGEINT":
        return ColumnType.decimal(38, 0);
      case "FLOAT":
        return ColumnType.REAL;
      case "DOUBLE":
        return ColumnType.DOUBLE;
      case "VARCHAR":
      case "ENUM":
        return ColumnType.VARCHAR;
      case "BLOB":
        return ColumnType.VARBINARY;
      case "DATE":
        return ColumnType.DATE;
      case "TIME":
      case "TIME_NS":
        return ColumnType.TIME;
      case "TIMESTAMP":
      case "TIMESTAMP_S":
      case "TIMESTAMP_MS":
        return ColumnType.TIMESTAMP;
      case "TIMESTAMP_NS":
        return ColumnType.TIMESTAMP_NANOS;
      case "TIMESTAMP WITH TIME ZONE":
        return ColumnType.INSTANT;
      case "TIMESTAMPTZ_NS":
        return ColumnType.INSTANT_NANOS;
      case "UUID":
        return ColumnType.UUID;
      case "JSON":
        return ColumnType.JSON;
      default:
        // Structures, maps, unions, intervals of months and days, bit strings, 128-bit unsigned
        // numbers: SQL here has no type that holds all their values.
        return ColumnType.OTHER;
    }
  }

  /**
   * The type that a column is read as to be compared and ordered as here, or null if it already is:
   * an ENUM is not ordered as its texts are, DuckDB converts the text beside JSON or an INTERVAL
   * instead of comparing texts, and text functions do not take them.
   *
   * @param nativeType as DESCRIBE prints it
   */
  static @Nullable String shownAs(String nativeType) {
    String name = nativeType.trim();
    if (name.endsWith("]")) {
      String element = shownAs(name.substring(0, name.lastIndexOf('[')));
      return element == null ? null : element + "[]";
    }
    switch (columnType(name).kind()) {
      case VARCHAR:
      case JSON:
      case OTHER:
        return name.equalsIgnoreCase("VARCHAR") ? null : "VARCHAR";
      default:
        return null;
    }
  }

  /** The type of DuckDB that holds the values of a type of SQL here. */
  static String nativeType(ColumnType type) {
    switch (type.kind()) {
      case REAL:
        return "FLOAT";
      case DECIMAL:
        return "DECIMAL(" + type.precision() + "," + type.scale() + ")";
      case VARBINARY:
        return "BLOB";
      case TIMESTAMP:
        return type.nanoseconds() ? "TIMESTAMP_NS" : "TIMESTAMP";
      case INSTANT:
        return type.nanoseconds() ? "TIMESTAMPTZ_NS" : "TIMESTAMP WITH TIME ZONE";
      case YEAR_MONTH:
      case DAY_TIME:
        return "INTERVAL";
      case OTHER:
        return "VARCHAR";
      case ARRAY:
        return nativeType(type.element()) + "[]";
      default:
        return type.kind().name();
    }
  }
}
