package io.datanode.catalog.server;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogProvider;
import io.datanode.catalog.StorageInspector;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.util.Properties;

/** Opens {@code datanode://host:8765/}: a URL of the driver without {@code jdbc:}. */
public final class ServerCatalogProvider implements CatalogProvider {
  private static final String SCHEME = "datanode://";

  @Override
  public int order() {
    return 300;
  }

  @Override
  public String expects() {
    return SCHEME + "host:8765/";
  }

  @Override
  public boolean accepts(String location) {
    return location.startsWith(SCHEME);
  }

  @Override
  public Catalog open(String location, StorageInspector inspector) {
    try {
      return new ServerCatalog(ConnectUrl.parse("jdbc:" + location, new Properties()));
    } catch (SQLException e) {
      throw new DataNodeException(SqlState.INVALID_PARAMETER, e.getMessage(), e);
    }
  }
}
