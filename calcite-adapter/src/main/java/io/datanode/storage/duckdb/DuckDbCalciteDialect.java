package io.datanode.storage.duckdb;

import io.datanode.storage.sql.BorderFunctions;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAbstractDateTimeLiteral;
import org.apache.calcite.sql.SqlAlienSystemTypeNameSpec;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.dialect.DuckDBSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB SQL as Calcite's JDBC adapter writes it, with what Calcite's own dialect writes wrongly
 * put right. The session zone is UTC, so a TIMESTAMP literal compared with an instant is in UTC.
 */
final class DuckDbCalciteDialect extends DuckDBSqlDialect {
  static final DuckDbCalciteDialect INSTANCE = new DuckDbCalciteDialect();

  /** What stands before and after the operand. */
  private static final Map<String, String[]> BORDER =
      Map.of(
          BorderFunctions.TIMESTAMP_OF_MILLIS.getName(),
          new String[] {"MAKE_TIMESTAMP(1000 * CAST(", " AS BIGINT))"},
          BorderFunctions.DATE_OF_DAYS.getName(),
          new String[] {"(DATE '1970-01-01' + CAST(", " AS INTEGER))"},
          BorderFunctions.TIME_OF_MILLIS.getName(),
          new String[] {"CAST(MAKE_TIMESTAMP(1000 * CAST(", " AS BIGINT)) AS TIME)"},
          BorderFunctions.MILLIS_OF_TIMESTAMP.getName(),
          new String[] {"EPOCH_MS(CAST(", " AS TIMESTAMP))"},
          BorderFunctions.DAYS_OF_DATE.getName(),
          new String[] {"(CAST(", " AS DATE) - DATE '1970-01-01')"},
          BorderFunctions.MILLIS_OF_TIME.getName(),
          new String[] {"EPOCH_MS(CAST(", " AS TIME))"},
          BorderFunctions.TEXT_OF.getName(),
          new String[] {"CAST(", " AS VARCHAR)"});

  private DuckDbCalciteDialect() {
    super(DuckDBSqlDialect.DEFAULT_CONTEXT);
  }

  /** DuckDB text is UTF-8: it takes no {@code _UTF-8} introducer and no CHARACTER SET. */
  @Override
  public void quoteStringLiteral(StringBuilder text, @Nullable String charset, String value) {
    super.quoteStringLiteral(text, null, value);
  }

  @Override
  public boolean supportsCharSet() {
    return false;
  }

  @Override
  public SqlNode getCastSpec(RelDataType type) {
    return new SqlDataTypeSpec(
        new SqlAlienSystemTypeNameSpec(
            DuckDbDialect.INSTANCE.typeName(type), type.getSqlTypeName(), SqlParserPos.ZERO),
        SqlParserPos.ZERO);
  }

  /** Calcite writes the type of an instant as TIMESTAMP WITH LOCAL TIME ZONE. */
  @Override
  public void unparseDateTimeLiteral(
      SqlWriter writer, SqlAbstractDateTimeLiteral literal, int leftPrec, int rightPrec) {
    if (literal.getTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
      writer.literal("TIMESTAMPTZ '" + literal.toFormattedString() + "+00'");
    } else {
      super.unparseDateTimeLiteral(writer, literal, leftPrec, rightPrec);
    }
  }

  @Override
  public void unparseOffsetFetch(
      SqlWriter writer, @Nullable SqlNode offset, @Nullable SqlNode fetch) {
    unparseFetchUsingLimit(writer, offset, fetch);
  }

  /** Those that give in DuckDB what they give in Calcite. */
  @Override
  public boolean supportsAggregateFunction(SqlKind kind) {
    switch (kind) {
      case COUNT:
      case SUM:
      case SUM0:
      case MIN:
      case MAX:
      case AVG:
      case STDDEV_POP:
      case STDDEV_SAMP:
      case VAR_POP:
      case VAR_SAMP:
        return true;
      default:
        return false;
    }
  }

  @Override
  public void unparseCall(SqlWriter writer, SqlCall call, int leftPrec, int rightPrec) {
    String[] border = BORDER.get(call.getOperator().getName());
    if (border != null && BorderFunctions.all().contains(call.getOperator())) {
      writer.print(border[0]);
      call.operand(0).unparse(writer, 0, 0);
      writer.print(border[1]);
    } else if (call instanceof SqlAsofJoin) {
      unparseAsofJoin(writer, (SqlAsofJoin) call, leftPrec, rightPrec);
    } else if (call.getKind() == SqlKind.FLOOR && call.operandCount() == 2) {
      unparseFloor(writer, call);
    } else if (call.getKind() == SqlKind.CEIL && call.operandCount() == 2) {
      unparseCeil(writer, call);
    } else {
      super.unparseCall(writer, call, leftPrec, rightPrec);
    }
  }

  /** DuckDB has no MATCH_CONDITION: the comparison of times is one of the terms of ON. */
  private static void unparseAsofJoin(
      SqlWriter writer, SqlAsofJoin join, int leftPrec, int rightPrec) {
    join.getLeft().unparse(writer, leftPrec, join.getOperator().getLeftPrec());
    writer.sep(join.getJoinType() == JoinType.LEFT_ASOF ? "ASOF LEFT JOIN" : "ASOF JOIN");
    join.getRight().unparse(writer, join.getOperator().getRightPrec(), rightPrec);
    writer.keyword("ON");
    SqlNode condition = join.getCondition();
    if (condition != null) {
      condition.unparse(writer, 30, 30);
      writer.keyword("AND");
    }
    join.getMatchCondition().unparse(writer, 30, 30);
  }

  private static void unparseFloor(SqlWriter writer, SqlCall call) {
    writer.print("DATE_TRUNC('" + unit(call.operand(1)) + "', ");
    call.operand(0).unparse(writer, 0, 0);
    writer.print(")");
  }

  /** DuckDB has no CEIL to a unit. The operand is written three times, so it is only a column. */
  private static void unparseCeil(SqlWriter writer, SqlCall call) {
    String unit = unit(call.operand(1));
    String step = unit.equals("quarter") ? "3 MONTH" : "1 " + unit;
    writer.print("CASE WHEN ");
    unparseFloor(writer, call);
    writer.print(" = ");
    call.operand(0).unparse(writer, 0, 0);
    writer.print(" THEN ");
    call.operand(0).unparse(writer, 0, 0);
    writer.print(" ELSE ");
    unparseFloor(writer, call);
    writer.print(" + INTERVAL " + step + " END");
  }

  private static String unit(SqlNode node) {
    TimeUnitRange range =
        node instanceof SqlIntervalQualifier
            ? ((SqlIntervalQualifier) node).timeUnitRange
            : ((SqlLiteral) node).getValueAs(TimeUnitRange.class);
    return range.name().toLowerCase(Locale.ROOT);
  }
}
