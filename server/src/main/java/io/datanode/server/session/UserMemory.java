package io.datanode.server.session;

import io.datanode.DataNodeException;
import io.datanode.engine.MemoryAccount;
import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.util.Locale;

/** The memory the server holds for one user. Thread-safe. */
public final class UserMemory implements MemoryAccount {
  private final Holdings holdings;
  private final String user;

  UserMemory(Holdings holdings, String user) {
    this.holdings = holdings;
    this.user = user;
  }

  @Override
  public void take(long bytes) {
    long limit = holdings.limits().memory();
    if (holdings.changeBytes(user, bytes) > limit && limit > 0) {
      holdings.changeBytes(user, -bytes);
      throw new DataNodeException(SqlState.OUT_OF_MEMORY, message());
    }
  }

  @Override
  public void giveBack(long bytes) {
    holdings.changeBytes(user, -bytes);
  }

  /** Counts what is there already, whether or not it is allowed. */
  public void count(long bytes) {
    holdings.changeBytes(user, bytes);
  }

  /**
   * Fails if more than allowed is held.
   *
   * @throws SQLException 53200
   */
  void check() throws SQLException {
    long limit = holdings.limits().memory();
    if (limit > 0 && holdings.bytes(user) > limit) {
      throw SqlState.OUT_OF_MEMORY.exception(message());
    }
  }

  private String message() {
    return "The server holds "
        + String.format(Locale.ROOT, "%,d", holdings.limits().memory())
        + " bytes of requests, unread answers and shipped rows for one user, as many as it allows;"
        + " read or close other results, ask for less, or raise --max-user-memory";
  }
}
