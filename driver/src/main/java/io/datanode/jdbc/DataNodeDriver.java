package io.datanode.jdbc;

import io.datanode.jdbc.remote.RemoteSession;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionProvider;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.DriverVersion;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.UnregisteredDriver;

/**
 * The driver for {@code jdbc:datanode:} URLs; see {@link ConnectUrl} for their form and {@link
 * Setting} for what they may carry.
 *
 * <p>{@link DriverManager} finds it by itself. A URL that names a server is reached over HTTP; a
 * path is opened in this process by the {@link SessionProvider} of {@code
 * io.datanode:datanode-calcite}, which must then be on the class path.
 */
public final class DataNodeDriver extends UnregisteredDriver {
  static {
    new DataNodeDriver().register();
  }

  /** A driver; {@link DriverManager} has one already. */
  public DataNodeDriver() {}

  @Override
  public boolean acceptsURL(String url) {
    return ConnectUrl.accepts(url);
  }

  /**
   * Opens a connection.
   *
   * @return null if the URL is for another driver
   * @throws SQLException 22023 if the URL or a setting is wrong, 28000 if the login is refused,
   *     08001 if no server answers, or what the engine says of the place
   */
  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    ConnectUrl parsed = ConnectUrl.parse(url, info);
    return new DataNodeConnection(this, factory, parsed, open(parsed));
  }

  /**
   * Opens a session without JDBC on top, for those who read whole columns.
   *
   * @param url a {@code jdbc:datanode:} URL
   * @param info settings by {@link Setting} key; they override what the URL says
   * @throws SQLException as {@link #connect}
   */
  public static Session openSession(String url, Properties info) throws SQLException {
    return open(ConnectUrl.parse(url, info));
  }

  private static Session open(ConnectUrl url) throws SQLException {
    return url.remote() ? RemoteSession.open(url) : openInProcess(url);
  }

  private static Session openInProcess(ConnectUrl url) throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    url.settings().forEach((setting, value) -> settings.put(setting.key(), value));
    SessionProvider provider = provider();
    if (provider == null) {
      throw SqlState.CONNECTION_FAILED.exception(
          "URL '"
              + url.shown()
              + "' opens data in this process, for which io.datanode:datanode-calcite must be on"
              + " the class path; for a server write "
              + ConnectUrl.PREFIX
              + "//host:port/");
    }
    return provider.open(url.path(), settings);
  }

  // Looks where the driver came from as well: tools load each driver by a class loader of its own.
  private static SessionProvider provider() throws SQLException {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = DataNodeDriver.class.getClassLoader();
    for (ClassLoader loader : new ClassLoader[] {own, context}) {
      try {
        Iterator<SessionProvider> found =
            ServiceLoader.load(SessionProvider.class, loader).iterator();
        if (found.hasNext()) {
          return found.next();
        }
      } catch (ServiceConfigurationError e) {
        throw SqlState.INTERNAL_ERROR.exception(
            "The engine on the class path cannot be loaded: " + e.getMessage(), e);
      }
    }
    return null;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    Map<Setting, String> given =
        acceptsURL(url) && url.length() > ConnectUrl.PREFIX.length()
            ? ConnectUrl.parse(url, info).settings()
            : Map.of();
    List<DriverPropertyInfo> properties = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      String value = setting.secret() ? null : given.get(setting);
      DriverPropertyInfo property =
          new DriverPropertyInfo(
              setting.key(), value == null && !setting.secret() ? setting.defaultValue() : value);
      property.description = setting.description();
      property.required = false;
      property.choices =
          setting.choices().isEmpty() ? null : setting.choices().toArray(new String[0]);
      properties.add(property);
    }
    return properties.toArray(new DriverPropertyInfo[0]);
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("io.datanode.jdbc");
  }

  @Override
  protected AvaticaFactory createFactory() {
    return new DataNodeFactory();
  }

  @Override
  protected DriverVersion createDriverVersion() {
    return new DriverVersion(
        DriverRelease.NAME,
        DriverRelease.version(),
        "DataNode SQL",
        DriverRelease.version(),
        false,
        DriverRelease.major(),
        DriverRelease.minor(),
        DriverRelease.major(),
        DriverRelease.minor());
  }

  @Override
  protected String getConnectStringPrefix() {
    return ConnectUrl.PREFIX;
  }

  @Override
  public Meta createMeta(AvaticaConnection connection) {
    return new DataNodeMeta(connection);
  }
}
