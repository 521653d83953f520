package io.datanode.schema;

import static io.datanode.schema.FunctionCatalog.add;
import static io.datanode.schema.FunctionCatalog.basic;
import static io.datanode.schema.FunctionCatalog.named;

import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.util.List;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;

/** Functions of text, those of the names of assets among them. */
final class TextFunctions {
  private TextFunctions() {}

  static void addTo(List<Function> all) {
    Category c = Category.STRING;
    SqlTypeFamily text = SqlTypeFamily.CHARACTER;
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    add(
        all,
        c,
        "ASSET_ID(full_symbol)",
        "Number of an asset: the first ten decimal digits of the MD5 hash of its full symbol.",
        AssetFunctions.ASSET_ID);
    add(all, c, "ASCII(s)", "Code point of the first character.", SqlStdOperatorTable.ASCII);
    add(all, c, "CHAR_LENGTH(s)", "Number of characters.", SqlStdOperatorTable.CHAR_LENGTH);
    add(
        all,
        c,
        "CHARACTER_LENGTH(s)",
        "Number of characters.",
        SqlStdOperatorTable.CHARACTER_LENGTH);
    add(
        all,
        c,
        "CHR(n)",
        "The character with a code point.",
        named("CHR", ResultTypes.TEXT_NULLABLE, whole));
    add(
        all,
        c,
        "CONCAT(s, …)",
        "All arguments together; NULL counts as empty.",
        basic("CONCAT", ReturnTypes.explicit(SqlTypeName.VARCHAR), OperandTypes.ONE_OR_MORE));
    add(
        all,
        c,
        "CONCAT_WS(separator, s, …)",
        "Arguments that are not NULL, separated.",
        basic("CONCAT_WS", ResultTypes.TEXT_NULLABLE, OperandTypes.ONE_OR_MORE));
    add(
        all,
        c,
        "CONTAINS(s, part)",
        "True if part is in s.",
        named("CONTAINS", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "ENDS_WITH(s, part)",
        "True if s ends with part.",
        named("ENDS_WITH", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "EXCHANGE(full_symbol)",
        "The part before the two colons of exchange::symbol; NULL of any other text.",
        AssetFunctions.EXCHANGE);
    add(all, c, "INITCAP(s)", "Words with a capital first letter.", SqlStdOperatorTable.INITCAP);
    add(
        all,
        c,
        "LEFT(s, n)",
        "The first n characters.",
        named("LEFT", ResultTypes.TEXT_NULLABLE, text, whole));
    add(
        all,
        c,
        "LENGTH(s)",
        "Number of characters.",
        named("LENGTH", ResultTypes.BIGINT_NULLABLE, text));
    add(
        all,
        c,
        "LEVENSHTEIN(s, t)",
        "Edits that turn s into t.",
        named("LEVENSHTEIN", ResultTypes.BIGINT_NULLABLE, text, text));
    add(all, c, "LOWER(s)", "Lower case.", SqlStdOperatorTable.LOWER);
    add(
        all,
        c,
        "LPAD(s, n, fill)",
        "s filled on the left to n characters.",
        named("LPAD", ResultTypes.TEXT_NULLABLE, text, whole, text));
    add(
        all,
        c,
        "LTRIM(s)",
        "s without blanks on the left.",
        named("LTRIM", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "MD5(s)",
        "MD5 hash in hexadecimal.",
        named("MD5", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "OCTET_LENGTH(s)",
        "Number of bytes in UTF-8.",
        named("OCTET_LENGTH", ResultTypes.BIGINT_NULLABLE, text));
    add(
        all,
        c,
        "OVERLAY(s PLACING t FROM n [FOR m])",
        "s with characters replaced by t.",
        SqlStdOperatorTable.OVERLAY);
    add(
        all,
        c,
        "POSITION(part IN s)",
        "Place of part in s from 1; 0 if it is not there.",
        SqlStdOperatorTable.POSITION);
    add(
        all,
        c,
        "REGEXP_EXTRACT(s, pattern)",
        "The first match, empty if none.",
        named("REGEXP_EXTRACT", ResultTypes.TEXT_NULLABLE, text, text));
    add(
        all,
        c,
        "REGEXP_LIKE(s, pattern)",
        "True if the pattern matches somewhere in s.",
        named("REGEXP_LIKE", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "REGEXP_MATCHES(s, pattern)",
        "The same as REGEXP_LIKE.",
        named("REGEXP_MATCHES", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "REGEXP_REPLACE(s, pattern, t)",
        "s with all matches replaced.",
        named("REGEXP_REPLACE", ResultTypes.TEXT_NULLABLE, text, text, text));
    add(
        all,
        c,
        "REPEAT(s, n)",
        "s n times.",
        named("REPEAT", ResultTypes.TEXT_NULLABLE, text, whole));
    add(all, c, "REPLACE(s, part, t)", "s with all parts replaced.", SqlStdOperatorTable.REPLACE);
    add(all, c, "REVERSE(s)", "s backwards.", named("REVERSE", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "RIGHT(s, n)",
        "The last n characters.",
        named("RIGHT", ResultTypes.TEXT_NULLABLE, text, whole));
    add(
        all,
        c,
        "RPAD(s, n, fill)",
        "s filled on the right to n characters.",
        named("RPAD", ResultTypes.TEXT_NULLABLE, text, whole, text));
    add(
        all,
        c,
        "RTRIM(s)",
        "s without blanks on the right.",
        named("RTRIM", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "SHA256(s)",
        "SHA-256 hash in hexadecimal.",
        named("SHA256", ResultTypes.TEXT_NULLABLE, text));
    add(
        all,
        c,
        "SPLIT_PART(s, separator, n)",
        "The n-th part of s, from 1; empty if there is none.",
        named("SPLIT_PART", ResultTypes.TEXT_NULLABLE, text, text, whole));
    add(
        all,
        c,
        "STARTS_WITH(s, part)",
        "True if s starts with part.",
        named("STARTS_WITH", ReturnTypes.BOOLEAN_NULLABLE, text, text));
    add(
        all,
        c,
        "STRPOS(s, part)",
        "Place of part in s from 1; 0 if it is not there.",
        named("STRPOS", ResultTypes.BIGINT_NULLABLE, text, text));
    add(
        all,
        c,
        "SUBSTRING(s FROM n [FOR m])",
        "Characters from the n-th, counted from 1.",
        SqlStdOperatorTable.SUBSTRING);
    add(
        all,
        c,
        "SUBSTR(s, n [, m])",
        "The same as SUBSTRING.",
        basic(
            "SUBSTR",
            ResultTypes.TEXT_NULLABLE,
            OperandTypes.or(
                OperandTypes.family(text, whole), OperandTypes.family(text, whole, whole))));
    add(
        all,
        c,
        "SYMBOL(full_symbol)",
        "The part after the two colons of exchange::symbol; NULL of any other text.",
        AssetFunctions.SYMBOL);
    // Calcite's parser knows it under this name.
    all.add(
        new Function(
            "TRANSLATE",
            c,
            "TRANSLATE(s, from, to)",
            "s with characters replaced one for one.",
            named("TRANSLATE3", ResultTypes.TEXT_NULLABLE, text, text, text)));
    add(
        all,
        c,
        "TRIM([BOTH | LEADING | TRAILING] [c FROM] s)",
        "s without blanks, or c, at its ends.",
        SqlStdOperatorTable.TRIM);
    add(all, c, "UPPER(s)", "Upper case.", SqlStdOperatorTable.UPPER);
  }
}
