package io.datanode.storage.datanode;

import io.datanode.DataNodeException;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import java.util.Map;
import java.util.Properties;

/**
 * How to reach the server of a storage.
 *
 * @param name the storage's name in the catalog
 * @param url for the driver
 * @param shown the URL for people, without secrets
 * @param properties for the driver; may hold a password
 */
record ServerSettings(String name, String url, String shown, Properties properties) {
  private static final String EXPECTED = "expected for example http://markets.example.com:8765";

  /**
   * The settings that a catalog declares.
   *
   * @throws DataNodeException F0000 naming an option that is missing, unknown or wrong
   */
  static ServerSettings of(String name, Map<String, String> options) {
    for (String key : options.keySet()) {
      if (Option.find(key).isEmpty()) {
        throw wrong(
            name,
            "has an option '"
                + key
                + "', which type datanode does not know"
                + Nearest.hint(key, "its options", Option.keys()));
      }
    }
    String url = url(name, value(options, Option.URL));
    Properties properties = new Properties();
    properties.setProperty(Setting.TIME_ZONE.key(), "UTC");
    put(properties, Setting.USER, value(options, Option.USER));
    put(properties, Setting.PASSWORD, value(options, Option.PASSWORD));
    put(properties, Setting.TOKEN, value(options, Option.TOKEN));
    String timeout = value(options, Option.CONNECT_TIMEOUT);
    if (!timeout.isEmpty()) {
      if (!timeout.matches("[1-9][0-9]{0,4}s?")) {
        throw wrong(
            name, "has connect_timeout '" + timeout + "'; expected seconds, for example 10s");
      }
      put(properties, Setting.CONNECT_TIMEOUT, timeout.replace("s", ""));
    }
    return new ServerSettings(name, url, url.split("\\?", 2)[0], properties);
  }

  /**
   * The same for questions about nodes, which have an answer at once. Two catalogs may name each
   * other as storage of the same node; then nobody would ever answer.
   */
  ServerSettings withPatience(int seconds) {
    Properties impatient = new Properties();
    impatient.putAll(properties);
    put(impatient, Setting.SOCKET_TIMEOUT, String.valueOf(seconds));
    return new ServerSettings(name, url, shown, impatient);
  }

  private static String url(String name, String url) {
    if (url.isBlank()) {
      throw wrong(name, "has no url; " + EXPECTED);
    }
    // What stands before an @ may be a password, so the URL is not shown.
    if (url.split("\\?", 2)[0].indexOf('@') >= 0) {
      throw wrong(name, "has a url with '@'; give the options user and password instead");
    }
    if (ConnectUrl.accepts(url)) {
      return url;
    }
    if (url.matches("https?://[^/?#]+/?")) {
      boolean secure = url.startsWith("https");
      String server = url.substring(url.indexOf("://") + 1).replaceAll("/$", "");
      return ConnectUrl.PREFIX + server + "/" + (secure ? "?ssl=true" : "");
    }
    throw wrong(name, "has url '" + ConnectUrl.shown(url) + "'; " + EXPECTED);
  }

  private static String value(Map<String, String> options, Option option) {
    String value = options.get(option.key());
    return value == null ? "" : value.trim();
  }

  private static void put(Properties properties, Setting setting, String value) {
    if (!value.isEmpty()) {
      properties.setProperty(setting.key(), value);
    }
  }

  private static DataNodeException wrong(String name, String what) {
    return new DataNodeException(SqlState.CONFIGURATION_ERROR, "Storage '" + name + "' " + what);
  }

  /** Where errors of this storage come from. */
  String where() {
    return "Storage '" + name + "'";
  }

  /** Without the properties, which may hold a password. */
  @Override
  public String toString() {
    return where() + " (" + shown + ")";
  }
}
