package io.datanode.engine;

import io.datanode.jdbc.JdbcType;
import io.datanode.jdbc.batch.ColumnType;
import org.jspecify.annotations.Nullable;

/** What {@link java.sql.DatabaseMetaData} tells of column types beyond {@link JdbcType}. */
final class TypeFacts {
  private TypeFacts() {}

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
        return JdbcType.UNLIMITED;
      default:
        return null;
    }
  }
}
