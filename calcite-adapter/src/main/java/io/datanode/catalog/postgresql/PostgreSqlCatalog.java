package io.datanode.catalog.postgresql;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogChanges;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.DeclaringCatalog;
import io.datanode.catalog.InvalidCatalogException;
import io.datanode.catalog.WritableCatalog;
import io.datanode.catalog.declaration.CatalogReader;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.TableSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A catalog in tables of PostgreSQL; read again only when their content has another version. */
final class PostgreSqlCatalog implements WritableCatalog, DeclaringCatalog {
  private static final CatalogSnapshot NOTHING =
      new CatalogSnapshot(Map.of(), Map.of(), null, null);

  /** How long an import waits for another; shorter than the driver waits for an answer. */
  private static final String LONGEST_WAIT = "20s";

  private final CatalogDatabase database;
  private final Function<String, @Nullable String> environment;
  private final ChangeWatch watch;
  private boolean watching;
  private @Nullable CatalogSnapshot known;
  private volatile long knownVersion;
  private volatile boolean failed;
  private volatile boolean changed;

  /**
   * A catalog that has not been read yet.
   *
   * @param environment the value of an environment variable, or null
   */
  PostgreSqlCatalog(CatalogDatabase database, Function<String, @Nullable String> environment) {
    this.database = database;
    this.environment = environment;
    this.watch = new ChangeWatch(database, this::learn);
  }

  @Override
  public String location() {
    return database.location().shown();
  }

  @Override
  public boolean changed() {
    return changed;
  }

  private void learn(long version) {
    // After a failure the same version is worth reading again.
    if (failed || version != knownVersion) {
      changed = true;
    }
  }

  @Override
  public synchronized CatalogSnapshot snapshot() {
    startWatching();
    // Before reading, so that a change while reading is seen next time.
    changed = false;
    try {
      CatalogSnapshot snapshot = database.read(this::read);
      failed = false;
      return snapshot;
    } catch (InvalidCatalogException e) {
      // Reading the same rows again would not help.
      failed = false;
      throw e;
    } catch (DataNodeException e) {
      failed = true;
      throw e;
    }
  }

  private CatalogSnapshot read(Connection connection) throws SQLException {
    long version = database.readableState(connection).contentVersion();
    CatalogSnapshot now = known;
    if (now == null || version != knownVersion) {
      known = null;
      knownVersion = version;
      now = DeclaredRows.read(database, connection, environment, CatalogReader::read);
      known = now;
    }
    return now;
  }

  private void startWatching() {
    if (!watching) {
      watching = true;
      watch.start();
    }
  }

  @Override
  public CatalogSnapshot declared() {
    return database.read(
        connection -> {
          database.readableState(connection);
          return declared(connection);
        });
  }

  private CatalogSnapshot declared(Connection connection) throws SQLException {
    return DeclaredRows.read(database, connection, environment, CatalogReader::readAsWritten);
  }

  @Override
  public synchronized void refresh() {
    known = null;
  }

  @Override
  public List<String> migrate() {
    boolean done =
        database.read(
            connection -> hasTables(connection) && !database.outdated(database.state(connection)));
    // Whoever may not create tables may still import into those that are there.
    return done ? List.of() : Migrations.run(database);
  }

  @Override
  public CatalogChanges replace(CatalogSnapshot declared, boolean dryRun) {
    return dryRun
        ? database.read(connection -> changes(connection, declared))
        : database.write(connection -> replace(connection, declared));
  }

  private CatalogChanges changes(Connection connection, CatalogSnapshot declared)
      throws SQLException {
    return CatalogChanges.between(hasTables(connection) ? before(connection) : NOTHING, declared);
  }

  @Override
  public void declare(DataNode node, BooleanSupplier ready) {
    database.write(
        connection -> {
          lock(connection);
          database.readableState(connection);
          CatalogSnapshot before = declared(connection);
          CatalogSnapshot now =
              DeclaredRows.read(database, connection, environment, CatalogReader::read);
          CatalogSnapshot more = before.with(asWritten(node, now, before));
          new RowWriter(database, connection, more).write(CatalogChanges.between(before, more));
          verify(connection, more);
          if (!ready.getAsBoolean()) {
            connection.rollback();
          }
          return null;
        });
  }

  /**
   * With files below the folder of their storage as that is written, for example with a reference.
   */
  private static DataNode asWritten(DataNode node, CatalogSnapshot now, CatalogSnapshot written) {
    String folder = now.storages().get(node.storage()).options().get("path");
    if (!(node.source() instanceof TableSource.Files files) || folder == null) {
      return node;
    }
    String reference = written.storages().get(node.storage()).options().get("path");
    return node.withSource(
        new TableSource.Files(
            files.format(),
            files.globs().stream()
                .map(
                    glob ->
                        glob.startsWith(folder + "/")
                            ? reference + glob.substring(folder.length())
                            : glob)
                .toList(),
            files.hivePartitioned(),
            files.hidden()));
  }

  /** Whoever changes a row of the catalog changes this table too, so all others wait. */
  private void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '" + LONGEST_WAIT + "'");
      statement.execute(
          "LOCK TABLE " + database.table("catalog_state") + " IN SHARE ROW EXCLUSIVE MODE");
    }
  }

  private CatalogChanges replace(Connection connection, CatalogSnapshot declared)
      throws SQLException {
    lock(connection);
    database.readableState(connection);
    CatalogSnapshot before;
    try {
      before = declared(connection);
    } catch (InvalidCatalogException e) {
      // What is damaged is mended by writing all anew.
      RowWriter.clear(database, connection);
      before = NOTHING;
    }
    CatalogChanges changes = CatalogChanges.between(before, declared);
    if (!changes.isEmpty()) {
      new RowWriter(database, connection, declared).write(changes);
      verify(connection, declared);
    }
    return changes;
  }

  /** What the tables say; nothing if it is damaged, because it is then replaced whole. */
  private CatalogSnapshot before(Connection connection) throws SQLException {
    database.readableState(connection);
    try {
      return declared(connection);
    } catch (InvalidCatalogException e) {
      return NOTHING;
    }
  }

  private void verify(Connection connection, CatalogSnapshot declared) throws SQLException {
    CatalogChanges difference = CatalogChanges.between(declared(connection), declared);
    if (!difference.isEmpty()) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR,
          database.named()
              + " would not say what was declared; nothing was written: "
              + difference);
    }
  }

  private boolean hasTables(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = ?")) {
      statement.setString(1, database.location().schema());
      statement.setString(2, "catalog_state");
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1) > 0;
      }
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
