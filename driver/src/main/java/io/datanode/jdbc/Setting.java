package io.datanode.jdbc;

import java.util.Optional;

/**
 * Every setting a {@code jdbc:datanode:} URL or {@code Properties} may carry.
 *
 * <p>{@code getPropertyInfo}, the JDBC reference page and its test all come from this list. An
 * unknown key is an error that names the nearest known one.
 */
public enum Setting {
  /**
   * Zone in which instants are shown and literals without zone are read: an IANA name or an offset.
   */
  TIME_ZONE(
      "timeZone", "UTC", "Zone in which instants are shown and literals without zone are read."),
  /** Schema in which unqualified names are looked up. */
  SCHEMA("schema", "nodes", "Schema in which unqualified names are looked up."),
  /** JDBC type reported for instants: timestamp (93, as pgjdbc) or with_time_zone (2014). */
  TIMESTAMP_TYPE(
      "timestampType",
      "timestamp",
      "JDBC type reported for instants: timestamp (93) or with_time_zone (2014)."),
  /** Name of the application, shown in metadata.queries. */
  APPLICATION_NAME("applicationName", "", "Name of the application, shown in metadata.queries."),
  /** User to log in as. */
  USER("user", "", "User to log in as."),
  /** Password of the user; never logged, never part of the URL that metadata reports. */
  PASSWORD("password", "", "Password of the user."),
  /** Seconds to wait for the server when connecting; 0 waits for ever. */
  CONNECT_TIMEOUT(
      "connectTimeout", "10", "Seconds to wait for the server when connecting; 0 waits."),
  /**
   * Seconds to wait for an answer of the server before the connection is given up; 0 waits for
   * ever.
   */
  SOCKET_TIMEOUT("socketTimeout", "0", "Seconds to wait for bytes of the server; 0 waits."),
  /** Seconds a statement may run unless it sets its own timeout; 0 means no limit. */
  QUERY_TIMEOUT("queryTimeout", "0", "Seconds a statement may run; 0 means no limit."),
  /** How long what was learnt of a node is remembered; ISO 8601 duration, PT0S means not at all. */
  CATALOG_TTL(
      "catalogTtl", "PT1M", "How long the catalog is remembered; ISO 8601, PT0S not at all."),
  /** Memory the embedded engine may use, for example 4GB; empty means its own default. */
  MEMORY_LIMIT("memoryLimit", "", "Memory the embedded DuckDB may use, for example 4GB."),
  /** Threads the embedded engine may use; 0 means one per core. */
  THREADS("threads", "0", "Threads the embedded DuckDB may use; 0 means one per core."),
  /** Folder in which the embedded engine spills large intermediate results. */
  SPILL_DIRECTORY(
      "spillDirectory", "", "Folder in which the embedded DuckDB spills; empty means temp.");

  private final String key;
  private final String defaultValue;
  private final String description;

  Setting(String key, String defaultValue, String description) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The name in URLs and {@code Properties}. */
  public String key() {
    return key;
  }

  /** The value in force if none is given; may be empty. */
  public String defaultValue() {
    return defaultValue;
  }

  /** One line for tools and the reference page. */
  public String description() {
    return description;
  }

  /** The setting with this key, ignoring case. */
  public static Optional<Setting> find(String key) {
    for (Setting setting : values()) {
      if (setting.key.equalsIgnoreCase(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
