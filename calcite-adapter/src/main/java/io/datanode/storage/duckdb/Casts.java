package io.datanode.storage.duckdb;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Conversions of one type to another, where DuckDB's own differ from those of SQL here. */
final class Casts {
  private final DuckDbDialect dialect;

  Casts(DuckDbDialect dialect) {
    this.dialect = dialect;
  }

  String cast(String text, RelDataType from, RelDataType to, boolean orNull) {
    String keyword = orNull ? "TRY_CAST(" : "CAST(";
    SqlTypeName target = to.getSqlTypeName();
    if (SqlTypeUtil.isIntType(to)
        && (SqlTypeUtil.isApproximateNumeric(from) || SqlTypeUtil.isDecimal(from))) {
      // DuckDB rounds; SQL here cuts.
      return keyword + "TRUNC(" + text + ") AS " + dialect.typeName(to) + ")";
    }
    if (isDayTime(to) && SqlTypeUtil.isExactNumeric(from)) {
      return "(" + text + " * " + unitInterval(to) + ")";
    }
    if (isDayTime(from) && SqlTypeUtil.isNumeric(to)) {
      return "CAST(TRUNC(EPOCH("
          + text
          + ") / "
          + unitSeconds(from)
          + ") AS "
          + dialect.typeName(to)
          + ")";
    }
    if (isYearMonth(to) && SqlTypeUtil.isExactNumeric(from)) {
      return "TO_MONTHS(CAST(" + text + " AS INTEGER))";
    }
    boolean clock = Times.isInstant(from) || from.getSqlTypeName() == SqlTypeName.TIMESTAMP;
    if (target == SqlTypeName.TIME && clock) {
      // DuckDB has no such cast of an instant, and fails for a time without end; the session zone
      // is UTC.
      String time = Times.isInstant(from) ? "CAST(" + text + " AS TIMESTAMP)" : text;
      return "CASE WHEN ISFINITE(" + text + ") THEN " + keyword + time + " AS TIME) END";
    }
    boolean character = SqlTypeFamily.CHARACTER.getTypeNames().contains(target);
    String cast = keyword + text + " AS " + dialect.typeName(to) + ")";
    if (character
        && to.getPrecision() >= 0
        && to.getPrecision() < 65536
        && !(SqlTypeFamily.CHARACTER.contains(from)
            && from.getPrecision() >= 0
            && from.getPrecision() <= to.getPrecision())) {
      return "LEFT(" + cast + ", " + to.getPrecision() + ")";
    }
    return cast;
  }

  private static boolean isDayTime(RelDataType type) {
    return SqlTypeName.DAY_INTERVAL_TYPES.contains(type.getSqlTypeName());
  }

  private static boolean isYearMonth(RelDataType type) {
    return SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
  }

  private static String unitInterval(RelDataType interval) {
    return "INTERVAL '1' " + interval.getIntervalQualifier().getStartUnit().name();
  }

  private static String unitSeconds(RelDataType interval) {
    return String.valueOf(
        interval.getIntervalQualifier().getUnit().multiplier.longValue() / 1000.0);
  }
}
