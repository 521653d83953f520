package io.datanode.schema;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Limits and result types of SQL here.
 *
 * <p>Times keep up to nanoseconds and are microseconds unless they say otherwise; decimals have up
 * to 38 digits. SUM of whole numbers is wide enough not to overflow: BIGINT for INTEGER and
 * narrower, DECIMAL(38, 0) for BIGINT, as in PostgreSQL. AVG, and division of decimals, give
 * DOUBLE, as in DuckDB.
 */
public final class NodeTypeSystem extends RelDataTypeSystemImpl {
  /** The only one; it has no state. */
  public static final NodeTypeSystem INSTANCE = new NodeTypeSystem();

  private static final int MAX_TIME_PRECISION = 9;
  private static final int MAX_DECIMAL_DIGITS = 38;
  private static final int MICROSECONDS = 6;

  private NodeTypeSystem() {}

  @Override
  public int getMaxPrecision(SqlTypeName typeName) {
    switch (typeName) {
      case DECIMAL:
        return MAX_DECIMAL_DIGITS;
      case TIME:
      case TIME_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP:
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP_TZ:
        return MAX_TIME_PRECISION;
      case CHAR:
      case VARCHAR:
      case BINARY:
      case VARBINARY:
        return Integer.MAX_VALUE;
      default:
        return super.getMaxPrecision(typeName);
    }
  }

  @Override
  public int getMaxScale(SqlTypeName typeName) {
    return typeName == SqlTypeName.DECIMAL ? MAX_DECIMAL_DIGITS : super.getMaxScale(typeName);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName typeName) {
    switch (typeName) {
      case TIME:
      case TIME_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP:
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
      case TIMESTAMP_TZ:
        return MICROSECONDS;
      case DECIMAL:
        return MAX_DECIMAL_DIGITS;
      default:
        return super.getDefaultPrecision(typeName);
    }
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
    RelDataType sum;
    switch (argument.getSqlTypeName()) {
      case TINYINT:
      case SMALLINT:
      case INTEGER:
        sum = factory.createSqlType(SqlTypeName.BIGINT);
        break;
      case BIGINT:
        sum = factory.createSqlType(SqlTypeName.DECIMAL, MAX_DECIMAL_DIGITS, 0);
        break;
      case DECIMAL:
        sum = factory.createSqlType(SqlTypeName.DECIMAL, MAX_DECIMAL_DIGITS, argument.getScale());
        break;
      case REAL:
      case FLOAT:
        sum = factory.createSqlType(SqlTypeName.DOUBLE);
        break;
      default:
        return argument;
    }
    return factory.createTypeWithNullability(sum, argument.isNullable());
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
    if (!SqlTypeUtil.isNumeric(argument)) {
      return argument;
    }
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DOUBLE), argument.isNullable());
  }

  @Override
  public RelDataType deriveCovarType(
      RelDataTypeFactory factory, RelDataType arg0Type, RelDataType arg1Type) {
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DOUBLE), arg0Type.isNullable() || arg1Type.isNullable());
  }

  @Override
  public @Nullable RelDataType deriveDecimalDivideType(
      RelDataTypeFactory factory, RelDataType type1, RelDataType type2) {
    if (!SqlTypeUtil.isDecimal(type1) && !SqlTypeUtil.isDecimal(type2)) {
      return null;
    }
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DOUBLE), type1.isNullable() || type2.isNullable());
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }
}
