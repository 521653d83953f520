package io.datanode.jdbc;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL of this driver, taken apart.
 *
 * <pre>
 * jdbc:datanode:&lt;folder | file.duckdb | catalog.yaml&gt;[?key=value&amp;key=value]
 * jdbc:datanode:postgresql://[user@]host[:port]/database[?key=value&amp;key=value]
 * jdbc:datanode://host[:port][,host[:port]]/[?key=value&amp;key=value]
 * </pre>
 *
 * <p>{@code %xx} stands for a byte of UTF-8 in paths, keys and values. Immutable.
 *
 * <p>A place that is itself a URL, such as {@code postgresql://host/database}, keeps the keys that
 * are no settings of ours, and those of the connection to a server: user, password, ssl and the
 * timeouts are then for the server that the place names.
 */
public final class ConnectUrl {
  public static final String PREFIX = "jdbc:datanode:";
  public static final int DEFAULT_PORT = 8765;

  /** Where a server listens. */
  public static final class Address {
    private final String host;
    private final int port;

    Address(String host, int port) {
      this.host = host;
      this.port = port;
    }

    /** A name or number; an IPv6 address without brackets. */
    public String host() {
      return host;
    }

    public int port() {
      return port;
    }

    /** {@code host:port}. */
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  private static final Pattern PLACE_URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");

  /** Only what can hold no secret by mistake, such as a password with an unencoded slash. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9+.-]+://)(?:[^@/?]*@)?([A-Za-z0-9.,:_\\[\\]-]*(?:/[^?@]*)?)(?:\\?[^@]*)?");

  private final String path;
  private final List<Address> addresses;
  private final Map<Setting, String> settings;

  private ConnectUrl(String path, List<Address> addresses, Map<Setting, String> settings) {
    this.path = path;
    this.addresses = Collections.unmodifiableList(addresses);
    this.settings = Collections.unmodifiableMap(settings);
  }

  /** True if the URL is one for this driver, well formed or not. */
  public static boolean accepts(String url) {
    return url != null && url.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  /**
   * Takes a URL apart.
   *
   * @param url one that {@link #accepts} says yes to
   * @param properties override what the URL says; may be null
   * @throws SQLException 22023 if the URL is malformed, a key unknown or given twice, or a value
   *     makes no sense
   */
  public static ConnectUrl parse(String url, Properties properties) throws SQLException {
    String rest = url.substring(PREFIX.length());
    int question = rest.indexOf('?');
    String location = question < 0 ? rest : rest.substring(0, question);
    Map<Setting, String> settings = new EnumMap<>(Setting.class);
    PlaceKeys placeKeys = isUrl(location) ? new PlaceKeys() : null;
    if (question >= 0) {
      query(rest.substring(question + 1), settings, placeKeys);
    }
    if (properties != null) {
      for (String key : properties.stringPropertyNames()) {
        Setting setting = Setting.of(key);
        put(settings, setting, properties.getProperty(key));
        if (placeKeys != null && settings.containsKey(setting)) {
          placeKeys.override(setting, properties.getProperty(key));
        }
      }
    }
    ConnectUrl parsed;
    if (placeKeys != null) {
      parsed = new ConnectUrl(placeKeys.after(location), Collections.emptyList(), settings);
    } else if (location.startsWith("//")) {
      parsed = new ConnectUrl(null, addresses(location.substring(2)), settings);
      parsed.refuseEngineSettings();
    } else if (location.isEmpty()) {
      throw SqlState.INVALID_PARAMETER.exception(
          "URL names no place; expected jdbc:datanode:<folder, .duckdb file or catalog.yaml>,"
              + " jdbc:datanode:postgresql://host:port/database or jdbc:datanode://host:port/");
    } else {
      parsed = new ConnectUrl(decode(location), Collections.emptyList(), settings);
    }
    return parsed;
  }

  /** Keys of a place that is a URL, which whoever opens the place understands; still encoded. */
  private static final class PlaceKeys {
    private final Map<String, String> pairs = new LinkedHashMap<>();

    boolean take(String pair) throws SQLException {
      int equals = pair.indexOf('=');
      String key = decode(equals < 0 ? pair : pair.substring(0, equals));
      Optional<Setting> setting = Setting.find(key);
      if (setting.isPresent() && setting.get().scope() != Setting.Scope.CONNECTION) {
        return false;
      }
      if (pairs.put(setting.map(Setting::key).orElse(key), pair) != null) {
        throw SqlState.INVALID_PARAMETER.exception("Key '" + key + "' is given twice in the URL");
      }
      return true;
    }

    /** What a login window says counts before what the URL says. */
    void override(Setting setting, String value) {
      if (setting.scope() == Setting.Scope.CONNECTION) {
        // A space is no plus sign here.
        String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
        pairs.put(setting.key(), setting.key() + "=" + encoded);
      }
    }

    String after(String location) {
      return pairs.isEmpty() ? location : location + "?" + String.join("&", pairs.values());
    }
  }

  private static void query(String query, Map<Setting, String> settings, PlaceKeys placeKeys)
      throws SQLException {
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty() || (placeKeys != null && placeKeys.take(pair))) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw SqlState.INVALID_PARAMETER.exception(
            "URL has '" + decode(pair) + "' after '?'; expected key=value");
      }
      Setting setting = Setting.of(decode(pair.substring(0, equals)));
      if (settings.containsKey(setting)) {
        throw SqlState.INVALID_PARAMETER.exception(
            "Setting '" + setting.key() + "' is given twice in the URL");
      }
      put(settings, setting, decode(pair.substring(equals + 1)));
    }
  }

  private static void put(Map<Setting, String> settings, Setting setting, String value)
      throws SQLException {
    if (value.isEmpty()) {
      // Login windows hand over an empty user; nothing given means the default.
      settings.remove(setting);
    } else {
      setting.check(value);
      settings.put(setting, value);
    }
  }

  private static List<Address> addresses(String text) throws SQLException {
    int slash = text.indexOf('/');
    String path = slash < 0 ? "" : text.substring(slash + 1);
    if (!path.isEmpty()) {
      throw SqlState.INVALID_PARAMETER.exception(
          "URL has '"
              + path
              + "' after the server; expected nothing, or ?schema="
              + path
              + " to choose a schema");
    }
    List<Address> addresses = new ArrayList<>();
    for (String part : (slash < 0 ? text : text.substring(0, slash)).split(",", -1)) {
      addresses.add(address(part.trim()));
    }
    return addresses;
  }

  private static Address address(String text) throws SQLException {
    int colon = text.lastIndexOf(':');
    boolean brackets = text.startsWith("[") && text.indexOf(']') > 0;
    if (brackets && colon < text.indexOf(']')) {
      colon = -1;
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    if (brackets) {
      host = text.substring(1, text.indexOf(']'));
    }
    int port = DEFAULT_PORT;
    if (colon >= 0) {
      String number = text.substring(colon + 1);
      port = number.matches("[0-9]{1,5}") ? Integer.parseInt(number) : -1;
    }
    if (host.isEmpty() || host.indexOf('@') >= 0 || port < 1 || port > 65_535) {
      throw SqlState.INVALID_PARAMETER.exception(
          "URL has server '"
              + text.substring(text.lastIndexOf('@') + 1)
              + "'; expected host or host:port with a port from 1 to 65535, and user and password"
              + " as settings");
    }
    return new Address(host, port);
  }

  private void refuseEngineSettings() throws SQLException {
    for (Setting setting : settings.keySet()) {
      if (setting.scope() == Setting.Scope.ENGINE) {
        throw SqlState.INVALID_PARAMETER.exception(
            "Setting '"
                + setting.key()
                + "' is for an engine in this process; a server has its own, set where it is"
                + " started");
      }
    }
  }

  private static String decode(String text) throws SQLException {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); ) {
      if (text.charAt(i) != '%') {
        int next = text.indexOf('%', i);
        String plain = text.substring(i, next < 0 ? text.length() : next);
        bytes.writeBytes(plain.getBytes(StandardCharsets.UTF_8));
        i += plain.length();
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw notEncoded();
      }
      bytes.write(high * 16 + low);
      i += 3;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw notEncoded();
    }
  }

  // The text may be a password, so it is not shown.
  private static SQLException notEncoded() {
    return SqlState.INVALID_PARAMETER.exception(
        "URL has a '%' that does not start a byte of UTF-8 in hexadecimal; write %25 for the"
            + " character itself");
  }

  /** True if the URL names a server. */
  public boolean remote() {
    return path == null;
  }

  /**
   * The folder, file or URL where a catalog is found, of a URL that is not remote; else null. May
   * hold a password, which {@link #shown(String)} leaves out.
   */
  public String path() {
    return path;
  }

  /** The servers of a remote URL, in the order to try them; else empty. */
  public List<Address> addresses() {
    return addresses;
  }

  /** The value given for a setting, or its default. */
  public String value(Setting setting) {
    return settings.getOrDefault(setting, setting.defaultValue());
  }

  /** The settings that were given. */
  public Map<Setting, String> settings() {
    return settings;
  }

  /** The URL without settings, so without password, as {@code DatabaseMetaData.getURL} shows it. */
  public String shown() {
    if (path != null) {
      return PREFIX + shown(path);
    }
    List<String> parts = new ArrayList<>();
    addresses.forEach(address -> parts.add(address.toString()));
    return PREFIX + "//" + String.join(",", parts) + "/";
  }

  /**
   * The URL of a server with some of the settings that were given. It may hold a password.
   *
   * @param kept the settings to say
   */
  public String with(Predicate<Setting> kept) {
    StringBuilder url = new StringBuilder(shown());
    settings.forEach(
        (setting, value) -> {
          if (kept.test(setting)) {
            url.append(url.indexOf("?") < 0 ? '?' : '&');
            url.append(setting.key()).append('=');
            url.append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
          }
        });
    return url.toString();
  }

  /** True if a place is a URL itself, such as {@code postgresql://host/database}. */
  public static boolean isUrl(String place) {
    return PLACE_URL.matcher(place).matches();
  }

  /**
   * A place as people may see it: a URL without user, password and keys. One that is not well
   * formed is not shown at all, because any part of it may be a secret.
   */
  public static String shown(String place) {
    if (!isUrl(place)) {
      return place;
    }
    Matcher shown = SHOWN.matcher(place);
    return shown.matches()
        ? shown.group(1) + shown.group(2)
        : place.substring(0, place.indexOf("://") + 3) + "...";
  }
}
