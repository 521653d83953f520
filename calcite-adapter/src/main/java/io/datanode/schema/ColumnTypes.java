package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/** Translates between the types of columns and those of Calcite. */
public final class ColumnTypes {
  private ColumnTypes() {}

  /** The Calcite type of a column. */
  public static RelDataType toRel(RelDataTypeFactory factory, ColumnType type, boolean nullable) {
    return factory.createTypeWithNullability(toRel(factory, type), nullable);
  }

  private static RelDataType toRel(RelDataTypeFactory factory, ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return factory.createSqlType(SqlTypeName.BOOLEAN);
      case TINYINT:
        return factory.createSqlType(SqlTypeName.TINYINT);
      case SMALLINT:
        return factory.createSqlType(SqlTypeName.SMALLINT);
      case INTEGER:
        return factory.createSqlType(SqlTypeName.INTEGER);
      case BIGINT:
        return factory.createSqlType(SqlTypeName.BIGINT);
      case REAL:
        return factory.createSqlType(SqlTypeName.REAL);
      case DOUBLE:
        return factory.createSqlType(SqlTypeName.DOUBLE);
      case DECIMAL:
        return factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
      case VARBINARY:
        return factory.createSqlType(SqlTypeName.VARBINARY);
      case DATE:
        return factory.createSqlType(SqlTypeName.DATE);
      case TIME:
        return factory.createSqlType(SqlTypeName.TIME, type.precision());
      case TIMESTAMP:
        return factory.createSqlType(SqlTypeName.TIMESTAMP, type.precision());
      case INSTANT:
        return factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, type.precision());
      case UUID:
        return factory.createSqlType(SqlTypeName.UUID);
      case YEAR_MONTH:
        return factory.createSqlIntervalType(Intervals.YEAR_TO_MONTH);
      case DAY_TIME:
        return factory.createSqlIntervalType(Intervals.DAY_TO_SECOND);
      case ARRAY:
        return factory.createArrayType(toRel(factory, type.element(), true), -1);
      case VARCHAR:
      case JSON:
      case OTHER:
        return factory.createSqlType(SqlTypeName.VARCHAR);
    }
    throw new IllegalArgumentException(type.toString());
  }

  /**
   * The column type of a Calcite type.
   *
   * @throws DataNodeException 0A000 if results cannot carry it
   */
  public static ColumnType fromRel(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case BOOLEAN:
        return ColumnType.BOOLEAN;
      case TINYINT:
        return ColumnType.TINYINT;
      case SMALLINT:
        return ColumnType.SMALLINT;
      case INTEGER:
        return ColumnType.INTEGER;
      case BIGINT:
        return ColumnType.BIGINT;
      case REAL:
        return ColumnType.REAL;
      case FLOAT:
      case DOUBLE:
        return ColumnType.DOUBLE;
      case DECIMAL:
        return ColumnType.decimal(Math.min(38, type.getPrecision()), Math.max(0, type.getScale()));
      case CHAR:
      case VARCHAR:
      case NULL:
      case ANY:
      case SYMBOL:
      case UNKNOWN:
        return ColumnType.VARCHAR;
      case BINARY:
      case VARBINARY:
        return ColumnType.VARBINARY;
      case DATE:
        return ColumnType.DATE;
      case TIME:
        return ColumnType.TIME;
      case TIMESTAMP:
        return type.getPrecision() > 6 ? ColumnType.TIMESTAMP_NANOS : ColumnType.TIMESTAMP;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP_TZ:
        return type.getPrecision() > 6 ? ColumnType.INSTANT_NANOS : ColumnType.INSTANT;
      case UUID:
        return ColumnType.UUID;
      case ARRAY:
      case MULTISET:
        return ColumnType.array(fromRel(element(type)));
      case MAP:
      case ROW:
      case VARIANT:
      case OTHER:
        return ColumnType.OTHER;
      default:
        if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName())) {
          return ColumnType.YEAR_MONTH;
        }
        if (SqlTypeName.DAY_INTERVAL_TYPES.contains(type.getSqlTypeName())) {
          return ColumnType.DAY_TIME;
        }
        throw new DataNodeException(
            SqlState.NOT_SUPPORTED,
            "A result column cannot have type "
                + type.getFullTypeString()
                + "; cast it to a type a client can read, for example VARCHAR");
    }
  }

  private static RelDataType element(RelDataType array) {
    RelDataType element = array.getComponentType();
    if (element == null) {
      throw new IllegalArgumentException(array.getFullTypeString());
    }
    return element;
  }
}
