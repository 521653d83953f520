package io.datanode.jdbc.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A call of {@link java.sql.DatabaseMetaData} that describes the catalog. Immutable.
 *
 * <p>The arguments are those of the JDBC method, in its order; String, String[] as List, Boolean,
 * Integer, or null.
 */
public final class MetadataCall {
  /** The JDBC methods that are answered by rows. */
  public enum Method {
    CATALOGS,
    SCHEMAS,
    TABLES,
    TABLE_TYPES,
    COLUMNS,
    PRIMARY_KEYS,
    IMPORTED_KEYS,
    EXPORTED_KEYS,
    CROSS_REFERENCE,
    INDEX_INFO,
    BEST_ROW_IDENTIFIER,
    TABLE_PRIVILEGES,
    COLUMN_PRIVILEGES,
    TYPE_INFO,
    FUNCTIONS,
    FUNCTION_COLUMNS,
    CLIENT_INFO_PROPERTIES,
    /**
     * Not JDBC: two columns, name and comma-separated list. The names are KEYWORDS,
     * NUMERIC_FUNCTIONS, STRING_FUNCTIONS, SYSTEM_FUNCTIONS and TIME_DATE_FUNCTIONS.
     */
    NAME_LISTS
  }

  private final Method method;
  private final List<Object> arguments;

  public MetadataCall(Method method, List<?> arguments) {
    this.method = Objects.requireNonNull(method);
    this.arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
  }

  public Method method() {
    return method;
  }

  public List<Object> arguments() {
    return arguments;
  }
}
