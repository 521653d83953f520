package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.node.TableSource;
import io.datanode.storage.ConnectionCounts;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescriber;
import io.datanode.storage.TableDescription;
import io.datanode.storage.TableWriter;
import io.datanode.storage.sql.StorageDialect;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of one PostgreSQL database, as one of its users may read them. Thread-safe. */
public final class PostgreSqlStorage implements Storage {
  private final ConnectionSettings settings;
  private final ConnectionPool pool;
  private final Introspection introspection;
  private final StoredTables tables;
  private final StatementMemory memory = new StatementMemory();
  private @Nullable PostgreSqlDialect dialect;

  /** A storage to which no connection is open yet. */
  PostgreSqlStorage(ConnectionSettings settings) {
    this.settings = settings;
    this.pool = new ConnectionPool(settings);
    this.introspection = new Introspection(pool);
    this.tables = new StoredTables(settings, introspection);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String type() {
    return PostgreSqlStorageProvider.TYPE;
  }

  @Override
  public String location() {
    return settings.url();
  }

  /**
   * How SQL is written for this database: that depends on its version and collation.
   *
   * @throws DataNodeException 57P03 if these are not known yet and the server does not answer
   */
  @Override
  public synchronized StorageDialect dialect() {
    PostgreSqlDialect known = dialect;
    if (known == null) {
      known = new PostgreSqlDialect(introspection.facts());
      dialect = known;
    }
    return known;
  }

  @Override
  public boolean sharesStatementsWith(Storage other) {
    return other instanceof PostgreSqlStorage that
        && that.settings.address().equals(settings.address())
        && that.settings.user().equals(settings.user());
  }

  @Override
  public TableDescription describe(TableSource source) {
    return describer(List.of(source)).describe(source);
  }

  @Override
  public TableDescriber describer(Collection<TableSource> sources) {
    return tables.describer(sources);
  }

  @Override
  public List<TableSource.Table> tables() {
    return tables.tables();
  }

  @Override
  public Optional<TableWriter> writer() {
    return Optional.of(new PostgreSqlWriter(settings));
  }

  @Override
  public RunningQuery execute(StorageQuery query) {
    return pool.queries().started(new PostgreSqlQuery(pool, memory, query));
  }

  @Override
  public void check() {
    introspection.rows("SELECT 1");
  }

  /** How many connections are in use now. */
  public int connectionsInUse() {
    return pool.inUse();
  }

  @Override
  public Optional<ConnectionCounts> connections() {
    return Optional.of(pool.counts());
  }

  @Override
  public void close() {
    pool.close();
  }
}
