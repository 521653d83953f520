package io.datanode.storage.postgresql;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the catalog of PostgreSQL, and reads the facts about a database once. Thread-safe. */
final class Introspection {
  private static final String FACTS =
      "SELECT current_setting('server_version_num'),"
          + " datcollate, to_jsonb(d) ->> 'datlocprovider'"
          + " FROM pg_catalog.pg_database d WHERE datname = current_database()";

  private final ConnectionPool pool;
  private @Nullable ServerFacts facts;

  Introspection(ConnectionPool pool) {
    this.pool = pool;
  }

  /** The rows of a small query, as text. */
  List<List<@Nullable String>> rows(String sql, Object... parameters) {
    try {
      return ask(sql, parameters);
    } catch (SQLException e) {
      if (!PostgreSqlErrors.isConnectionLost(e)) {
        throw PostgreSqlErrors.translate(pool.settings(), e);
      }
    }
    // The server may have been restarted since the connection was used last.
    pool.renew();
    try {
      return ask(sql, parameters);
    } catch (SQLException e) {
      throw PostgreSqlErrors.translate(pool.settings(), e);
    }
  }

  private List<List<@Nullable String>> ask(String sql, Object... parameters) throws SQLException {
    try (PooledConnection connection = pool.borrow(() -> false)) {
      try {
        return connection.rows(sql, parameters);
      } catch (SQLException e) {
        if (PostgreSqlErrors.isConnectionLost(e)) {
          connection.drop();
        }
        throw e;
      }
    }
  }

  /**
   * What decides how SQL is written.
   *
   * @throws io.datanode.DataNodeException 57P03 if it is not known yet and the server does not
   *     answer
   */
  synchronized ServerFacts facts() {
    ServerFacts known = facts;
    if (known == null) {
      List<@Nullable String> row = rows(FACTS).get(0);
      known =
          new ServerFacts(
              Integer.parseInt(String.valueOf(row.get(0))) / 10_000,
              isBinary(String.valueOf(row.get(1)), row.get(2)));
      facts = known;
    }
    return known;
  }

  /**
   * True if a collation compares by code point.
   *
   * @param name of the operating system, for example {@code en_US.UTF-8}
   * @param provider {@code c} for the operating system, {@code i} for ICU, {@code b} for
   *     PostgreSQL's own; null before PostgreSQL 15, which has the first only for a database
   */
  static boolean isBinary(String name, @Nullable String provider) {
    if (provider != null && provider.equals("b")) {
      return true;
    }
    return (provider == null || provider.equals("c"))
        && name.matches("(?i)C|POSIX|C\\.UTF-?8|ucs_basic");
  }
}
