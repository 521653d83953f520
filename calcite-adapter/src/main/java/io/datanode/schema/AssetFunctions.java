package io.datanode.schema;

import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * Functions of the full symbols by which KaizenFlow names assets: {@code exchange::symbol}, ASCII
 * letters and underscores before the colons, these and digits behind them, either perhaps empty.
 */
public final class AssetFunctions {
  /** A full symbol, as a regular expression that every storage reads alike. */
  public static final String FULL_SYMBOL = "^[a-zA-Z_]*::[a-zA-Z_0-9]*$";

  /** What parts the exchange from the symbol. */
  public static final String SEPARATOR = "::";

  /**
   * The number of an asset, BIGINT: the first ten decimal digits of the MD5 hash of its full symbol
   * in UTF-8, read as an unsigned number, most significant byte first. Any text has one, and the
   * vendor is not part of it. Two symbols may share one; of 10,000, about one universe in a hundred
   * has such a pair.
   *
   * @see "string_to_numerical_id of KaizenFlow"
   */
  public static final SqlFunction ASSET_ID =
      SqlBasicFunction.create("ASSET_ID", ResultTypes.BIGINT_NULLABLE, OperandTypes.CHARACTER);

  private static final SqlReturnTypeInference NULLABLE_TEXT =
      ReturnTypes.explicit(SqlTypeName.VARCHAR).andThen(SqlTypeTransforms.FORCE_NULLABLE);

  /** The exchange of a full symbol; NULL of any other text. */
  public static final SqlFunction EXCHANGE =
      SqlBasicFunction.create("EXCHANGE", NULLABLE_TEXT, OperandTypes.CHARACTER);

  /** The symbol of a full symbol at its exchange; NULL of any other text. */
  public static final SqlFunction SYMBOL =
      SqlBasicFunction.create("SYMBOL", NULLABLE_TEXT, OperandTypes.CHARACTER);

  private static final Pattern PATTERN = Pattern.compile(FULL_SYMBOL);

  private AssetFunctions() {}

  /** True for a full symbol. */
  public static boolean isFullSymbol(String text) {
    return PATTERN.matcher(text).matches();
  }
}
