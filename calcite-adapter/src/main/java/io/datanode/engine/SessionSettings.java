package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a session may change while it is open: zone, schema, names for the query log, time limit.
 * Immutable; a change gives a new one, so a running statement keeps those it began with.
 *
 * @param timeZone zone in which instants are shown and texts without zone are read
 * @param schema where unqualified names are looked up
 * @param applicationName for the query log; may be empty
 * @param queryTimeoutSeconds limit of statements that set none; 0 means none
 * @param clientInfo what the client tells about itself, by name
 */
record SessionSettings(
    ZoneId timeZone,
    String schema,
    String applicationName,
    int queryTimeoutSeconds,
    Map<String, String> clientInfo) {
  private static final String CLIENT_INFO = "clientInfo.";

  /** The settings that may change; the others belong to the connection or to the engine. */
  private static final List<Setting> CHANGEABLE =
      List.of(Setting.TIME_ZONE, Setting.SCHEMA, Setting.APPLICATION_NAME, Setting.QUERY_TIMEOUT);

  SessionSettings {
    clientInfo = java.util.Collections.unmodifiableMap(new TreeMap<>(clientInfo));
  }

  /**
   * The settings a session begins with.
   *
   * @param values by key, as the URL gives them; keys that concern no session are passed over
   * @param schemas those there are
   * @throws DataNodeException 22023 or 3F000 for a value that makes no sense
   */
  static SessionSettings of(Map<String, String> values, Collection<String> schemas) {
    SessionSettings settings =
        new SessionSettings(
            zone(Setting.TIME_ZONE.defaultValue()), Setting.SCHEMA.defaultValue(), "", 0, Map.of());
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String key = entry.getKey();
      boolean changeable =
          key.regionMatches(true, 0, CLIENT_INFO, 0, CLIENT_INFO.length())
              || Setting.find(key).filter(CHANGEABLE::contains).isPresent();
      if (changeable && !entry.getValue().isEmpty()) {
        settings = settings.with(key, entry.getValue(), settings, schemas);
      }
    }
    return settings;
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
      return new SessionSettings(timeZone, schema, applicationName, queryTimeoutSeconds, changed);
    }
    Setting setting = setting(key);
    switch (setting) {
      case TIME_ZONE:
        return new SessionSettings(
            value == null ? initial.timeZone : zone(value),
            schema,
            applicationName,
            queryTimeoutSeconds,
            clientInfo);
      case SCHEMA:
        return new SessionSettings(
            timeZone,
            value == null ? initial.schema : schema(value, schemas),
            applicationName,
            queryTimeoutSeconds,
            clientInfo);
      case APPLICATION_NAME:
        return new SessionSettings(
            timeZone,
            schema,
            value == null ? initial.applicationName : value,
            queryTimeoutSeconds,
            clientInfo);
      case QUERY_TIMEOUT:
        return new SessionSettings(
            timeZone,
            schema,
            applicationName,
            value == null ? initial.queryTimeoutSeconds : seconds(value),
            clientInfo);
      default:
        throw new DataNodeException(
            SqlState.INVALID_PARAMETER,
            "Setting '"
                + setting.key()
                + "' is fixed when the connection is opened; a session can change "
                + names());
    }
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
    changed.put(Setting.TIME_ZONE.key(), timeZone.getId());
    changed.put(Setting.SCHEMA.key(), schema);
    if (queryTimeoutSeconds > 0) {
      changed.put(Setting.QUERY_TIMEOUT.key(), Integer.toString(queryTimeoutSeconds));
    }
    List<String> names = new ArrayList<>(clientInfo.keySet());
    names.removeIf(name -> name.toLowerCase(Locale.ROOT).contains("password"));
    names.forEach(name -> changed.put(CLIENT_INFO + name, clientInfo.get(name)));
    return changed;
  }
}
