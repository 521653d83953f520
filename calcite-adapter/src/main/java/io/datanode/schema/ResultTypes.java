package io.datanode.schema;

import org.apache.calcite.rel.type.RelProtoDataType;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/** Result types that several functions have; NULL in an argument makes them NULL. */
final class ResultTypes {
  /** The type of instants: TIMESTAMP(6) WITH LOCAL TIME ZONE. */
  static final RelProtoDataType INSTANT =
      factory -> factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6);

  static final SqlReturnTypeInference INSTANT_NULLABLE =
      ReturnTypes.explicit(INSTANT).andThen(SqlTypeTransforms.TO_NULLABLE);
  static final SqlReturnTypeInference DOUBLE_NULLABLE =
      ReturnTypes.explicit(SqlTypeName.DOUBLE).andThen(SqlTypeTransforms.TO_NULLABLE);
  static final SqlReturnTypeInference BIGINT_NULLABLE =
      ReturnTypes.explicit(SqlTypeName.BIGINT).andThen(SqlTypeTransforms.TO_NULLABLE);
  static final SqlReturnTypeInference TEXT_NULLABLE =
      ReturnTypes.explicit(SqlTypeName.VARCHAR).andThen(SqlTypeTransforms.TO_NULLABLE);

  private ResultTypes() {}
}
