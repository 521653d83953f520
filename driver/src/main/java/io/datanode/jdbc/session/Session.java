package io.datanode.jdbc.session;

import java.sql.SQLException;

/**
 * One user's session with the engine.
 *
 * <p>One thread at a time, except {@link #cancel} and {@link #close}, which any thread may call
 * while another is inside. Errors are {@link SQLException}s with a SQLSTATE and a message for the
 * user.
 */
public interface Session extends AutoCloseable {
  /** Names, versions and the settings in force now. No round trip. */
  SessionInfo info();

  /**
   * What a statement will give and take, without running it.
   *
   * @throws SQLException 42xxx if the SQL is wrong, with line and column
   */
  StatementShape prepare(String sql) throws SQLException;

  /** Runs a statement. The result holds resources of the session until it is closed. */
  Result execute(StatementCall call) throws SQLException;

  /** Describes the catalog, in the columns and order that JDBC lays down for the call. */
  Result metadata(MetadataCall call) throws SQLException;

  /**
   * Changes a session setting, as {@code SET key = value} does.
   *
   * @param key a key of {@link io.datanode.jdbc.Setting} or {@code clientInfo.<name>}
   * @param value the new value, or null for the one the session began with
   */
  void set(String key, String value) throws SQLException;

  /**
   * Stops a running statement; its {@code execute} or {@code Result.next} throws SQLSTATE 57014.
   * Does nothing if the statement has ended. Any thread may call it.
   *
   * @param statementId as given in {@link StatementCall#id()}
   */
  void cancel(String statementId) throws SQLException;

  /** Asks the engine whether this session can still be used. Never throws. */
  boolean isValid(int timeoutSeconds);

  /** Ends the session, stopping what still runs. Calling it again does nothing. */
  @Override
  void close() throws SQLException;
}
