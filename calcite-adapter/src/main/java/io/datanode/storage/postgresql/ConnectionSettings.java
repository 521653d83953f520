package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How connections to one database are made and kept.
 *
 * @param name the storage's name in the catalog
 * @param address servers and database, for example {@code db:5432/markets}
 * @param properties what the driver is told; holds the password, so it is never printed
 * @param poolSize most connections open at once
 * @param poolTimeout how long a statement waits for a free one
 * @param statementTimeout how long a statement may run; zero if the server decides
 */
record ConnectionSettings(
    String name,
    String address,
    Properties properties,
    int poolSize,
    Duration poolTimeout,
    Duration statementTimeout) {
  private static final String PREFIX = "jdbc:postgresql:";
  private static final Pattern DURATION =
      Pattern.compile("([0-9]{1,9}) ?(ms|s|min|h)?", Pattern.CASE_INSENSITIVE);

  // Sent as text, these print like nothing a reader here understands better than the server.
  private static final String TEXT_ONLY = "POINT,BOX,TIMETZ";

  /**
   * The settings that a catalog declares.
   *
   * @throws DataNodeException F0000 naming an option that is missing, unknown or wrong
   */
  static ConnectionSettings of(String name, Map<String, String> options) {
    for (String key : options.keySet()) {
      if (Option.find(key).isEmpty()) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            where(name)
                + " has an option '"
                + key
                + "', which type postgresql does not know"
                + Nearest.hint(key, "its options", Option.keys()));
      }
    }
    Properties properties = parsedUrl(name, value(options, Option.URL));
    String address = address(properties);
    for (Option option : Option.values()) {
      String value = options.get(option.key());
      if (value != null && !value.isBlank() && option.passedOn()) {
        properties.setProperty(option.key(), value);
      }
    }
    put(properties, PGProperty.USER, value(options, Option.USER));
    put(properties, PGProperty.PASSWORD, value(options, Option.PASSWORD));
    put(properties, PGProperty.CURRENT_SCHEMA, value(options, Option.SCHEMA));
    PGProperty.APPLICATION_NAME.set(properties, value(options, Option.APPLICATION_NAME));
    long connect = Math.max(1, duration(name, options, Option.CONNECT_TIMEOUT).toSeconds());
    PGProperty.CONNECT_TIMEOUT.set(properties, String.valueOf(connect));
    PGProperty.LOGIN_TIMEOUT.set(properties, String.valueOf(connect));
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.PREPARE_THRESHOLD.set(properties, -1);
    PGProperty.BINARY_TRANSFER.set(properties, true);
    PGProperty.BINARY_TRANSFER_ENABLE.set(properties, ArrayReader.typeNumbers());
    PGProperty.BINARY_TRANSFER_DISABLE.set(properties, TEXT_ONLY);
    return new ConnectionSettings(
        name,
        address,
        properties,
        positive(name, options, Option.POOL_SIZE),
        duration(name, options, Option.POOL_TIMEOUT),
        duration(name, options, Option.STATEMENT_TIMEOUT));
  }

  /** The URL for the driver, without parameters. */
  String url() {
    return PREFIX + "//" + address;
  }

  /** Who logs in, or an empty text if the operating system says who. */
  String user() {
    return properties.getProperty(PGProperty.USER.getName(), "");
  }

  /** Without the properties, which hold the password. */
  @Override
  public String toString() {
    return where(name) + " (" + address + ")";
  }

  private static Properties parsedUrl(String name, String url) {
    if (url.isBlank()) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          where(name) + " has no url; expected for example " + PREFIX + "//db:5432/markets");
    }
    // What stands before an @ may be a password, so the URL is not shown.
    if (url.split("\\?", 2)[0].indexOf('@') >= 0) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          where(name) + " has a url with '@'; give the options user and password instead");
    }
    Properties parsed = url.startsWith(PREFIX) ? Driver.parseURL(url, new Properties()) : null;
    if (parsed == null) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          where(name)
              + " has url '"
              + url.split("\\?", 2)[0]
              + "'; expected for example "
              + PREFIX
              + "//db:5432/markets");
    }
    return parsed;
  }

  private static String address(Properties parsed) {
    String[] hosts = parsed.getProperty(PGProperty.PG_HOST.getName(), "localhost").split(",", -1);
    String[] ports = parsed.getProperty(PGProperty.PG_PORT.getName(), "5432").split(",", -1);
    List<String> servers = new ArrayList<>();
    for (int i = 0; i < hosts.length; i++) {
      servers.add(hosts[i] + ":" + ports[Math.min(i, ports.length - 1)]);
    }
    return String.join(",", servers)
        + "/"
        + parsed.getProperty(PGProperty.PG_DBNAME.getName(), "postgres");
  }

  private static void put(Properties properties, PGProperty property, String value) {
    if (!value.isBlank()) {
      property.set(properties, value);
    }
  }

  private static String value(Map<String, String> options, Option option) {
    String value = options.get(option.key());
    return value == null || value.isBlank() ? option.defaultValue() : value;
  }

  private static int positive(String name, Map<String, String> options, Option option) {
    String value = value(options, option).strip();
    if (!value.matches("[1-9][0-9]{0,3}")) {
      throw wrong(name, option, value, "a number from 1 to 9999");
    }
    return Integer.parseInt(value);
  }

  private static Duration duration(String name, Map<String, String> options, Option option) {
    String value = value(options, option).strip();
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      throw wrong(name, option, value, "a duration such as 500ms, 30s or 5min");
    }
    long count = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    switch (unit.toLowerCase(java.util.Locale.ROOT)) {
      case "ms":
        return Duration.ofMillis(count);
      case "min":
        return Duration.ofMinutes(count);
      case "h":
        return Duration.ofHours(count);
      default:
        return Duration.ofSeconds(count);
    }
  }

  private static DataNodeException wrong(
      String name, Option option, String value, String expected) {
    return new DataNodeException(
        SqlState.CONFIGURATION_ERROR,
        where(name) + ": " + option.key() + " is '" + value + "'; expected " + expected);
  }

  private static String where(String name) {
    return "Storage '" + name + "'";
  }
}
