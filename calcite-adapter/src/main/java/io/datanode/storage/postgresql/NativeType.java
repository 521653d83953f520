package io.datanode.storage.postgresql;

import io.datanode.jdbc.batch.ColumnType;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/**
 * The type of a stored column, with domains replaced by what they are domains over.
 *
 * @param oid its number in {@code pg_type}
 * @param modifier what {@code pg_attribute.atttypmod} says: the digits of a NUMERIC
 * @param kind {@code pg_type.typtype}: {@code b} base, {@code e} enum, …
 * @param category {@code pg_type.typcategory}: {@code S} text, {@code A} array, …
 * @param element the type of an array's elements, or null
 */
record NativeType(
    int oid, int modifier, String kind, String category, @Nullable NativeType element) {
  private static final int MAX_DIGITS = 38;

  /** Digits after the point of a NUMERIC that is stored without such a number. */
  static final int FREE_SCALE = 18;

  /** What SQL here calls it. */
  ColumnType columnType() {
    if (element != null) {
      return ColumnType.array(element.columnType());
    }
    switch (oid) {
      case Oid.BOOL:
        return ColumnType.BOOLEAN;
      case Oid.INT2:
        return ColumnType.SMALLINT;
      case Oid.INT4:
        return ColumnType.INTEGER;
      case Oid.INT8:
      case Oid.OID:
        return ColumnType.BIGINT;
      case Oid.FLOAT4:
        return ColumnType.REAL;
      case Oid.FLOAT8:
        return ColumnType.DOUBLE;
      case Oid.NUMERIC:
        return decimal();
      case Oid.BYTEA:
        return ColumnType.VARBINARY;
      case Oid.DATE:
        return ColumnType.DATE;
      case Oid.TIME:
        return ColumnType.TIME;
      case Oid.TIMESTAMP:
        return ColumnType.TIMESTAMP;
      case Oid.TIMESTAMPTZ:
        return ColumnType.INSTANT;
      case Oid.UUID:
        return ColumnType.UUID;
      case Oid.JSON:
      case Oid.JSONB:
        return ColumnType.JSON;
      default:
        return isText() ? ColumnType.VARCHAR : ColumnType.OTHER;
    }
  }

  /** True if it is text, or an enum, which is shown and compared as text. */
  private boolean isText() {
    return category.equals("S") || kind.equals("e") || oid == Oid.CHAR;
  }

  private ColumnType decimal() {
    if (modifier < 4) {
      return ColumnType.decimal(MAX_DIGITS, FREE_SCALE);
    }
    int digits = (modifier - 4) >> 16 & 0xffff;
    // Eleven bits with a sign: since PostgreSQL 15 a scale may be negative.
    int scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    int precision = scale < 0 ? digits - scale : Math.max(digits, scale);
    return ColumnType.decimal(
        Math.min(precision, MAX_DIGITS), Math.min(Math.max(scale, 0), MAX_DIGITS));
  }

  /**
   * The type it has to be cast to before SQL here may compare, group and search it, or null if it
   * already is one of those types. So CHAR(n) loses its padding, an enum is ordered as text is, and
   * JSON, which PostgreSQL does not compare, becomes its text.
   */
  @Nullable String shownAs() {
    if (element != null) {
      String shown = element.shownAs();
      return shown == null ? null : shown + "[]";
    }
    switch (oid) {
      case Oid.TEXT:
      case Oid.VARCHAR:
        return null;
      case Oid.OID:
        return "bigint";
      default:
        ColumnType.Kind type = columnType().kind();
        return type == ColumnType.Kind.VARCHAR
                || type == ColumnType.Kind.JSON
                || type == ColumnType.Kind.OTHER
            ? "text"
            : null;
    }
  }

  /** The number of the type that {@link #name} names; for arrays, of some array. */
  static int oid(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return Oid.BOOL;
      case TINYINT:
      case SMALLINT:
        return Oid.INT2;
      case INTEGER:
        return Oid.INT4;
      case BIGINT:
      case YEAR_MONTH:
      case DAY_TIME:
        return Oid.INT8;
      case REAL:
        return Oid.FLOAT4;
      case DOUBLE:
        return Oid.FLOAT8;
      case DECIMAL:
        return Oid.NUMERIC;
      case VARBINARY:
        return Oid.BYTEA;
      case DATE:
        return Oid.DATE;
      case TIME:
        return Oid.TIME;
      case TIMESTAMP:
        return Oid.TIMESTAMP;
      case INSTANT:
        return Oid.TIMESTAMPTZ;
      case UUID:
        return Oid.UUID;
      case ARRAY:
        return Oid.TEXT_ARRAY;
      case VARCHAR:
      case JSON:
      case OTHER:
        return Oid.TEXT;
    }
    throw new IllegalArgumentException(type.toString());
  }

  /** The type of PostgreSQL that holds the values of a type of SQL here. */
  static String name(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return "boolean";
      case TINYINT:
      case SMALLINT:
        return "smallint";
      case INTEGER:
        return "integer";
      case BIGINT:
        return "bigint";
      case REAL:
        return "real";
      case DOUBLE:
        return "double precision";
      case DECIMAL:
        return "numeric(" + type.precision() + ", " + type.scale() + ")";
      case VARBINARY:
        return "bytea";
      case DATE:
        return "date";
      case TIME:
        return "time";
      case TIMESTAMP:
        return "timestamp";
      case INSTANT:
        return "timestamptz";
      case UUID:
        return "uuid";
      case YEAR_MONTH:
      case DAY_TIME:
        return "interval";
      case ARRAY:
        return name(type.element()) + "[]";
      case VARCHAR:
      case JSON:
      case OTHER:
        return "text";
    }
    throw new IllegalArgumentException(type.toString());
  }
}
