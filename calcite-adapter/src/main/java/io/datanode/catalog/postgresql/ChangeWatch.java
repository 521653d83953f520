package io.datanode.catalog.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns of changes as soon as they are made: PostgreSQL notifies it. Where that is not to be had,
 * on a standby or behind a pooler, it asks for the version of the content every second.
 *
 * <p>Has a connection and a thread of its own, which does not keep the process alive.
 */
final class ChangeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeWatch.class);

  private static final String CHANNEL = "datanode_catalog";

  /** A standby refuses LISTEN so. */
  private static final String READ_ONLY = "25006";

  private static final int ASK_MILLISECONDS = 1000;

  /** A pooler takes LISTEN and never notifies, so the version is asked for now and then. */
  private static final int ASK_ALTHOUGH_LISTENING_MILLISECONDS = 5000;

  private static final int LONGEST_PAUSE_MILLISECONDS = 5000;

  private final CatalogDatabase database;
  private final LongConsumer learnt;
  private final Thread thread;
  private volatile boolean open = true;
  private volatile @Nullable Connection connection;

  /**
   * A watch, not yet started.
   *
   * @param learnt is told the version of the content after each change, when the database is
   *     reached again, and also when nothing has changed
   */
  ChangeWatch(CatalogDatabase database, LongConsumer learnt) {
    this.database = database;
    this.learnt = learnt;
    this.thread = new Thread(this::watch, "datanode-catalog-changes");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends the watch, even while it waits for the database, and even if it has not begun. */
  @Override
  public void close() {
    open = false;
    thread.interrupt();
    Connection watching = connection;
    if (watching != null) {
      try {
        watching.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("The connection was closed already", e);
      }
    }
  }

  private void watch() {
    int pause = ASK_MILLISECONDS;
    while (open) {
      try (Connection watching = database.connect()) {
        connection = watching;
        boolean listening = listen(watching);
        while (open) {
          learnt.accept(database.state(watching).contentVersion());
          pause = ASK_MILLISECONDS;
          if (listening) {
            watching
                .unwrap(PGConnection.class)
                .getNotifications(ASK_ALTHOUGH_LISTENING_MILLISECONDS);
          } else {
            Thread.sleep(ASK_MILLISECONDS);
          }
        }
      } catch (SQLException | RuntimeException e) {
        // Whoever reads the catalog is told; here it is only tried again.
        LOG.debug("{} cannot be watched for changes", database.named(), e);
        pause = rest(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        connection = null;
      }
    }
  }

  private int rest(int pause) {
    try {
      if (open) {
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      open = false;
    }
    return Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
  }

  private static boolean listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
      return true;
    } catch (SQLException e) {
      if (READ_ONLY.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }
}
