package io.datanode.plan;

import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Names of types that users of PostgreSQL and DuckDB write, and that the parser does not know.
 * There is one type of instants, so {@code TIMESTAMP WITH TIME ZONE} is that too.
 */
final class TypeNames {
  private static final Map<String, SqlTypeName> ALIASES =
      Map.ofEntries(
          Map.entry("TIMESTAMPTZ", SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE),
          Map.entry("TEXT", SqlTypeName.VARCHAR),
          Map.entry("STRING", SqlTypeName.VARCHAR),
          Map.entry("BPCHAR", SqlTypeName.VARCHAR),
          Map.entry("BYTEA", SqlTypeName.VARBINARY),
          Map.entry("BLOB", SqlTypeName.VARBINARY),
          Map.entry("BOOL", SqlTypeName.BOOLEAN),
          Map.entry("INT1", SqlTypeName.TINYINT),
          Map.entry("INT2", SqlTypeName.SMALLINT),
          Map.entry("INT4", SqlTypeName.INTEGER),
          Map.entry("INT8", SqlTypeName.BIGINT),
          Map.entry("LONG", SqlTypeName.BIGINT),
          Map.entry("FLOAT4", SqlTypeName.REAL),
          Map.entry("FLOAT8", SqlTypeName.DOUBLE));

  private TypeNames() {}

  /** The same type under the name the parser knows. */
  static SqlDataTypeSpec standard(SqlDataTypeSpec type) {
    SqlTypeNameSpec name = type.getTypeNameSpec();
    SqlTypeName known = null;
    int precision = -1;
    if (name instanceof SqlBasicTypeNameSpec) {
      boolean zoned = name.getTypeName().getSimple().equals(SqlTypeName.TIMESTAMP_TZ.name());
      known = zoned ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE : null;
      precision = ((SqlBasicTypeNameSpec) name).getPrecision();
    } else if (name instanceof SqlUserDefinedTypeNameSpec && name.getTypeName().isSimple()) {
      known = alias(name.getTypeName().getSimple());
    }
    return known == null
        ? type
        : new SqlDataTypeSpec(
            new SqlBasicTypeNameSpec(known, precision, type.getParserPosition()),
            type.getParserPosition());
  }

  private static @Nullable SqlTypeName alias(String name) {
    return ALIASES.get(name.toUpperCase(Locale.ROOT));
  }
}
