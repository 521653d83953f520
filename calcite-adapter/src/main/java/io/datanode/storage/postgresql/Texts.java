package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.integer;
import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import io.datanode.storage.sql.StorageDialect.FunctionText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Functions of text. */
final class Texts {
  private final PostgreSqlDialect dialect;
  private final ServerFacts facts;
  private final Casts casts;

  Texts(PostgreSqlDialect dialect, ServerFacts facts, Casts casts) {
    this.dialect = dialect;
    this.facts = facts;
    this.casts = casts;
  }

  /**
   * LIKE without an escape character unless one is named, where PostgreSQL takes a backslash. Only
   * ILIKE depends on the letters of other scripts.
   */
  String like(String text, String keyword, String pattern, @Nullable String escape) {
    boolean constant = pattern.startsWith("'");
    String end = escape != null ? " ESCAPE " + escape : constant ? "" : " ESCAPE ''";
    if (!keyword.endsWith("ILIKE")) {
      return "(" + text + " " + keyword + " " + pattern + end + ")";
    }
    return "("
        + cased("LOWER", text)
        + " "
        + keyword.replace("ILIKE", "LIKE")
        + " "
        + cased("LOWER", pattern)
        + end
        + ")";
  }

  /**
   * Upper or lower case of all scripts, whatever the database's locale: one letter for one letter.
   */
  private String cased(String function, String text) {
    if (facts.version() < 17) {
      throw notPushed(
          function,
          "before version 17, upper and lower case of PostgreSQL depend on the database's locale");
    }
    // The one letter that both engines know and treat differently.
    String letters = function.equals("UPPER") ? "REPLACE(" + text + ", 'ß', 'ẞ')" : text;
    return "(" + function + "(" + letters + " COLLATE \"pg_c_utf8\") COLLATE \"C\")";
  }

  /** A call of one of these functions, or null if it is none. */
  @Nullable String function(FunctionText call) {
    String name = call.name().toUpperCase(Locale.ROOT);
    List<String> a = call.arguments();
    switch (name) {
      case "UPPER":
      case "LOWER":
        return cased(name, a.get(0));
      case "ASCII":
        return "ASCII(" + a.get(0) + ")";
      case "CHAR_LENGTH":
      case "CHARACTER_LENGTH":
        return "CHAR_LENGTH(" + a.get(0) + ")";
      case "LENGTH":
        return "CAST(CHAR_LENGTH(" + a.get(0) + ") AS BIGINT)";
      case "OCTET_LENGTH":
        return "CAST(OCTET_LENGTH(CONVERT_TO(" + a.get(0) + ", 'UTF8')) AS BIGINT)";
      case "CHR":
        return "CHR(" + whole(call, 0) + ")";
      case "CONCAT":
        return "CONCAT(" + String.join(", ", texts(call)) + ")";
      case "CONCAT_WS":
        return "CONCAT_WS(" + String.join(", ", texts(call)) + ")";
      case "CONTAINS":
        return "(POSITION(" + a.get(1) + " IN " + a.get(0) + ") > 0)";
      case "STARTS_WITH":
        return "STARTS_WITH(" + a.get(0) + ", " + a.get(1) + ")";
      case "ENDS_WITH":
        return "(RIGHT(" + a.get(0) + ", CHAR_LENGTH(" + a.get(1) + ")) = " + a.get(1) + ")";
      case "LEFT":
      case "RIGHT":
      case "REPEAT":
        return name + "(" + a.get(0) + ", " + whole(call, 1) + ")";
      case "LPAD":
      case "RPAD":
        return pad(name, call);
      case "LTRIM":
      case "RTRIM":
        return name + "(" + a.get(0) + ")";
      case "TRIM/BOTH":
        return "BTRIM(" + a.get(1) + ", " + a.get(0) + ")";
      case "TRIM/LEADING":
        return "LTRIM(" + a.get(1) + ", " + a.get(0) + ")";
      case "TRIM/TRAILING":
        return "RTRIM(" + a.get(1) + ", " + a.get(0) + ")";
      case "ASSET_ID":
        return assetId(a.get(0));
      case "EXCHANGE":
      case "SYMBOL":
        return "CASE WHEN "
            + a.get(0)
            + " ~ '^[a-zA-Z_]*::[a-zA-Z_0-9]*$' THEN SPLIT_PART("
            + a.get(0)
            + ", '::', "
            + (call.name().equalsIgnoreCase("EXCHANGE") ? 1 : 2)
            + ") END";
      case "MD5":
        return "MD5(CONVERT_TO(" + a.get(0) + ", 'UTF8'))";
      case "SHA256":
        return "ENCODE(SHA256(CONVERT_TO(" + a.get(0) + ", 'UTF8')), 'hex')";
      case "OVERLAY":
        return overlay(call);
      case "POSITION":
        return position(call);
      case "STRPOS":
        return "CAST(STRPOS(" + a.get(0) + ", " + a.get(1) + ") AS BIGINT)";
      case "REPLACE":
        return "REPLACE(" + String.join(", ", a) + ")";
      case "REVERSE":
        return reverse(call);
      case "SPLIT_PART":
        return split(call);
      case "SUBSTR":
      case "SUBSTRING":
        return substring(call);
      case "TRANSLATE3":
      case "TRANSLATE":
        return "TRANSLATE(" + String.join(", ", a) + ")";
      case "REGEXP_LIKE":
      case "REGEXP_MATCHES":
        return "("
            + binary(a.get(0))
            + " ~ "
            + dialect.string(Patterns.matching(name, constant(call, 1)))
            + ")";
      case "REGEXP_EXTRACT":
        return "CASE WHEN "
            + a.get(0)
            + " IS NOT NULL THEN COALESCE(SUBSTRING("
            + binary(a.get(0))
            + " FROM "
            + dialect.string(Patterns.searching(name, constant(call, 1)))
            + "), '') END";
      case "REGEXP_REPLACE":
        return regexpReplace(name, call);
      default:
        return null;
    }
  }

  /** Character classes of regular expressions are those of ASCII, as in RE2. */
  private static String binary(String text) {
    return text + " COLLATE \"C\"";
  }

  private static RelDataType type(FunctionText call, int argument) {
    return call.operands().get(argument).getType();
  }

  private static String whole(FunctionText call, int argument) {
    return integer(call.arguments().get(argument), type(call, argument));
  }

  private List<String> texts(FunctionText call) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      texts.add(casts.asText(call.arguments().get(i), type(call, i)));
    }
    return texts;
  }

  /** The text of an argument that must be a constant. */
  private static String constant(FunctionText call, int argument) {
    RexNode node = call.operands().get(argument);
    String value = node instanceof RexLiteral literal ? literal.getValueAs(String.class) : null;
    if (value == null) {
      throw notPushed(
          call.name(),
          call.name()
              + " is pushed to PostgreSQL only if its argument "
              + (argument + 1)
              + " is a"
              + " constant");
    }
    return value;
  }

  private static @Nullable Integer number(FunctionText call, int argument) {
    return call.operands().get(argument) instanceof RexLiteral literal && !literal.isNull()
        ? literal.getValueAs(Integer.class)
        : null;
  }

  private static String pad(String name, FunctionText call) {
    if (constant(call, 2).isEmpty()) {
      throw notPushed(name, "PostgreSQL does not refuse to fill with nothing");
    }
    return name
        + "("
        + call.arguments().get(0)
        + ", "
        + whole(call, 1)
        + ", "
        + call.arguments().get(2)
        + ")";
  }

  private static String overlay(FunctionText call) {
    List<String> a = call.arguments();
    Integer start = number(call, 2);
    Integer length = a.size() > 3 ? number(call, 3) : Integer.valueOf(0);
    if (start == null || start < 1 || length == null || length < 0) {
      throw notPushed("OVERLAY", "PostgreSQL refuses to overlay before the first character");
    }
    return "OVERLAY("
        + a.get(0)
        + " PLACING "
        + a.get(1)
        + " FROM "
        + a.get(2)
        + (a.size() > 3 ? " FOR " + a.get(3) : "")
        + ")";
  }

  private static String position(FunctionText call) {
    List<String> a = call.arguments();
    if (a.size() == 2) {
      return "POSITION(" + a.get(0) + " IN " + a.get(1) + ")";
    }
    String from = whole(call, 2);
    String found = "POSITION(" + a.get(0) + " IN SUBSTRING(" + a.get(1) + " FROM " + from + "))";
    Integer start = number(call, 2);
    if (start == null || start < 1) {
      throw notPushed("POSITION", "PostgreSQL counts a start before the first character otherwise");
    }
    return "CASE WHEN " + found + " = 0 THEN 0 ELSE " + found + " + " + from + " - 1 END";
  }

  /** PostgreSQL reverses code points, which would part an accent from its letter. */
  private static String reverse(FunctionText call) {
    RexNode text = call.operands().get(0);
    String value = text instanceof RexLiteral literal ? literal.getValueAs(String.class) : null;
    if (value == null || !value.chars().allMatch(c -> c < 128)) {
      throw notPushed(
          "REVERSE", "PostgreSQL reverses code points and would part accents from their letters");
    }
    return "REVERSE(" + call.arguments().get(0) + ")";
  }

  private static String split(FunctionText call) {
    Integer part = number(call, 2);
    if (part == null || part < 1 || constant(call, 1).isEmpty()) {
      throw notPushed(
          "SPLIT_PART", "PostgreSQL counts parts below 1, and empty separators, otherwise");
    }
    return "SPLIT_PART(" + String.join(", ", call.arguments()) + ")";
  }

  private static String substring(FunctionText call) {
    String text = call.arguments().get(0);
    String from = whole(call, 1);
    if (call.arguments().size() == 2) {
      return "SUBSTRING(" + text + " FROM " + from + ")";
    }
    String length = whole(call, 2);
    Integer constant = number(call, 2);
    String part = "SUBSTRING(" + text + " FROM " + from + " FOR " + length + ")";
    return constant != null && constant >= 0
        ? part
        : "CASE WHEN " + length + " >= 0 THEN " + part + " END";
  }

  private String regexpReplace(String name, FunctionText call) {
    if (constant(call, 2).indexOf('\\') >= 0) {
      throw notPushed(name, "a replacement with a backslash means something else in PostgreSQL");
    }
    return "REGEXP_REPLACE("
        + binary(call.arguments().get(0))
        + ", "
        + dialect.string(Patterns.searching(name, constant(call, 1)))
        + ", "
        + call.arguments().get(2)
        + ", 'g')";
  }

  /** The first ten digits of the hash, which is put together out of four unsigned numbers. */
  private static String assetId(String text) {
    String number = part(text, 1);
    for (int from : new int[] {9, 17, 25}) {
      number = "(" + number + " * 4294967296 + " + part(text, from) + ")";
    }
    return "CAST(LEFT(CAST(" + number + " AS TEXT), 10) AS BIGINT)";
  }

  private static String part(String text, int from) {
    return "CAST(CAST(CAST('x' || SUBSTR(MD5(CONVERT_TO("
        + text
        + ", 'UTF8')), "
        + from
        + ", 8) AS BIT(32)) AS BIGINT) AS NUMERIC)";
  }
}
