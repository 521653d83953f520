package io.datanode.storage.datanode;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.TableSource;
import io.datanode.storage.RunningQueries;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescription;
import io.datanode.storage.sql.StorageDialect;
import java.sql.SQLException;
import java.util.List;

/** The nodes of another catalog, as one of its users may read them. Thread-safe. */
public final class DataNodeStorage implements Storage {
  private static final int PATIENCE_SECONDS = 30;

  private final ServerSettings settings;
  private final ServerSession session;
  private final ServerSession questions;
  private final ServerNodes nodes;
  private final RunningQueries queries = new RunningQueries(DataNodeStorageProvider.TYPE);
  private final DataNodeDialect dialect = new DataNodeDialect();

  /** A storage to which no session is open yet. */
  DataNodeStorage(ServerSettings settings) {
    this.settings = settings;
    this.session = new ServerSession(settings);
    this.questions = new ServerSession(settings.withPatience(PATIENCE_SECONDS));
    this.nodes = new ServerNodes(settings, questions);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String type() {
    return DataNodeStorageProvider.TYPE;
  }

  @Override
  public String location() {
    return settings.shown();
  }

  @Override
  public StorageDialect dialect() {
    return dialect;
  }

  @Override
  public boolean sharesStatementsWith(Storage other) {
    return other instanceof DataNodeStorage that
        && that.settings.url().equals(settings.url())
        && that.settings.properties().equals(settings.properties());
  }

  @Override
  public TableDescription describe(TableSource source) {
    if (source instanceof TableSource.Table table) {
      return nodes.describe(table);
    }
    throw new DataNodeException(
        SqlState.CONFIGURATION_ERROR,
        settings.where()
            + " holds no files, but a node names "
            + source
            + "; expected a node of that server, for example table: daily_prices");
  }

  @Override
  public List<TableSource.Table> tables() {
    return nodes.tables();
  }

  @Override
  public RunningQuery execute(StorageQuery query) {
    return queries.started(new SessionQuery(queries, session, query));
  }

  @Override
  public void check() {
    try {
      if (!questions.open().isValid(PATIENCE_SECONDS)) {
        throw new DataNodeException(SqlState.CANNOT_CONNECT_NOW, settings + " does not answer");
      }
    } catch (SQLException e) {
      throw session.translate(e);
    }
  }

  /** How many statements run now. */
  public int openStatements() {
    return queries.count();
  }

  @Override
  public void close() {
    try {
      queries.close();
    } finally {
      session.close();
      questions.close();
    }
  }
}
