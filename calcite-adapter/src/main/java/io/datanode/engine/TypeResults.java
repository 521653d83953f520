package io.datanode.engine;

import io.datanode.jdbc.JdbcType;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.schema.FunctionCatalog;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers the calls of {@link DatabaseMetaData} about types, functions, keywords and clients. */
final class TypeResults {
  /** Words that mean something to SQL here and are no SQL:2003 keywords. */
  private static final String KEYWORDS =
      "ASOF,EXCLUDE,EXPLAIN,HOP,ILIKE,LIMIT,MATCH_CONDITION,OFFSET,PIVOT,QUALIFY,RESET,TUMBLE,"
          + "UNPIVOT";

  /** The functions of JDBC escapes that every SQL here has, by category. */
  private static final String NUMERIC =
      "ABS,ACOS,ASIN,ATAN,ATAN2,CEILING,COS,COT,DEGREES,EXP,FLOOR,LOG10,MOD,PI,POWER,RADIANS,"
          + "RAND,ROUND,SIGN,SIN,SQRT,TAN,TRUNCATE";

  private static final String STRING =
      "ASCII,CHAR_LENGTH,CHARACTER_LENGTH,CONCAT,LCASE,LEFT,LENGTH,LOCATE,LTRIM,REPEAT,"
          + "REPLACE,RIGHT,RTRIM,SUBSTRING,UCASE";

  private static final String SYSTEM = "IFNULL";

  private static final String TIME =
      "CURDATE,CURRENT_DATE,CURRENT_TIMESTAMP,DAYOFMONTH,DAYOFWEEK,DAYOFYEAR,HOUR,MINUTE,"
          + "MONTH,NOW,QUARTER,SECOND,TIMESTAMPADD,TIMESTAMPDIFF,WEEK,YEAR";

  private final boolean zoned;

  /**
   * Of this version.
   *
   * @param zoned true if instants are reported as TIMESTAMP_WITH_TIMEZONE
   */
  TypeResults(boolean zoned) {
    this.zoned = zoned;
  }

  void answer(MetadataResults.Answer answer, MetadataCall.Method method, List<Object> arguments) {
    switch (method) {
      case TYPE_INFO:
        types(answer);
        break;
      case FUNCTIONS:
        functions(answer, arguments);
        break;
      case FUNCTION_COLUMNS:
        functionColumns(answer, arguments);
        break;
      case CLIENT_INFO_PROPERTIES:
        clientInfo(answer);
        break;
      default:
        nameLists(answer);
    }
  }

  private void types(MetadataResults.Answer answer) {
    answer
        .text("TYPE_NAME")
        .integer("DATA_TYPE")
        .integer("PRECISION")
        .text("LITERAL_PREFIX")
        .text("LITERAL_SUFFIX")
        .text("CREATE_PARAMS")
        .shortInteger("NULLABLE")
        .bool("CASE_SENSITIVE")
        .shortInteger("SEARCHABLE")
        .bool("UNSIGNED_ATTRIBUTE")
        .bool("FIXED_PREC_SCALE")
        .bool("AUTO_INCREMENT")
        .text("LOCAL_TYPE_NAME")
        .shortInteger("MINIMUM_SCALE")
        .shortInteger("MAXIMUM_SCALE")
        .integer("SQL_DATA_TYPE")
        .integer("SQL_DATETIME_SUB")
        .integer("NUM_PREC_RADIX");
    List<ColumnType> types = new ArrayList<>();
    for (ColumnType.Kind kind : ColumnType.Kind.values()) {
      switch (kind) {
        case OTHER:
          // Told of as the text that SQL knows it as.
          break;
        case DECIMAL:
          types.add(ColumnType.decimal(38, 0));
          break;
        case ARRAY:
          types.add(ColumnType.array(ColumnType.VARCHAR));
          break;
        case TIMESTAMP:
          types.add(ColumnType.TIMESTAMP_NANOS);
          break;
        case INSTANT:
          types.add(ColumnType.INSTANT_NANOS);
          break;
        case REAL:
          types.add(ColumnType.REAL);
          break;
        case DOUBLE:
          types.add(ColumnType.DOUBLE);
          break;
        default:
          types.add(ofKind(kind));
      }
    }
    for (ColumnType type : types) {
      typeRow(answer, type);
    }
    answer.sort(1, 0);
  }

  private static ColumnType ofKind(ColumnType.Kind kind) {
    for (ColumnType type :
        List.of(
            ColumnType.BOOLEAN,
            ColumnType.TINYINT,
            ColumnType.SMALLINT,
            ColumnType.INTEGER,
            ColumnType.BIGINT,
            ColumnType.VARCHAR,
            ColumnType.VARBINARY,
            ColumnType.DATE,
            ColumnType.TIME,
            ColumnType.UUID,
            ColumnType.JSON,
            ColumnType.YEAR_MONTH,
            ColumnType.DAY_TIME)) {
      if (type.kind() == kind) {
        return type;
      }
    }
    return ColumnType.OTHER;
  }

  private void typeRow(MetadataResults.Answer answer, ColumnType type) {
    boolean array = type.kind() == ColumnType.Kind.ARRAY;
    boolean decimal = type.kind() == ColumnType.Kind.DECIMAL;
    boolean text = type.kind() == ColumnType.Kind.VARCHAR || type.kind() == ColumnType.Kind.JSON;
    Integer digits = TypeFacts.decimalDigits(type);
    String[] quotes = quotes(type);
    answer.row(
        array ? "ARRAY" : JdbcType.name(type),
        JdbcType.number(type, zoned),
        JdbcType.precision(type),
        quotes[0],
        quotes[1],
        decimal ? "precision,scale" : digits != null && quotes[0] != null ? "precision" : null,
        (int) DatabaseMetaData.typeNullable,
        text,
        array || type.kind() == ColumnType.Kind.OTHER
            ? (int) DatabaseMetaData.typePredBasic
            : (int) DatabaseMetaData.typeSearchable,
        TypeFacts.radix(type) == null,
        false,
        false,
        array ? "ARRAY" : JdbcType.name(type),
        0,
        decimal ? Integer.valueOf(38) : digits == null ? Integer.valueOf(0) : digits,
        JdbcType.number(type, zoned),
        TypeFacts.datetimeSubcode(type),
        TypeFacts.radix(type));
  }

  private static @Nullable String[] quotes(ColumnType type) {
    switch (type.kind()) {
      case VARCHAR:
      case JSON:
        return new String[] {"'", "'"};
      case VARBINARY:
        return new String[] {"X'", "'"};
      case DATE:
        return new String[] {"DATE '", "'"};
      case TIME:
        return new String[] {"TIME '", "'"};
      case TIMESTAMP:
      case INSTANT:
        return new String[] {"TIMESTAMP '", "'"};
      case UUID:
        return new String[] {"UUID '", "'"};
      case YEAR_MONTH:
        return new String[] {"INTERVAL '", "' YEAR TO MONTH"};
      case DAY_TIME:
        return new String[] {"INTERVAL '", "' DAY TO SECOND"};
      default:
        return new String[] {null, null};
    }
  }

  private static List<FunctionCatalog.Function> fitting(List<Object> arguments) {
    Object schema = MetadataResults.argument(arguments, 1);
    NamePattern name = NamePattern.of(MetadataResults.argument(arguments, 2));
    boolean outside =
        !MetadataResults.fitsNoCatalog(MetadataResults.argument(arguments, 0))
            || !(schema == null || schema.equals("") || schema.equals("%"));
    return outside
        ? List.of()
        : FunctionCatalog.functions().stream().filter(each -> name.fits(each.name())).toList();
  }

  private static void functions(MetadataResults.Answer answer, List<Object> arguments) {
    answer
        .text("FUNCTION_CAT")
        .text("FUNCTION_SCHEM")
        .text("FUNCTION_NAME")
        .text("REMARKS")
        .shortInteger("FUNCTION_TYPE")
        .text("SPECIFIC_NAME");
    for (FunctionCatalog.Function function : fitting(arguments)) {
      answer.row(
          null,
          null,
          function.name(),
          function.signature() + ": " + function.text(),
          function.category() == FunctionCatalog.Category.TABLE
              ? DatabaseMetaData.functionReturnsTable
              : DatabaseMetaData.functionNoTable,
          function.signature());
    }
    answer.sort(2, 5);
  }

  private static void functionColumns(MetadataResults.Answer answer, List<Object> arguments) {
    answer
        .text("FUNCTION_CAT")
        .text("FUNCTION_SCHEM")
        .text("FUNCTION_NAME")
        .text("COLUMN_NAME")
        .shortInteger("COLUMN_TYPE")
        .integer("DATA_TYPE")
        .text("TYPE_NAME")
        .integer("PRECISION")
        .integer("LENGTH")
        .shortInteger("SCALE")
        .shortInteger("RADIX")
        .shortInteger("NULLABLE")
        .text("REMARKS")
        .integer("CHAR_OCTET_LENGTH")
        .integer("ORDINAL_POSITION")
        .text("IS_NULLABLE")
        .text("SPECIFIC_NAME");
    NamePattern wanted = NamePattern.of(MetadataResults.argument(arguments, 3));
    for (FunctionCatalog.Function function : fitting(arguments)) {
      List<String> names = parameters(function.signature());
      for (int position = 0; position <= names.size(); position++) {
        String name = position == 0 ? "result" : names.get(position - 1);
        if (!wanted.fits(name)) {
          continue;
        }
        answer.row(
            null,
            null,
            function.name(),
            name,
            position == 0 ? DatabaseMetaData.functionReturn : DatabaseMetaData.functionColumnIn,
            Types.OTHER,
            "ANY",
            null,
            null,
            null,
            null,
            DatabaseMetaData.functionNullableUnknown,
            null,
            null,
            position,
            "",
            function.signature());
      }
    }
    answer.sort(2, 16, 14);
  }

  /** The parameters of a signature such as {@code f(x, y [, z])}. */
  private static List<String> parameters(String signature) {
    int open = signature.indexOf('(');
    int close = signature.lastIndexOf(')');
    List<String> names = new ArrayList<>();
    if (open >= 0 && close > open) {
      for (String part : signature.substring(open + 1, close).split(",", -1)) {
        String name = part.replaceAll("[\\[\\]]", "").replace("|", "or").trim();
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static void clientInfo(MetadataResults.Answer answer) {
    answer.text("NAME").integer("MAX_LEN").text("DEFAULT_VALUE").text("DESCRIPTION");
    answer.row("ApplicationName", 255, "", "Name of the application, shown in metadata.queries.");
    answer.row("ClientHostname", 255, "", "Host the application runs on.");
    answer.row("ClientUser", 255, "", "User the application works for.");
  }

  private static void nameLists(MetadataResults.Answer answer) {
    answer.text("NAME").text("LIST");
    answer.row("KEYWORDS", KEYWORDS);
    answer.row("NUMERIC_FUNCTIONS", with(NUMERIC, FunctionCatalog.Category.NUMERIC));
    answer.row("STRING_FUNCTIONS", with(STRING, FunctionCatalog.Category.STRING));
    answer.row(
        "SYSTEM_FUNCTIONS",
        with(SYSTEM, FunctionCatalog.Category.SYSTEM, FunctionCatalog.Category.CONDITIONAL));
    answer.row("TIME_DATE_FUNCTIONS", with(TIME, FunctionCatalog.Category.TIME));
  }

  private static String with(String names, FunctionCatalog.Category... categories) {
    TreeSet<String> all = new TreeSet<>(List.of(names.split(",")));
    for (FunctionCatalog.Category category : categories) {
      FunctionCatalog.names(category).forEach(name -> all.add(name.toUpperCase(Locale.ROOT)));
    }
    return String.join(",", all);
  }
}
