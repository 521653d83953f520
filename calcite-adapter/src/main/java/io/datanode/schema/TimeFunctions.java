package io.datanode.schema;

import static io.datanode.schema.FunctionCatalog.add;
import static io.datanode.schema.FunctionCatalog.basic;
import static io.datanode.schema.FunctionCatalog.named;

import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelProtoDataType;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * Functions of dates, times and instants. Those that depend on calendar fields take the fields of
 * an instant in the session zone, unless a zone is given.
 */
public final class TimeFunctions {
  /** A zone-less timestamp as the instant it is in a zone: {@code TO_INSTANT(timestamp, zone)}. */
  public static final SqlFunction TO_INSTANT =
      SqlBasicFunction.create("TO_INSTANT", ResultTypes.INSTANT_NULLABLE, OperandTypes.ANY_ANY);

  /** The wall clock of an instant in a zone: {@code AT_ZONE(instant, zone)}. */
  public static final SqlFunction AT_ZONE =
      SqlBasicFunction.create(
          "AT_ZONE",
          ReturnTypes.explicit(factory -> factory.createSqlType(SqlTypeName.TIMESTAMP, 6))
              .andThen(SqlTypeTransforms.TO_NULLABLE),
          OperandTypes.ANY_ANY);

  /** An instant as text with its offset in a zone. */
  public static final SqlFunction INSTANT_TEXT =
      SqlBasicFunction.create("INSTANT_TEXT", ResultTypes.TEXT_NULLABLE, OperandTypes.ANY_ANY);

  /** Text as an instant; without an offset in the text it is in a zone. */
  public static final SqlFunction PARSE_INSTANT =
      SqlBasicFunction.create("PARSE_INSTANT", ResultTypes.INSTANT_NULLABLE, OperandTypes.ANY_ANY);

  /** As {@link #PARSE_INSTANT}, but NULL where the text is no timestamp. */
  public static final SqlFunction TRY_PARSE_INSTANT =
      SqlBasicFunction.create(
          "TRY_PARSE_INSTANT", ResultTypes.INSTANT_NULLABLE, OperandTypes.ANY_ANY);

  private static final Set<String> DATE_UNITS = Set.of("YEAR", "QUARTER", "MONTH", "WEEK", "DAY");

  /** Units of TIMESTAMPADD and TIMESTAMPDIFF. */
  public static final List<String> UNITS =
      List.of(
          "YEAR",
          "QUARTER",
          "MONTH",
          "WEEK",
          "DAY",
          "HOUR",
          "MINUTE",
          "SECOND",
          "MILLISECOND",
          "MICROSECOND",
          "NANOSECOND");

  /** Whole units from one time to another, kept as a call; Calcite would make it an interval. */
  public static final SqlFunction TIMESTAMP_DIFF =
      SqlBasicFunction.create("TIMESTAMPDIFF", ResultTypes.BIGINT_NULLABLE, OperandTypes.VARIADIC);

  /** A time plus a number of units, kept as a call. */
  public static final SqlFunction TIMESTAMP_ADD =
      SqlBasicFunction.create("TIMESTAMPADD", ReturnTypes.ARG2_NULLABLE, OperandTypes.VARIADIC);

  /** The time at which the statement began. */
  public static final SqlFunction CURRENT_TIMESTAMP =
      niladic("CURRENT_TIMESTAMP", ResultTypes.INSTANT);

  /** The same, written {@code NOW()}. */
  public static final SqlFunction NOW =
      SqlBasicFunction.create(
              "NOW", ReturnTypes.explicit(ResultTypes.INSTANT), OperandTypes.NILADIC)
          .withDynamic(true);

  /** The wall clock of the session zone when the statement began. */
  public static final SqlFunction LOCALTIMESTAMP =
      niladic("LOCALTIMESTAMP", factory -> factory.createSqlType(SqlTypeName.TIMESTAMP, 6));

  /** The date in the session zone when the statement began. */
  public static final SqlFunction CURRENT_DATE =
      niladic("CURRENT_DATE", factory -> factory.createSqlType(SqlTypeName.DATE));

  /** The time of day in the session zone when the statement began. */
  public static final SqlFunction CURRENT_TIME =
      niladic("CURRENT_TIME", factory -> factory.createSqlType(SqlTypeName.TIME, 6));

  /** The time of day in the session zone when the statement began. */
  public static final SqlFunction LOCALTIME =
      niladic("LOCALTIME", factory -> factory.createSqlType(SqlTypeName.TIME, 6));

  /** {@code TIME_BUCKET(width, time [, origin | zone])}. */
  public static final SqlFunction TIME_BUCKET =
      SqlBasicFunction.create(
              "TIME_BUCKET",
              ReturnTypes.ARG1_NULLABLE,
              OperandTypes.or(
                  OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL, SqlTypeFamily.DATETIME),
                  OperandTypes.family(
                      SqlTypeFamily.DATETIME_INTERVAL,
                      SqlTypeFamily.DATETIME,
                      SqlTypeFamily.CHARACTER),
                  OperandTypes.family(
                      SqlTypeFamily.DATETIME_INTERVAL,
                      SqlTypeFamily.DATETIME,
                      SqlTypeFamily.DATETIME)),
              SqlFunctionCategory.USER_DEFINED_FUNCTION)
          .withOperandTypeInference(new BucketParameters());

  /** {@code DATE_TRUNC(unit, time [, zone])}. */
  public static final SqlFunction DATE_TRUNC =
      basic(
          "DATE_TRUNC",
          ReturnTypes.ARG1_NULLABLE,
          OperandTypes.or(
              OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME),
              OperandTypes.family(
                  SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME, SqlTypeFamily.CHARACTER)));

  /** {@code DATE_PART(unit, time)}. */
  public static final SqlFunction DATE_PART =
      named(
          "DATE_PART",
          ResultTypes.BIGINT_NULLABLE,
          SqlTypeFamily.CHARACTER,
          SqlTypeFamily.DATETIME);

  private TimeFunctions() {}

  private static SqlFunction niladic(String name, RelProtoDataType type) {
    return SqlBasicFunction.create(
            name,
            ReturnTypes.explicit(type),
            OperandTypes.or(OperandTypes.NILADIC, OperandTypes.POSITIVE_INTEGER_LITERAL))
        .withSyntax(SqlSyntax.FUNCTION_ID)
        .withFunctionType(SqlFunctionCategory.TIMEDATE)
        .withDynamic(true);
  }

  static void addTo(List<Function> all) {
    Category c = Category.TIME;
    SqlTypeFamily text = SqlTypeFamily.CHARACTER;
    SqlTypeFamily time = SqlTypeFamily.DATETIME;
    add(
        all,
        c,
        "CURRENT_TIMESTAMP",
        "The instant at which the statement began.",
        CURRENT_TIMESTAMP);
    add(all, c, "NOW()", "The same as CURRENT_TIMESTAMP.", NOW);
    add(
        all,
        c,
        "LOCALTIMESTAMP",
        "The wall clock of the session zone at that instant.",
        LOCALTIMESTAMP);
    add(all, c, "CURRENT_DATE", "The date in the session zone at that instant.", CURRENT_DATE);
    add(
        all,
        c,
        "CURRENT_TIME",
        "The time of day in the session zone at that instant.",
        CURRENT_TIME);
    add(all, c, "LOCALTIME", "The same as CURRENT_TIME.", LOCALTIME);
    add(
        all,
        c,
        "EXTRACT(unit FROM time)",
        "A calendar field; DOW counts from 1 on Sunday, ISODOW from 1 on Monday, WEEK is the ISO week.",
        SqlStdOperatorTable.EXTRACT);
    add(all, c, "DATE_PART(unit, time)", "The same as EXTRACT, the unit as text.", DATE_PART);
    add(
        all,
        c,
        "DATE_TRUNC(unit, time [, zone])",
        "The start of the unit the time is in.",
        DATE_TRUNC);
    add(
        all,
        c,
        "TIME_BUCKET(width, time [, origin | zone])",
        "The start of the bucket of this width the time is in.",
        TIME_BUCKET);
    add(all, c, "TIMESTAMPADD(unit, n, time)", "The time n units later.", TIMESTAMP_ADD);
    add(
        all,
        c,
        "TIMESTAMPDIFF(unit, from, to)",
        "Whole units from one time to another.",
        TIMESTAMP_DIFF);
    add(all, c, "LAST_DAY(date)", "The last day of the month.", SqlStdOperatorTable.LAST_DAY);
    for (SqlOperator part :
        List.of(
            SqlStdOperatorTable.YEAR,
            SqlStdOperatorTable.QUARTER,
            SqlStdOperatorTable.MONTH,
            SqlStdOperatorTable.WEEK,
            SqlStdOperatorTable.DAYOFYEAR,
            SqlStdOperatorTable.DAYOFMONTH,
            SqlStdOperatorTable.HOUR,
            SqlStdOperatorTable.MINUTE,
            SqlStdOperatorTable.SECOND)) {
      add(all, c, part.getName() + "(time)", "The calendar field, as EXTRACT gives it.", part);
    }
    add(
        all,
        c,
        "DAYOFWEEK(time)",
        "Day of the week from 1 on Sunday, as ODBC counts.",
        named("DAYOFWEEK", ResultTypes.BIGINT_NULLABLE, time));
    add(
        all,
        c,
        "DAYNAME(time)",
        "English name of the day.",
        named("DAYNAME", ResultTypes.TEXT_NULLABLE, time));
    add(
        all,
        c,
        "MONTHNAME(time)",
        "English name of the month.",
        named("MONTHNAME", ResultTypes.TEXT_NULLABLE, time));
    add(
        all,
        c,
        "EPOCH_MS(time)",
        "Milliseconds since 1970-01-01.",
        named("EPOCH_MS", ResultTypes.BIGINT_NULLABLE, time));
    add(
        all,
        c,
        "EPOCH_US(time)",
        "Microseconds since 1970-01-01.",
        named("EPOCH_US", ResultTypes.BIGINT_NULLABLE, time));
    add(
        all,
        c,
        "TO_TIMESTAMP(seconds)",
        "The instant so many seconds after 1970-01-01T00:00:00Z.",
        named("TO_TIMESTAMP", ResultTypes.INSTANT_NULLABLE, SqlTypeFamily.NUMERIC));
    add(
        all,
        c,
        "MAKE_DATE(year, month, day)",
        "A date of its parts.",
        named(
            "MAKE_DATE",
            ReturnTypes.DATE_NULLABLE,
            SqlTypeFamily.INTEGER,
            SqlTypeFamily.INTEGER,
            SqlTypeFamily.INTEGER));
    add(
        all,
        c,
        "STRFTIME(time, format)",
        "Text of a time, with %Y, %m, %d, %H, %M, %S, %f.",
        named("STRFTIME", ResultTypes.TEXT_NULLABLE, time, text));
  }

  /** The type of instants. */
  public static RelDataType instant(RelDataTypeFactory factory, boolean nullable) {
    return factory.createTypeWithNullability(ResultTypes.INSTANT.apply(factory), nullable);
  }
}
