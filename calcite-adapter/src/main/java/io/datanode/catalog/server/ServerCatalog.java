package io.datanode.catalog.server;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.DataNodeDriver;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server publishes to one of its users. All nodes are in one storage, which is the server;
 * of their columns and keys it tells when they are first used.
 */
final class ServerCatalog implements Catalog {
  /** The one storage. */
  private static final String STORAGE = "server";

  private static final String NODES =
      "SELECT namespace, identifier, description, storage_hash, cadence, labels FROM metadata.nodes";

  /** How long a server may take to list its nodes, in seconds. */
  private static final String PATIENCE = "60";

  /** Settings that a storage of type {@code datanode} has as options; others stay in its URL. */
  private static final Set<Setting> OPTIONS =
      Set.of(Setting.USER, Setting.PASSWORD, Setting.TOKEN, Setting.CONNECT_TIMEOUT);

  private final ConnectUrl url;

  /** A catalog that has not been read yet. */
  ServerCatalog(ConnectUrl url) {
    this.url = url;
  }

  @Override
  public String location() {
    return url.shown();
  }

  @Override
  public CatalogSnapshot snapshot() {
    Map<NodeName, DataNode> nodes = new LinkedHashMap<>();
    Properties settings = new Properties();
    settings.setProperty(Setting.SOCKET_TIMEOUT.key(), PATIENCE);
    url.settings().forEach((setting, value) -> settings.setProperty(setting.key(), value));
    try (Connection connection = new DataNodeDriver().connect(url.shown(), settings);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(NODES)) {
      while (rows.next()) {
        DataNode node = node(rows);
        nodes.put(node.name(), node);
      }
    } catch (SQLException e) {
      throw new DataNodeException(
          SqlState.of(e.getSQLState()), url.shown() + ": " + e.getMessage(), e);
    }
    StorageDeclaration storage =
        new StorageDeclaration(STORAGE, "datanode", options(), url.shown());
    return new CatalogSnapshot(nodes, Map.of(STORAGE, storage), null, null);
  }

  /** What the server declares of its storages is not told to its users. */
  @Override
  public CatalogSnapshot declared() {
    throw new DataNodeException(
        SqlState.NOT_SUPPORTED,
        "The catalog of server "
            + url.shown()
            + " cannot be copied from here; export it where the server reads it");
  }

  private static DataNode node(ResultSet row) throws SQLException {
    NodeName name = new NodeName(row.getString("namespace"), row.getString("identifier"));
    TableSource table = new TableSource.Table(List.of(name.namespace(), name.identifier()));
    return new DataNode(
        name,
        STORAGE,
        table,
        row.getString("description"),
        row.getString("storage_hash"),
        null,
        null,
        null,
        null,
        null,
        null,
        row.getString("cadence"),
        labels(row.getString("labels")),
        List.of(),
        false,
        List.of());
  }

  private static List<String> labels(@Nullable String text) {
    List<String> labels = new ArrayList<>();
    for (String label : text == null ? new String[0] : text.split(",")) {
      if (!label.isBlank()) {
        labels.add(label.strip());
      }
    }
    return labels;
  }

  private Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("url", url.with(setting -> !OPTIONS.contains(setting)));
    for (Setting option : OPTIONS) {
      if (url.settings().containsKey(option)) {
        options.put(option.name().toLowerCase(Locale.ROOT), url.value(option));
      }
    }
    return options;
  }
}
