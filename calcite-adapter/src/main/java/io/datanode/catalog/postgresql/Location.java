package io.datanode.catalog.postgresql;

import io.datanode.DataNodeException;
import io.datanode.catalog.declaration.References;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Where a catalog is: {@code postgresql://[user[:password]@]host[:port][,host[:port]]/database},
 * with keys of the PostgreSQL driver, and {@code catalogSchema}, after a question mark.
 *
 * <p>What is not given comes from {@code PGUSER} and {@code PGPASSWORD}, or {@code ~/.pgpass}.
 * {@code ${ENV:NAME}} anywhere stands for an environment variable.
 *
 * @param shown without user, password and keys, for people
 * @param jdbcUrl without user, password and keys
 * @param schema the schema of the tables
 * @param properties for the PostgreSQL driver; may hold a password, so they are never printed
 */
record Location(String shown, String jdbcUrl, String schema, Properties properties) {
  static final String EXAMPLE = "postgresql://host:5432/database";
  static final String SCHEMA_KEY = "catalogSchema";
  static final String DEFAULT_SCHEMA = "datanode";

  private static final Pattern SCHEME = Pattern.compile("postgres(?:ql)?://.*");
  private static final String TEXT = "(?:\\$\\{[^}]*}|[^:@/?#$]|\\$(?!\\{))*";
  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>"
              + TEXT
              + ")(?::(?<password>"
              + TEXT
              + "))?@)?(?<hosts>[A-Za-z0-9.,:_\\[\\]-]*)(?:/(?<database>[^?@/]*))?(?:\\?(?<keys>.*))?");

  /** Told to the server, so that its administrator sees who is connected. */
  private static final String APPLICATION_NAME = "DataNode SQL catalog";

  private static final String SECONDS_OF_SILENCE = "30";

  static boolean accepts(String location) {
    return SCHEME.matcher(location).matches();
  }

  /**
   * Takes a location apart.
   *
   * @param environment the value of an environment variable, or null
   * @throws DataNodeException F0000 if it is malformed, has an unknown key, or refers to a variable
   *     that is not set; shows no part that may be a secret
   */
  static Location parse(String location, Function<String, @Nullable String> environment) {
    String shown = ConnectUrl.shown(location);
    Matcher url = URL.matcher(location);
    if (!url.matches()) {
      throw wrong(
          shown,
          "is not well formed; expected postgresql://user@host:5432/database?key=value, with %40"
              + " for @, %3A for :, %2F for / and %3F for ? in names and passwords");
    }
    Function<String, String> read = text -> read(text, shown, environment);
    String database = Optional.ofNullable(url.group("database")).map(read).orElse("");
    if (database.isEmpty()) {
      throw wrong(shown, "names no database; expected " + EXAMPLE);
    }
    Map<String, String> keys = keys(url.group("keys"), shown, read);
    Optional.ofNullable(url.group("user")).map(read).ifPresent(user -> keys.put("user", user));
    Optional.ofNullable(url.group("password"))
        .map(read)
        .ifPresent(password -> keys.put("password", password));
    Optional.ofNullable(environment.apply("PGUSER"))
        .ifPresent(user -> keys.putIfAbsent("user", user));
    Optional.ofNullable(environment.apply("PGPASSWORD"))
        .ifPresent(password -> keys.putIfAbsent("password", password));
    keys.putIfAbsent(PGProperty.APPLICATION_NAME.getName(), APPLICATION_NAME);
    keys.putIfAbsent(PGProperty.SOCKET_TIMEOUT.getName(), SECONDS_OF_SILENCE);
    keys.putIfAbsent(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
    keys.putIfAbsent(PGProperty.REWRITE_BATCHED_INSERTS.getName(), "true");
    String schema = keys.getOrDefault(SCHEMA_KEY, DEFAULT_SCHEMA);
    keys.remove(SCHEMA_KEY);
    Properties properties = new Properties();
    properties.putAll(keys);
    String hosts = url.group("hosts");
    return new Location(
        shown + (schema.equals(DEFAULT_SCHEMA) ? "" : "?" + SCHEMA_KEY + "=" + schema),
        "jdbc:postgresql://" + hosts + "/" + encoded(database),
        schema,
        properties);
  }

  private static Map<String, String> keys(
      @Nullable String query, String shown, Function<String, String> read) {
    Map<String, String> keys = new TreeMap<>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String key = read.apply(equals < 0 ? pair : pair.substring(0, equals));
      if (equals < 0) {
        throw wrong(shown, "has '" + key + "' after '?'; expected key=value");
      }
      if (!key.equals(SCHEMA_KEY) && PGProperty.forName(key) == null) {
        throw wrong(shown, "has an unknown key '" + key + "'" + nearest(key));
      }
      String value = read.apply(pair.substring(equals + 1));
      if (keys.put(key, value) != null) {
        throw wrong(shown, "has the key '" + key + "' twice");
      }
    }
    if (Optional.ofNullable(keys.get(SCHEMA_KEY)).filter(String::isBlank).isPresent()) {
      throw wrong(shown, "has an empty " + SCHEMA_KEY + "; expected the name of a schema");
    }
    return keys;
  }

  private static String nearest(String key) {
    List<String> known =
        Stream.concat(
                Stream.of(SCHEMA_KEY), Arrays.stream(PGProperty.values()).map(PGProperty::getName))
            .toList();
    return Nearest.to(key, known)
        .map(near -> "; did you mean '" + near + "'?")
        .orElse("; expected " + SCHEMA_KEY + " or a key of the PostgreSQL driver");
  }

  private static String read(
      String text, String shown, Function<String, @Nullable String> environment) {
    String decoded;
    try {
      // A plus sign stands for itself, as in libpq.
      decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The text may be a password, so neither it nor the exception is shown.
      throw wrong(shown, "has a '%' that is not followed by two hexadecimal digits; write %25");
    }
    return References.replace(
        decoded,
        environment,
        problem -> {
          throw wrong(shown, "cannot be opened: " + problem);
        });
  }

  private static String encoded(String database) {
    return URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static DataNodeException wrong(String shown, String what) {
    return new DataNodeException(SqlState.CONFIGURATION_ERROR, "Catalog '" + shown + "' " + what);
  }

  /** The user it logs in as, if one is given. */
  Optional<String> user() {
    return Optional.ofNullable(properties.getProperty("user"));
  }

  /** Without the properties, which may hold a password. */
  @Override
  public String toString() {
    return shown;
  }
}
