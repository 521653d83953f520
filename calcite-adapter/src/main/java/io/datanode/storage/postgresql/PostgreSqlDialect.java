package io.datanode.storage.postgresql;

import io.datanode.storage.sql.NotPushedException;
import io.datanode.storage.sql.StorageDialect;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.dialect.PostgresqlSqlDialect;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** SQL of PostgreSQL 13 and later: what it has in common with SQL here, and no functions. */
final class PostgreSqlDialect extends StorageDialect {
  private final ServerFacts facts;

  /** The dialect of a server. */
  PostgreSqlDialect(ServerFacts facts) {
    this.facts = facts;
  }

  private NotPushedException notPushed(String expression) {
    return new NotPushedException(
        expression, "PostgreSQL " + facts.version() + " is not asked for " + expression);
  }

  @Override
  public SqlDialect calcite() {
    return PostgresqlSqlDialect.DEFAULT;
  }

  @Override
  protected boolean knows(String function) {
    return false;
  }

  @Override
  public String typeName(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case TINYINT:
        return "SMALLINT";
      case FLOAT:
      case DOUBLE:
        return "DOUBLE PRECISION";
      case DECIMAL:
        return "NUMERIC(" + type.getPrecision() + ", " + type.getScale() + ")";
      case CHAR:
      case VARCHAR:
        return "VARCHAR";
      case BINARY:
      case VARBINARY:
        return "BYTEA";
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return "TIMESTAMPTZ";
      case BOOLEAN:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
      case REAL:
      case DATE:
      case TIME:
      case TIMESTAMP:
      case UUID:
        return type.getSqlTypeName().getName();
      default:
        throw notPushed(type.getSqlTypeName().getName());
    }
  }

  @Override
  public String timestamp(String text) {
    return "TIMESTAMP '" + text + "'";
  }

  @Override
  public String instant(String utcText) {
    return "TIMESTAMPTZ '" + utcText + "+00'";
  }

  @Override
  public String binary(String hex) {
    return "'\\x" + hex + "'::bytea";
  }

  @Override
  public String cast(String text, RelDataType from, RelDataType to, boolean orNull) {
    if (from.getSqlTypeName() == to.getSqlTypeName()
        && to.getSqlTypeName() != SqlTypeName.DECIMAL) {
      return text;
    }
    throw notPushed("CAST");
  }

  @Override
  public String integerDivision(String dividend, String divisor) {
    return "(" + dividend + " / " + divisor + ")";
  }

  @Override
  public String failure(String message, RelDataType type) {
    throw notPushed("a failing expression");
  }

  @Override
  public String extract(String unit, String text, RelDataType type) {
    throw notPushed("EXTRACT");
  }

  @Override
  public String floor(String unit, String text, RelDataType type) {
    throw notPushed("FLOOR");
  }

  @Override
  public String ceil(String unit, String text, RelDataType type) {
    throw notPushed("CEIL");
  }

  @Override
  public String timestampDiff(
      String unit, String from, String to, RelDataType fromType, RelDataType toType) {
    throw notPushed("TIMESTAMPDIFF");
  }

  @Override
  public String timestampAdd(String unit, String count, String time, RelDataType type) {
    throw notPushed("TIMESTAMPADD");
  }

  @Override
  public String asofJoin(
      String left, String right, boolean outer, @Nullable String equalities, String match) {
    throw notPushed("ASOF JOIN");
  }

  @Override
  public String aggregate(AggregateText call) {
    if (call.name().equals("COUNT") && call.filter() == null && call.orderBy().isEmpty()) {
      String arguments = call.arguments().isEmpty() ? "*" : String.join(", ", call.arguments());
      return "COUNT(" + (call.distinct() ? "DISTINCT " : "") + arguments + ")";
    }
    throw notPushed(call.name());
  }
}
