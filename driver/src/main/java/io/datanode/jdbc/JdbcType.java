package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnType;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.UUID;

/**
 * What JDBC says of a {@link ColumnType}: number of the type, name, Java class, sizes.
 *
 * <p>The same for the columns of a result, the parameters of a statement and the rows of {@code
 * DatabaseMetaData}.
 */
public final class JdbcType {
  /** Length reported for text and bytes, which have no limit; tools reserve space by it. */
  public static final int UNLIMITED = 65_535;

  private JdbcType() {}

  /**
   * The constant of {@link Types}.
   *
   * @param withTimeZone whether an INSTANT is 2014, as {@link Setting#TIMESTAMP_TYPE} may ask for,
   *     rather than 93
   */
  public static int number(ColumnType type, boolean withTimeZone) {
    switch (type.kind()) {
      case BOOLEAN:
        return Types.BOOLEAN;
      case TINYINT:
        return Types.TINYINT;
      case SMALLINT:
        return Types.SMALLINT;
      case INTEGER:
        return Types.INTEGER;
      case BIGINT:
        return Types.BIGINT;
      case REAL:
        return Types.REAL;
      case DOUBLE:
        return Types.DOUBLE;
      case DECIMAL:
        return Types.DECIMAL;
      case VARBINARY:
        return Types.VARBINARY;
      case DATE:
        return Types.DATE;
      case TIME:
        return Types.TIME;
      case TIMESTAMP:
        return Types.TIMESTAMP;
      case INSTANT:
        return withTimeZone ? Types.TIMESTAMP_WITH_TIMEZONE : Types.TIMESTAMP;
      case UUID:
        return Types.OTHER;
      case ARRAY:
        return Types.ARRAY;
      default:
        // JSON, intervals and types that only a storage knows are read as text.
        return Types.VARCHAR;
    }
  }

  /** The name as SQL writes it, without sizes. */
  public static String name(ColumnType type) {
    switch (type.kind()) {
      case DECIMAL:
      case TIME:
      case TIMESTAMP:
        return type.kind().name();
      case INSTANT:
        return "TIMESTAMP WITH LOCAL TIME ZONE";
      case OTHER:
        return "VARCHAR";
      case ARRAY:
        return name(type.element()) + " ARRAY";
      default:
        return type.toString();
    }
  }

  /** The class of what {@code getObject(int)} returns. */
  public static Class<?> javaClass(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return Boolean.class;
      case TINYINT:
      case SMALLINT:
      case INTEGER:
        return Integer.class;
      case BIGINT:
        return Long.class;
      case REAL:
        return Float.class;
      case DOUBLE:
        return Double.class;
      case DECIMAL:
        return BigDecimal.class;
      case VARBINARY:
        return byte[].class;
      case DATE:
        return Date.class;
      case TIME:
        return Time.class;
      case TIMESTAMP:
      case INSTANT:
        return Timestamp.class;
      case UUID:
        return UUID.class;
      case ARRAY:
        return Array.class;
      default:
        return String.class;
    }
  }

  /** Decimal digits of a number, characters of anything else, bytes of bytes; never 0. */
  public static int precision(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return 1;
      case TINYINT:
        return 3;
      case SMALLINT:
        return 5;
      case INTEGER:
        return 10;
      case BIGINT:
        return 19;
      case REAL:
        return 8;
      case DOUBLE:
        return 17;
      case DECIMAL:
        return type.precision();
      default:
        return displaySize(type);
    }
  }

  /** Digits after the point of a DECIMAL or of the seconds of a time, else 0. */
  public static int scale(ColumnType type) {
    switch (type.kind()) {
      case DECIMAL:
        return type.scale();
      case TIME:
      case TIMESTAMP:
      case INSTANT:
        return type.precision();
      default:
        return 0;
    }
  }

  /** The most characters {@code getString} gives for ordinary values; never 0. */
  public static int displaySize(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return 5;
      case TINYINT:
        return 4;
      case SMALLINT:
        return 6;
      case INTEGER:
        return 11;
      case BIGINT:
        return 20;
      case REAL:
        return 15;
      case DOUBLE:
        return 25;
      case DECIMAL:
        return type.precision() + 2;
      case DATE:
        return 10;
      case TIME:
        return 15;
      case TIMESTAMP:
        return type.nanoseconds() ? 29 : 26;
      case INSTANT:
        return type.nanoseconds() ? 35 : 32;
      case UUID:
        return 36;
      case YEAR_MONTH:
      case DAY_TIME:
        return 32;
      default:
        return UNLIMITED;
    }
  }

  /** True for numbers. */
  public static boolean signed(ColumnType type) {
    return type.kind().isNumber();
  }
}
