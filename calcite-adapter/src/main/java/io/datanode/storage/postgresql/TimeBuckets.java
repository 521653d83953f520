package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;
import static io.datanode.storage.postgresql.Times.as;
import static io.datanode.storage.postgresql.Times.asTimestamp;
import static io.datanode.storage.postgresql.Times.is;
import static io.datanode.storage.postgresql.Times.year;

import io.datanode.storage.sql.StorageDialect.FunctionText;
import java.math.BigDecimal;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;

/** Buckets of time: {@code TIME_BUCKET}. */
final class TimeBuckets {
  private final ServerFacts facts;

  TimeBuckets(ServerFacts facts) {
    this.facts = facts;
  }

  /**
   * The start of the bucket a time is in, as {@code TIME_BUCKET} gives it.
   *
   * <p>Buckets are counted from Monday 2000-01-03, those of months from 2000-01-01, unless an
   * origin is given.
   */
  String start(FunctionText call) {
    String width = call.arguments().get(0);
    String text = call.arguments().get(1);
    RelDataType type = call.operands().get(1).getType();
    boolean instant = is(type, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
    String sqlType = instant ? "TIMESTAMPTZ" : "TIMESTAMP";
    String time = instant ? text : asTimestamp(text, type);
    String start;
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(
        call.operands().get(0).getType().getSqlTypeName())) {
      start = monthBucket(call, time, sqlType);
    } else {
      String zero = instant ? "+00" : "";
      String origin =
          call.arguments().size() > 2
              ? as(call.arguments().get(2), call.operands().get(2).getType(), sqlType)
              : sqlType + " '2000-01-03 00:00:00" + zero + "'";
      start = bucket(width, time, origin);
    }
    return is(type, SqlTypeName.DATE) ? "CAST(" + start + " AS DATE)" : start;
  }

  private String bucket(String width, String time, String origin) {
    if (facts.version() >= 14) {
      return "DATE_BIN(" + width + ", " + time + ", " + origin + ")";
    }
    return "("
        + origin
        + " + FLOOR(EXTRACT(EPOCH FROM "
        + time
        + " - "
        + origin
        + ") / EXTRACT(EPOCH FROM "
        + width
        + ")) * "
        + width
        + ")";
  }

  private static String monthBucket(FunctionText call, String time, String type) {
    RexNode width = call.operands().get(0);
    BigDecimal months =
        width instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
    if (months == null || months.signum() <= 0 || call.arguments().size() > 2) {
      throw notPushed(
          "TIME_BUCKET", "PostgreSQL has no buckets of months with an origin or a computed width");
    }
    String since2000 =
        "((" + year("YEAR", time) + " - 2000) * 12 + EXTRACT(MONTH FROM " + time + ") - 1)";
    String zero = type.equals("TIMESTAMPTZ") ? "+00" : "";
    // The year of a time without end is NULL here, and its bucket is it itself.
    return "COALESCE("
        + type
        + " '2000-01-01 00:00:00"
        + zero
        + "' + MAKE_INTERVAL(months => CAST(FLOOR("
        + since2000
        + " / "
        + months
        + ".0) AS INTEGER) * "
        + months
        + "), "
        + time
        + ")";
  }
}
