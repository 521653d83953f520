package io.datanode.differential;

/** The type of an expression, as far as generated queries tell types apart. */
enum Kind {
  BOOLEAN("BOOLEAN"),
  INTEGER("INTEGER"),
  BIGINT("BIGINT"),
  DECIMAL("DECIMAL(18, 4)"),
  DOUBLE("DOUBLE"),
  TEXT("VARCHAR"),
  DATE("DATE"),
  /** A wall clock without zone. */
  TIMESTAMP("TIMESTAMP(6)"),
  INSTANT("TIMESTAMP(6) WITH LOCAL TIME ZONE"),
  /** A time of day. */
  TIME("TIME(6)"),
  UUID("UUID");

  private final String sql;

  Kind(String sql) {
    this.sql = sql;
  }

  /** Its name in a cast. */
  String sql() {
    return sql;
  }

  boolean isNumber() {
    return this == INTEGER || this == BIGINT || this == DECIMAL || this == DOUBLE;
  }

  /** An unremarkable constant of the type, to put in place of something longer. */
  String plain() {
    return switch (this) {
      case BOOLEAN -> "TRUE";
      case INTEGER, BIGINT, DECIMAL -> "1";
      case DOUBLE -> "1e0";
      case TEXT -> "'a'";
      case DATE -> "DATE '2024-03-10'";
      case TIMESTAMP -> "CAST('2024-03-10 07:00:00' AS TIMESTAMP(6))";
      case INSTANT -> "TIMESTAMP '2024-03-10 07:00:00'";
      case TIME -> "CAST('09:30:00' AS TIME(6))";
      case UUID -> "CAST('00000000-0000-0000-0000-000000000000' AS UUID)";
    };
  }

  /** NULL of the type. */
  String none() {
    return "CAST(NULL AS " + sql + ")";
  }
}
