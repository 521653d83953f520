package io.datanode.plan.leakage;

import java.util.Locale;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * A place in a query where a value can reach a row before its time.
 *
 * @param severity how sure it is
 * @param kind what sort of place it is, for example {@code forward as-of join}
 * @param place what it is about, in the words of the query
 * @param reason why a later value gets there
 * @param remedy what would be right
 * @param at where in the parsed text; null for a query that was not written, but built
 */
public record Leak(
    Severity severity,
    String kind,
    String place,
    String reason,
    String remedy,
    @Nullable SqlParserPos at) {
  /** How sure a leak is. */
  public enum Severity {
    /** Later values do reach rows, if there are any. */
    LEAK,
    /** It cannot be told from the query and the catalog that none do. */
    POSSIBLE;

    /** As it is shown: in lower case. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
