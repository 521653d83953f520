package io.datanode.catalog.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.Driver;

/** The database that holds the tables of a catalog: how to reach it, and what its errors mean. */
final class CatalogDatabase {
  private final Location location;

  CatalogDatabase(Location location) {
    this.location = location;
  }

  /** What {@code catalog_state} says. */
  record State(int tablesVersion, long contentVersion) {}

  /** Something to do with a connection. */
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  Location location() {
    return location;
  }

  /** A new connection, which the caller closes. */
  Connection connect() throws SQLException {
    return new Driver().connect(location.jdbcUrl(), location.properties());
  }

  /**
   * Does something that sees one state of all tables and changes none.
   *
   * @throws DataNodeException if the database cannot be reached, or says no
   */
  <T> T read(Work<T> work) {
    try (Connection connection = connect()) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      T result = work.with(connection);
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  /**
   * Does something in one transaction, which is undone if anything fails.
   *
   * @throws DataNodeException if the database cannot be reached, or says no
   */
  <T> T write(Work<T> work) {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      T result = work.with(connection);
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  /** A table of the catalog, as SQL text. */
  String table(String name) {
    return '"' + location.schema().replace("\"", "\"\"") + "\"." + name;
  }

  /** What the tables say of themselves. */
  State state(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT tables_version, content_version FROM " + table("catalog_state"));
        ResultSet rows = statement.executeQuery()) {
      if (!rows.next()) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            named() + " has no row in " + table("catalog_state") + "; its tables are damaged");
      }
      return new State(rows.getInt(1), rows.getLong(2));
    }
  }

  /**
   * The state of tables that this program can read.
   *
   * @throws DataNodeException F0000 if they are of another version
   */
  State readableState(Connection connection) throws SQLException {
    State state = state(connection);
    if (outdated(state)) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          named()
              + " has tables of version "
              + state.tablesVersion()
              + ", this program reads version "
              + Migrations.TABLES_VERSION
              + "; bring them up to date with "
              + migrateCommand());
    }
    return state;
  }

  /**
   * True if migrations have to be run before these tables can be read.
   *
   * @throws DataNodeException F0000 if they are of a later version than this program knows
   */
  boolean outdated(State state) {
    if (state.tablesVersion() > Migrations.TABLES_VERSION) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          named()
              + " has tables of version "
              + state.tablesVersion()
              + ", this program knows them up to version "
              + Migrations.TABLES_VERSION
              + "; use a later version of the program");
    }
    return state.tablesVersion() < Migrations.TABLES_VERSION;
  }

  /** The catalog, for the beginning of a message. */
  String named() {
    return "Catalog '" + location.shown() + "'";
  }

  private String migrateCommand() {
    return "datanode catalog migrate --catalog '" + location.shown() + "'";
  }

  /** A failure of the database in words for the user, without secrets. */
  DataNodeException explained(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String said =
        String.valueOf(e.getMessage())
            .lines()
            .findFirst()
            .orElse("")
            .replaceFirst("^(?:ERROR|FATAL): ", "");
    String user = location.user().map(name -> "user '" + name + "'").orElse("the user");
    if (state.startsWith("08") || state.isEmpty()) {
      return failure(SqlState.CONNECTION_FAILED, named() + " cannot be reached: " + said, e);
    }
    return switch (state) {
      case "28P01", "28000" ->
          failure(
              SqlState.INVALID_AUTHORIZATION,
              named()
                  + " refuses "
                  + user
                  + ": "
                  + said
                  + "; expected user and password in PGUSER and PGPASSWORD, in ~/.pgpass, or in"
                  + " the location as postgresql://user:${ENV:NAME}@host/database",
              e);
      case "42501" ->
          failure(
              SqlState.INSUFFICIENT_PRIVILEGE,
              named()
                  + " is not open to "
                  + user
                  + ": "
                  + said
                  + "; reading needs USAGE on schema \""
                  + location.schema()
                  + "\" and SELECT on its tables, importing also INSERT, UPDATE and DELETE,"
                  + " migrating the right to create them",
              e);
      case "42P01", "3F000" ->
          failure(
              SqlState.CONFIGURATION_ERROR,
              named()
                  + " has no tables in schema \""
                  + location.schema()
                  + "\"; make them with "
                  + migrateCommand(),
              e);
      case "55P03", "40P01" ->
          failure(
              SqlState.CANNOT_CONNECT_NOW,
              named() + " is being changed by somebody else; nothing was done, so try again",
              e);
      case "53300", "55000", "57P01", "57P02", "57P03" ->
          failure(SqlState.CANNOT_CONNECT_NOW, named() + " cannot be used now: " + said, e);
      case "22021", "22P05" ->
          failure(
              SqlState.CONFIGURATION_ERROR,
              named() + " cannot hold a character of a text: " + said,
              e);
      default -> new DataNodeException(state, named() + ": " + said, e);
    };
  }

  private static DataNodeException failure(SqlState state, String message, SQLException e) {
    return new DataNodeException(state, message, e);
  }
}
