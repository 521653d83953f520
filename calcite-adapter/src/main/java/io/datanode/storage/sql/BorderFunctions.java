package io.datanode.storage.sql;

import java.util.List;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * Conversions at the border between a storage and Calcite's runtime, which holds times as numbers
 * since 1970-01-01 in UTC. Only {@link StorageDialect#calcite()} has to spell them: our own engine
 * reads times as they are.
 */
public final class BorderFunctions {
  /** The timestamp so many milliseconds after 1970. */
  public static final SqlFunction TIMESTAMP_OF_MILLIS =
      function("TIMESTAMP_OF_MILLIS", SqlTypeName.TIMESTAMP);

  /** The day so many days after 1970-01-01. */
  public static final SqlFunction DATE_OF_DAYS = function("DATE_OF_DAYS", SqlTypeName.DATE);

  /** The time of day so many milliseconds after midnight. */
  public static final SqlFunction TIME_OF_MILLIS = function("TIME_OF_MILLIS", SqlTypeName.TIME);

  /** Milliseconds from 1970 to a timestamp or instant. */
  public static final SqlFunction MILLIS_OF_TIMESTAMP =
      function("MILLIS_OF_TIMESTAMP", SqlTypeName.BIGINT);

  /** Days from 1970-01-01 to a date. */
  public static final SqlFunction DAYS_OF_DATE = function("DAYS_OF_DATE", SqlTypeName.INTEGER);

  /** Milliseconds from midnight to a time of day. */
  public static final SqlFunction MILLIS_OF_TIME = function("MILLIS_OF_TIME", SqlTypeName.INTEGER);

  /** A value of any type as text. */
  public static final SqlFunction TEXT_OF = function("TEXT_OF", SqlTypeName.VARCHAR);

  private BorderFunctions() {}

  /** All of them. */
  public static List<SqlOperator> all() {
    return List.of(
        TIMESTAMP_OF_MILLIS,
        DATE_OF_DAYS,
        TIME_OF_MILLIS,
        MILLIS_OF_TIMESTAMP,
        DAYS_OF_DATE,
        MILLIS_OF_TIME,
        TEXT_OF);
  }

  private static SqlFunction function(String name, SqlTypeName type) {
    return new SqlFunction(
        name,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.explicit(type).andThen(SqlTypeTransforms.TO_NULLABLE),
        null,
        OperandTypes.ANY,
        SqlFunctionCategory.SYSTEM);
  }
}
