package io.datanode.node;

import io.datanode.jdbc.batch.ColumnType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's word for the type of a column, for example {@code float64}: one of a fixed set of
 * tokens, each with several accepted spellings (pandas, SQLAlchemy, PostgreSQL, DuckDB).
 *
 * @param token the one way it is written in metadata
 * @param type the SQL type it stands for; null for a bare {@code numeric}, whose digits only the
 *     storage knows
 */
public record Dtype(String token, @Nullable ColumnType type) {
  private static final Pattern DECIMAL =
      Pattern.compile("(?:numeric|decimal)\\(([0-9]{1,3})(?:,([0-9]{1,3}))?\\)");
  private static final Pattern SIZED_TEXT =
      Pattern.compile("(?:varchar|char|character|character varying|nvarchar|string)\\([0-9]+\\)");
  private static final Pattern ZONED = Pattern.compile("datetime64\\[(?:s|ms|us|ns),[^\\]]+\\]");
  private static final Pattern UNZONED = Pattern.compile("datetime64\\[(?:s|ms|us|ns)\\]");
  private static final Map<String, Dtype> BY_SPELLING = new LinkedHashMap<>();

  static {
    add("date", ColumnType.DATE, "datetime.date");
    add(
        "timestamp with time zone",
        ColumnType.INSTANT,
        "datetime",
        "datetime.datetime",
        "timestamptz",
        "timestamp with local time zone");
    add(
        "datetime64[ns]",
        ColumnType.TIMESTAMP,
        "timestamp",
        "timestamp without time zone",
        "datetime without time zone",
        "datetime naive");
    add(
        "string",
        ColumnType.VARCHAR,
        "object",
        "str",
        "text",
        "varchar",
        "char",
        "character varying",
        "unicode",
        "category");
    add("uuid", ColumnType.UUID, "postgresql uuid");
    add("json", ColumnType.JSON);
    add("jsonb", ColumnType.JSON);
    add("bool", ColumnType.BOOLEAN, "boolean");
    add("int16", ColumnType.SMALLINT, "smallint", "int2", "tinyint", "uint8");
    add("int32", ColumnType.INTEGER, "integer", "int", "int4");
    // int8 means eight bytes, as in PostgreSQL.
    add("int64", ColumnType.BIGINT, "bigint", "biginteger", "int8", "uint16", "uint32", "uint64");
    add("float32", ColumnType.REAL, "real", "float4");
    add("float64", ColumnType.DOUBLE, "float", "double", "double precision", "float8");
    add("numeric", null, "decimal");
    add("time", ColumnType.TIME, "datetime.time");
    add("binary", ColumnType.VARBINARY, "bytes", "bytea", "blob", "varbinary");
  }

  private static void add(String token, @Nullable ColumnType type, String... spellings) {
    Dtype dtype = new Dtype(token, type);
    BY_SPELLING.put(token, dtype);
    for (String spelling : spellings) {
      BY_SPELLING.put(spelling, dtype);
    }
  }

  /** The type that a spelling stands for; ignores case and takes {@code _} for a space. */
  public static Optional<Dtype> parse(String spelling) {
    String text =
        spelling
            .strip()
            .toLowerCase(Locale.ROOT)
            .replace('_', ' ')
            .replaceAll("\\s+", " ")
            .replaceAll(" ?([(,]) ?", "$1")
            .replace(" )", ")");
    Dtype known = BY_SPELLING.get(text);
    if (known != null) {
      return Optional.of(known);
    }
    if (SIZED_TEXT.matcher(text).matches()) {
      return parse("string");
    }
    if (ZONED.matcher(text).matches()) {
      return parse("datetime");
    }
    if (UNZONED.matcher(text).matches()) {
      return parse("timestamp");
    }
    Matcher decimal = DECIMAL.matcher(text);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = decimal.group(2) == null ? 0 : Integer.parseInt(decimal.group(2));
      if (precision >= 1 && precision <= 38 && scale <= precision) {
        return Optional.of(new Dtype("numeric", ColumnType.decimal(precision, scale)));
      }
    }
    return Optional.empty();
  }

  /** The token that describes a SQL type best. */
  public static String token(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "bool";
      case TINYINT, SMALLINT -> "int16";
      case INTEGER -> "int32";
      case BIGINT -> "int64";
      case REAL -> "float32";
      case DOUBLE -> "float64";
      case DECIMAL -> "numeric";
      case DATE -> "date";
      case TIME -> "time";
      case TIMESTAMP -> "datetime64[ns]";
      case INSTANT -> "timestamp with time zone";
      case UUID -> "uuid";
      case JSON -> "json";
      case VARBINARY -> "binary";
      default -> "string";
    };
  }

  /** Every spelling that is not a pattern, tokens first among their like. */
  public static Set<String> spellings() {
    return Collections.unmodifiableSet(BY_SPELLING.keySet());
  }

  /** The tokens, for documentation and error messages. */
  public static List<String> tokens() {
    return BY_SPELLING.values().stream().map(Dtype::token).distinct().toList();
  }
}
