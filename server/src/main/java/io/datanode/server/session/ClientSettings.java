package io.datanode.server.session;

import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The settings a client of a server may choose for its session. Nothing else a client sends ever
 * reaches the engine: what concerns the whole server is set where it is started.
 */
public final class ClientSettings {
  private static final Set<Setting> OF_SESSION =
      EnumSet.of(
          Setting.TIME_ZONE,
          Setting.SCHEMA,
          Setting.TIMESTAMP_TYPE,
          Setting.APPLICATION_NAME,
          Setting.QUERY_TIMEOUT,
          Setting.PUSHDOWN,
          Setting.STRICT_PUSHDOWN,
          Setting.STRICT_POINT_IN_TIME,
          Setting.MAX_SHIPPED_ROWS,
          Setting.AS_OF,
          Setting.AS_OF_DELAY,
          Setting.REPLAY_FROM,
          Setting.REPLAY_SPEED);
  // What a client decides for itself: how it shows instants, and what it is.
  private static final Set<Setting> OF_CLIENT_ALONE =
      EnumSet.of(Setting.TIMESTAMP_TYPE, Setting.APPLICATION_NAME);
  // What a driver uses itself, and may send along.
  private static final Set<Setting> OF_CLIENT =
      EnumSet.of(Setting.USER, Setting.PASSWORD, Setting.CONNECT_TIMEOUT, Setting.SOCKET_TIMEOUT);

  private ClientSettings() {}

  /**
   * The values that a server gives settings of a session which its client does not give.
   *
   * @throws SQLException 22023 naming what has no such value, or a value that makes no sense
   */
  public static Map<String, String> defaults(Map<String, String> values) throws SQLException {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      Setting setting = Setting.of(entry.getKey());
      if (!OF_SESSION.contains(setting) || OF_CLIENT_ALONE.contains(setting)) {
        throw SqlState.INVALID_PARAMETER.exception(
            "'"
                + setting.key()
                + "' has no default that a server could give; what has is "
                + OF_SESSION.stream()
                    .filter(each -> !OF_CLIENT_ALONE.contains(each))
                    .map(Setting::key)
                    .collect(Collectors.joining(", ")));
      }
      setting.check(entry.getValue());
      defaults.put(setting.key(), entry.getValue());
    }
    return defaults;
  }

  /**
   * The session settings among what a client sends.
   *
   * @param ignored names that a protocol's clients send and that mean nothing here
   * @throws SQLException 22023 naming what is no setting of a session
   */
  public static Map<String, String> of(Map<String, String> sent, Predicate<String> ignored)
      throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : sent.entrySet()) {
      Setting setting = Setting.find(entry.getKey()).orElse(null);
      if (setting != null && OF_SESSION.contains(setting)) {
        settings.put(setting.key(), entry.getValue());
      } else if (setting == null ? !ignored.test(entry.getKey()) : !OF_CLIENT.contains(setting)) {
        throw SqlState.INVALID_PARAMETER.exception(
            "'"
                + entry.getKey()
                + "' cannot be set by a client of a server; what can is "
                + OF_SESSION.stream().map(Setting::key).collect(Collectors.joining(", ")));
      }
    }
    return settings;
  }
}
