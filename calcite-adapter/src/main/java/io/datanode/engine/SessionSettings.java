package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a session may change while it is open: zone, schema, names for the query log, time limit.
 * Immutable; a change gives a new one, so a running statement keeps those it began with.
 *
 * @param values by setting, checked; defaults included
 * @param clientInfo what the client tells about itself, by name
 * @param mostShippedRows greatest value of {@code maxShippedRows}; 0 for any
 */
record SessionSettings(
    Map<Setting, String> values, Map<String, String> clientInfo, long mostShippedRows) {
  private static final String CLIENT_INFO = "clientInfo.";

  /** The settings that may change; the others belong to the connection or to the engine. */
  private static final List<Setting> CHANGEABLE =
      List.of(
          Setting.TIME_ZONE,
          Setting.SCHEMA,
          Setting.APPLICATION_NAME,
          Setting.QUERY_TIMEOUT,
          Setting.PUSHDOWN,
          Setting.STRICT_PUSHDOWN,
          Setting.STRICT_POINT_IN_TIME,
          Setting.MAX_SHIPPED_ROWS,
          Setting.AS_OF,
          Setting.AS_OF_DELAY);

  SessionSettings {
    values = java.util.Collections.unmodifiableMap(new EnumMap<>(values));
    clientInfo = java.util.Collections.unmodifiableMap(new TreeMap<>(clientInfo));
  }

  /**
   * The settings a session begins with.
   *
   * @param values by key, as the URL gives them; keys that concern no session are passed over
   * @param schemas those there are
   * @param mostShippedRows greatest value of {@code maxShippedRows}; 0 for any
   * @throws InvalidSettingException 22023 or 3F000 for a value that makes no sense
   */
  static SessionSettings of(
      Map<String, String> values, Collection<String> schemas, long mostShippedRows) {
    Map<Setting, String> defaults = new EnumMap<>(Setting.class);
    CHANGEABLE.forEach(setting -> defaults.put(setting, setting.defaultValue()));
    if (mostShippedRows > 0) {
      long usual = Long.parseLong(Setting.MAX_SHIPPED_ROWS.defaultValue());
      defaults.put(Setting.MAX_SHIPPED_ROWS, Long.toString(Math.min(usual, mostShippedRows)));
    }
    SessionSettings settings = new SessionSettings(defaults, Map.of(), mostShippedRows);
    List<Map.Entry<String, String>> entries = new ArrayList<>(values.entrySet());
    // The zone first: times are read in it.
    entries.sort(
        Comparator.comparing(entry -> !entry.getKey().equalsIgnoreCase(Setting.TIME_ZONE.key())));
    for (Map.Entry<String, String> entry : entries) {
      String key = entry.getKey();
      boolean changeable =
          key.regionMatches(true, 0, CLIENT_INFO, 0, CLIENT_INFO.length())
              || Setting.find(key).filter(CHANGEABLE::contains).isPresent();
      if (changeable && !entry.getValue().isEmpty()) {
        settings = settings.begun(key, entry.getValue(), schemas);
      }
    }
    return settings;
  }

  private SessionSettings begun(String key, String value, Collection<String> schemas) {
    try {
      return with(key, value, this, schemas);
    } catch (DataNodeException e) {
      throw new InvalidSettingException(key, e);
    }
  }

  private String value(Setting setting) {
    return values.getOrDefault(setting, setting.defaultValue());
  }

  /** Zone in which instants are shown and texts without zone are read. */
  ZoneId timeZone() {
    return ZoneId.of(value(Setting.TIME_ZONE));
  }

  /** Where unqualified names are looked up. */
  String schema() {
    return value(Setting.SCHEMA);
  }

  /** For the query log; may be empty. */
  String applicationName() {
    return value(Setting.APPLICATION_NAME);
  }

  /** Limit of statements that set none; 0 means none. */
  int queryTimeoutSeconds() {
    return Integer.parseInt(value(Setting.QUERY_TIMEOUT));
  }

  /** How many rows a statement may ship between storages; the greatest number if it may any. */
  long maxShippedRows() {
    long rows = Long.parseLong(value(Setting.MAX_SHIPPED_ROWS));
    return rows == 0 ? Long.MAX_VALUE : rows;
  }

  /** False if storages are to read whole nodes, and the embedded engine to do the rest. */
  boolean pushdown() {
    return value(Setting.PUSHDOWN).equals("on");
  }

  /** The instant the session is in; null if it is now. */
  @Nullable Instant asOf() {
    String value = value(Setting.AS_OF);
    return value.isEmpty() ? null : Instant.parse(value);
  }

  /** How long after it became known a row is seen. */
  Duration asOfDelay() {
    String value = value(Setting.AS_OF_DELAY);
    return value.equals(Setting.AS_OF_DELAY.defaultValue()) ? Duration.ZERO : Duration.parse(value);
  }

  /** What every node read must be filtered by: {@code time}, {@code asset}; may be empty. */
  Set<String> strictPushdown() {
    String value = value(Setting.STRICT_PUSHDOWN);
    return value.isEmpty() ? Set.of() : Set.of(value.split(","));
  }

  /** True if queries in which a value of the future can reach a row are refused. */
  boolean strictPointInTime() {
    return value(Setting.STRICT_POINT_IN_TIME).equals("true");
  }

  /**
   * These settings with one changed.
   *
   * @param key of a {@link Setting}, ignoring case and underscores, or {@code clientInfo.<name>}
   * @param value null for the value in {@code initial}
   * @param initial those the session began with
   * @param schemas those there are
   * @throws DataNodeException 22023 for an unknown key or a value that makes no sense, 3F000 for an
   *     unknown schema
   */
  SessionSettings with(
      String key, @Nullable String value, SessionSettings initial, Collection<String> schemas) {
    if (key.regionMatches(true, 0, CLIENT_INFO, 0, CLIENT_INFO.length())) {
      String name = key.substring(CLIENT_INFO.length());
      if (name.equalsIgnoreCase("ApplicationName")) {
        return with(Setting.APPLICATION_NAME.key(), value, initial, schemas);
      }
      Map<String, String> changed = new TreeMap<>(clientInfo);
      String restored = value == null ? initial.clientInfo.get(name) : value;
      if (restored == null) {
        changed.remove(name);
      } else {
        changed.put(name, restored);
      }
      return new SessionSettings(values, changed, mostShippedRows);
    }
    Setting setting = setting(key);
    if (!CHANGEABLE.contains(setting)) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "Setting '"
              + setting.key()
              + "' is fixed when the connection is opened; a session can change "
              + names());
    }
    Map<Setting, String> changed = new EnumMap<>(Setting.class);
    changed.putAll(values);
    changed.put(setting, value == null ? initial.value(setting) : checked(setting, value, schemas));
    return new SessionSettings(changed, clientInfo, mostShippedRows);
  }

  private String checked(Setting setting, String value, Collection<String> schemas) {
    switch (setting) {
      case TIME_ZONE:
        return zone(value).getId();
      case SCHEMA:
        return schema(value, schemas);
      case QUERY_TIMEOUT:
        return Integer.toString(seconds(value));
      case MAX_SHIPPED_ROWS:
        return shippedRows(value);
      case STRICT_PUSHDOWN:
        return filters(value);
      case APPLICATION_NAME:
        return value;
      case AS_OF:
        return value.isEmpty()
            ? value
            : SessionClock.instant(setting, value, timeZone()).toString();
      case AS_OF_DELAY:
        return DelayText.duration(setting, value).toString();
      default:
        return choice(setting, value);
    }
  }

  private String shippedRows(String value) {
    String text = value.trim();
    try {
      Setting.MAX_SHIPPED_ROWS.check(text);
    } catch (SQLException e) {
      throw new DataNodeException(SqlState.INVALID_PARAMETER, e.getMessage(), e);
    }
    long rows = Long.parseLong(text);
    if (mostShippedRows > 0 && (rows == 0 || rows > mostShippedRows)) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "Setting 'maxShippedRows' is '"
              + text
              + "'; this server allows a connection 1 to "
              + mostShippedRows
              + " rows");
    }
    return text;
  }

  /** The filters named, each once, in lower case. */
  private static String filters(String value) {
    String plain = value.toLowerCase(Locale.ROOT).replace(" ", "");
    try {
      Setting.STRICT_PUSHDOWN.check(plain);
    } catch (SQLException e) {
      throw new DataNodeException(SqlState.INVALID_PARAMETER, e.getMessage(), e);
    }
    return Arrays.stream(plain.split(",")).distinct().collect(Collectors.joining(","));
  }

  /** One of the values a setting is limited to, ignoring case. */
  private static String choice(Setting setting, String value) {
    for (String choice : setting.choices()) {
      if (choice.equalsIgnoreCase(value.trim())) {
        return choice;
      }
    }
    throw new DataNodeException(
        SqlState.INVALID_PARAMETER,
        setting.key() + " is '" + value + "'; expected " + String.join(" or ", setting.choices()));
  }

  private static Setting setting(String key) {
    String plain = key.replace("_", "").replace(" ", "");
    return Setting.find(plain)
        .orElseThrow(
            () ->
                new DataNodeException(
                    SqlState.INVALID_PARAMETER,
                    "There is no setting '"
                        + key
                        + "'"
                        + Nearest.to(plain, CHANGEABLE.stream().map(Setting::key).toList())
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("; a session can change " + names())));
  }

  private static String names() {
    return CHANGEABLE.stream().map(Setting::key).collect(Collectors.joining(", "));
  }

  private static ZoneId zone(String value) {
    String text = value.trim();
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      for (String known : ZoneId.getAvailableZoneIds()) {
        if (known.equalsIgnoreCase(text)) {
          return ZoneId.of(known);
        }
      }
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "timeZone is '"
              + value
              + "'; expected a zone such as Europe/Paris, UTC or +01:00"
              + Nearest.to(text, ZoneId.getAvailableZoneIds())
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse(""),
          e);
    }
  }

  private static String schema(String value, Collection<String> schemas) {
    for (String schema : schemas) {
      if (schema.equals(value)) {
        return schema;
      }
    }
    for (String schema : schemas) {
      if (schema.equalsIgnoreCase(value)) {
        return schema;
      }
    }
    throw new DataNodeException(
        SqlState.UNDEFINED_SCHEMA,
        "There is no schema '" + value + "'; the schemas are " + String.join(", ", schemas));
  }

  private static int seconds(String value) {
    try {
      int seconds = Integer.parseInt(value.trim());
      if (seconds >= 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "queryTimeout is '" + value + "'; expected seconds as a whole number, 0 for no limit",
          e);
    }
    throw new DataNodeException(
        SqlState.INVALID_PARAMETER,
        "queryTimeout is " + value + "; expected seconds from 0, which means no limit");
  }

  /** The settings by key, for the query log; defaults and empty ones are left out. */
  Map<String, String> changed() {
    Map<String, String> changed = new TreeMap<>();
    changed.put(Setting.TIME_ZONE.key(), value(Setting.TIME_ZONE));
    changed.put(Setting.SCHEMA.key(), schema());
    for (Setting setting : CHANGEABLE) {
      boolean isDefault = value(setting).equals(setting.defaultValue());
      if (setting != Setting.APPLICATION_NAME && !isDefault) {
        changed.put(setting.key(), value(setting));
      }
    }
    List<String> names = new ArrayList<>(clientInfo.keySet());
    names.removeIf(name -> name.toLowerCase(Locale.ROOT).contains("password"));
    names.forEach(name -> changed.put(CLIENT_INFO + name, clientInfo.get(name)));
    return changed;
  }
}
