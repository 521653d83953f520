package io.datanode.jdbc;

import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

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
  /** Token to log in with instead of user and password. */
  TOKEN("token", "", "Bearer token to log in with instead of user and password."),
  /** Whether to speak TLS with the server. */
  SSL("ssl", "false", "Whether to speak TLS (https) with the server: true or false."),
  /** PEM file of the certificates that the server's must lead to; empty means those of the JVM. */
  SSL_ROOT_CERT(
      "sslRootCert",
      "",
      "PEM file of certificates to trust with ssl=true; empty trusts those of the JVM."),
  /** Seconds to wait for a server when connecting, for its answer too; 0 waits for ever. */
  CONNECT_TIMEOUT(
      "connectTimeout", "10", "Seconds to wait for the server when connecting; 0 waits."),
  /**
   * Seconds to wait for an answer of the server before the connection is given up; 0 waits for
   * ever.
   */
  SOCKET_TIMEOUT("socketTimeout", "0", "Seconds to wait for bytes of the server; 0 waits."),
  /** Whether the server compresses rows, for slow networks. */
  COMPRESSION(
      "compression",
      "off",
      "Whether the server compresses rows, for slow networks: off or deflate."),
  /** Seconds a statement may run unless it sets its own timeout; 0 means no limit. */
  QUERY_TIMEOUT("queryTimeout", "0", "Seconds a statement may run; 0 means no limit."),
  /**
   * Whether storages do as much of a query as they can: on or off. Off has them read whole nodes,
   * and the embedded engine do the rest; the answer is the same.
   */
  PUSHDOWN("pushdown", "on", "Whether storages do as much of a query as they can: on or off."),
  /**
   * What every node that is read must be filtered by: time, asset, both with a comma, or neither. A
   * query that would read a node without such a condition is an error before it runs.
   */
  STRICT_PUSHDOWN(
      "strictPushdown",
      "",
      "What every node read must be filtered by: time, asset or time,asset; empty means nothing."),
  /**
   * Whether a query in which a value can reach a row before its time is an error: true or false.
   * See EXPLAIN LEAKAGE.
   */
  STRICT_POINT_IN_TIME(
      "strictPointInTime",
      "false",
      "Whether a query in which a value of the future can reach a row is refused: true or false."),
  /**
   * How many rows a statement may ship between storages; 0 means any number. The default is what
   * two gigabytes hold at a hundred bytes a row, and what a storage gives in some ten seconds:
   * beyond it a condition is missing more often than not.
   */
  MAX_SHIPPED_ROWS(
      "maxShippedRows",
      "20000000",
      "Rows a statement may ship between storages; 0 means any number."),
  /**
   * The instant in the past the session is in; empty means now. What became known later is not seen
   * by any statement. Without offset it is in the session's zone.
   */
  AS_OF("asOf", "", "Instant in the past the session is in; empty means now."),
  /** How long after it became known a row is seen; ISO 8601 duration. */
  AS_OF_DELAY(
      "asOfDelay", "PT0S", "How long after it became known a row is seen; ISO 8601 duration."),
  /** The instant the clock of the session begins at when it is opened; empty means now. */
  REPLAY_FROM(
      "replayFrom",
      "",
      "Instant the session's clock begins at when it is opened; empty means now."),
  /** How many seconds pass on the clock of a replay while one passes. */
  REPLAY_SPEED("replaySpeed", "1", "Seconds that pass in a replay while one passes."),
  /** How long what was learnt of a node is remembered; ISO 8601 duration, PT0S means not at all. */
  CATALOG_TTL(
      "catalogTtl", "PT1M", "How long the catalog is remembered; ISO 8601, PT0S not at all."),
  /**
   * Memory the embedded engine may use, for example 4GB; empty means four fifths of what the
   * machine or container has beyond the largest heap of the JVM.
   */
  MEMORY_LIMIT("memoryLimit", "", "Memory the embedded DuckDB may use, for example 4GB."),
  /** Threads the embedded engine may use; 0 means one per core. */
  THREADS("threads", "0", "Threads the embedded DuckDB may use; 0 means one per core."),
  /** Folder in which the embedded engine spills large intermediate results. */
  SPILL_DIRECTORY(
      "spillDirectory", "", "Folder in which the embedded DuckDB spills; empty means temp."),
  /** Disk space the embedded engine may take to spill; empty means 90 % of what is free. */
  SPILL_LIMIT(
      "spillLimit",
      "",
      "Disk space the embedded DuckDB may spill to, for example 50GB; empty means 90 % of it.");

  /** Where a setting has its effect. */
  public enum Scope {
    /** The session, in process or at a server. */
    SESSION,
    /** The connection to a server; no effect in process. */
    CONNECTION,
    /** The engine in this process; a server has its own, so a URL of one cannot carry it. */
    ENGINE
  }

  private static final Pattern FILTERS = Pattern.compile("(time|asset)(,(time|asset))*");
  private static final Pattern SPEED = Pattern.compile("(?=.*[1-9])[0-9]{1,9}(\\.[0-9]{1,9})?");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

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

  public Scope scope() {
    switch (this) {
      case USER:
      case PASSWORD:
      case TOKEN:
      case SSL:
      case SSL_ROOT_CERT:
      case CONNECT_TIMEOUT:
      case SOCKET_TIMEOUT:
      case COMPRESSION:
        return Scope.CONNECTION;
      case CATALOG_TTL:
      case MEMORY_LIMIT:
      case THREADS:
      case SPILL_DIRECTORY:
      case SPILL_LIMIT:
        return Scope.ENGINE;
      default:
        return Scope.SESSION;
    }
  }

  /** True for what must never be printed. */
  public boolean secret() {
    return this == PASSWORD || this == TOKEN;
  }

  /** The values a setting is limited to; empty if any is allowed. */
  public List<String> choices() {
    switch (this) {
      case TIMESTAMP_TYPE:
        return List.of("timestamp", "with_time_zone");
      case SSL:
        return List.of("false", "true");
      case COMPRESSION:
        return List.of("off", "deflate");
      case STRICT_POINT_IN_TIME:
        return List.of("true", "false");
      case PUSHDOWN:
        return List.of("on", "off");
      default:
        return List.of();
    }
  }

  /**
   * Checks a value.
   *
   * @throws SQLException 22023 if it makes no sense for this setting
   */
  public void check(String value) throws SQLException {
    String expected = null;
    switch (this) {
      case TIME_ZONE:
        expected = isZone(value) ? null : "an IANA zone such as Europe/Berlin, or an offset";
        break;
      case CONNECT_TIMEOUT:
      case SOCKET_TIMEOUT:
      case QUERY_TIMEOUT:
      case MAX_SHIPPED_ROWS:
      case THREADS:
        expected = WHOLE.matcher(value).matches() ? null : "a whole number, 0 or greater";
        break;
      case STRICT_PUSHDOWN:
        expected =
            value.isEmpty() || FILTERS.matcher(value.toLowerCase(Locale.ROOT)).matches()
                ? null
                : "time, asset or time,asset";
        break;
      case REPLAY_SPEED:
        expected = SPEED.matcher(value).matches() ? null : "a number greater than zero";
        break;
      case CATALOG_TTL:
        expected = isDuration(value) ? null : "an ISO 8601 duration such as PT5M";
        break;
      default:
        if (!choices().isEmpty() && !choices().contains(value)) {
          expected = String.join(" or ", choices());
        }
    }
    if (expected != null) {
      throw SqlState.INVALID_PARAMETER.exception(
          "Setting '" + key + "' is '" + value + "'; expected " + expected);
    }
  }

  private static boolean isZone(String value) {
    try {
      ZoneId.of(value);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isDuration(String value) {
    try {
      return !Duration.parse(value).isNegative();
    } catch (DateTimeException e) {
      return false;
    }
  }

  /**
   * The setting with this key, ignoring case.
   *
   * @throws SQLException 22023 naming the nearest known key if there is none
   */
  public static Setting of(String key) throws SQLException {
    Optional<Setting> found = find(key);
    if (found.isPresent()) {
      return found.get();
    }
    Setting nearest = TIME_ZONE;
    int least = Integer.MAX_VALUE;
    for (Setting setting : values()) {
      int distance = distance(key.toLowerCase(Locale.ROOT), setting.key.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = setting;
      }
    }
    throw SqlState.INVALID_PARAMETER.exception(
        "There is no setting '" + key + "'; the nearest is '" + nearest.key + "'");
  }

  /** The fewest insertions, deletions and replacements of letters that make one word the other. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
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
