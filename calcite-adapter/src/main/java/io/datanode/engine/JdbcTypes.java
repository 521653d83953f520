package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnType;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** What {@link java.sql.DatabaseMetaData} tells of column types. */
final class JdbcTypes {
  /** Length told of texts, which have none: some tools reserve room for it. */
  static final int TEXT_LENGTH = 65_535;

  private JdbcTypes() {}

  /**
   * The code in {@link Types}.
   *
   * @param zoned true if instants are TIMESTAMP_WITH_TIMEZONE rather than TIMESTAMP
   */
  static int code(ColumnType type, boolean zoned) {
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
      case VARCHAR:
      case JSON:
        return Types.VARCHAR;
      case VARBINARY:
        return Types.VARBINARY;
      case DATE:
        return Types.DATE;
      case TIME:
        return Types.TIME;
      case TIMESTAMP:
        return Types.TIMESTAMP;
      case INSTANT:
        return zoned ? Types.TIMESTAMP_WITH_TIMEZONE : Types.TIMESTAMP;
      case ARRAY:
        return Types.ARRAY;
      default:
        return Types.OTHER;
    }
  }

  /** The type's name without its digits. */
  static String name(ColumnType type) {
    switch (type.kind()) {
      case DECIMAL:
        return "DECIMAL";
      case TIME:
        return "TIME";
      case TIMESTAMP:
        return "TIMESTAMP";
      case INSTANT:
        return "TIMESTAMP WITH LOCAL TIME ZONE";
      case ARRAY:
        return name(type.element()) + " ARRAY";
      default:
        return type.toString();
    }
  }

  /** Digits of numbers, letters of texts and of dates and times as text; null if unknown. */
  static @Nullable Integer size(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return 1;
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case REAL:
      case DOUBLE:
      case DECIMAL:
        return type.precision();
      case VARCHAR:
      case VARBINARY:
      case JSON:
        return TEXT_LENGTH;
      case DATE:
        return 10;
      case TIME:
        return 15;
      case TIMESTAMP:
      case INSTANT:
        return type.nanoseconds() ? 29 : 26;
      case UUID:
        return 36;
      default:
        return null;
    }
  }

  /** Digits after the point; of the second for times; null where it has no meaning. */
  static @Nullable Integer decimalDigits(ColumnType type) {
    switch (type.kind()) {
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        return 0;
      case DECIMAL:
        return type.scale();
      case TIME:
        return 6;
      case TIMESTAMP:
      case INSTANT:
        return type.nanoseconds() ? 9 : 6;
      default:
        return null;
    }
  }

  /** 10 for numbers counted in decimal digits, else null. */
  static @Nullable Integer radix(ColumnType type) {
    switch (type.kind()) {
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case REAL:
      case DOUBLE:
      case DECIMAL:
        return 10;
      default:
        return null;
    }
  }

  /** The type code of dates and times within the SQL family of them, else null. */
  static @Nullable Integer datetimeSubcode(ColumnType type) {
    switch (type.kind()) {
      case DATE:
        return 1;
      case TIME:
        return 2;
      case TIMESTAMP:
      case INSTANT:
        return 3;
      default:
        return null;
    }
  }

  /** Bytes of a text or a byte string, else null. */
  static @Nullable Integer octets(ColumnType type) {
    switch (type.kind()) {
      case VARCHAR:
      case VARBINARY:
      case JSON:
        return TEXT_LENGTH;
      default:
        return null;
    }
  }
}
