package io.datanode.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.ShardingKeyBuilder;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A {@link DataSource} for pools and frameworks that want one rather than a URL. */
public final class DataNodeDataSource implements DataSource {
  private final DataNodeDriver driver = new DataNodeDriver();
  private final Properties properties = new Properties();
  private String url;
  private PrintWriter logWriter;

  /** A data source whose URL is still to be set. */
  public DataNodeDataSource() {}

  /**
   * A data source.
   *
   * @param url as {@link ConnectUrl} describes
   */
  public DataNodeDataSource(String url) {
    this.url = url;
  }

  /** The URL, as it was set. */
  public String getUrl() {
    return url;
  }

  public void setUrl(String url) {
    this.url = url;
  }

  public void setUser(String user) {
    setProperty(Setting.USER.key(), user);
  }

  public void setPassword(String password) {
    setProperty(Setting.PASSWORD.key(), password);
  }

  /**
   * Sets a setting by its key; overrides the URL.
   *
   * @param value null means not given
   */
  public void setProperty(String key, String value) {
    if (value == null) {
      properties.remove(key);
    } else {
      properties.setProperty(key, value);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    return connect(properties);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    Properties given = new Properties();
    given.putAll(properties);
    if (username != null) {
      given.setProperty(Setting.USER.key(), username);
    }
    if (password != null) {
      given.setProperty(Setting.PASSWORD.key(), password);
    }
    return connect(given);
  }

  private Connection connect(Properties given) throws SQLException {
    Connection connection = driver.connect(url, given);
    if (connection == null) {
      throw SqlState.INVALID_PARAMETER.exception(
          "DataNodeDataSource has "
              + (url == null ? "no URL" : "a URL for another driver")
              + "; expected one that starts with "
              + ConnectUrl.PREFIX);
    }
    return connection;
  }

  @Override
  public PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    logWriter = out;
  }

  /** Sets {@link Setting#CONNECT_TIMEOUT}. */
  @Override
  public void setLoginTimeout(int seconds) {
    setProperty(Setting.CONNECT_TIMEOUT.key(), Integer.toString(seconds));
  }

  @Override
  public int getLoginTimeout() {
    return Integer.parseInt(
        properties.getProperty(
            Setting.CONNECT_TIMEOUT.key(), Setting.CONNECT_TIMEOUT.defaultValue()));
  }

  @Override
  public Logger getParentLogger() {
    return driver.getParentLogger();
  }

  @Override
  public ConnectionBuilder createConnectionBuilder() throws SQLException {
    throw SqlState.NOT_SUPPORTED.exception(
        "createConnectionBuilder is not offered: a connection has no sharding key");
  }

  @Override
  public ShardingKeyBuilder createShardingKeyBuilder() throws SQLException {
    throw SqlState.NOT_SUPPORTED.exception(
        "createShardingKeyBuilder is not offered: a connection has no sharding key");
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    return Wrappers.unwrap(this, iface);
  }

  @Override
  public boolean isWrapperFor(Class<?> iface) {
    return iface != null && iface.isInstance(this);
  }
}
