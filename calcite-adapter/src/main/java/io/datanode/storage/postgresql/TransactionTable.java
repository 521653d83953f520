package io.datanode.storage.postgresql;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.NewRows;
import io.datanode.storage.WriteMode;
import io.datanode.storage.WrittenTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.jdbc.PgConnection;

/**
 * A table that is written in one transaction. Others read it meanwhile as it was; who wants to
 * write it waits.
 */
final class TransactionTable implements WrittenTable {
  /** A temporary table with the new rows. */
  private static final String ADDED = "pg_temp.datanode_published";

  private final ConnectionSettings settings;
  private final Connection connection;
  private final String table;
  private final NewRows rows;
  private long replaced;

  private TransactionTable(
      ConnectionSettings settings, Connection connection, String table, NewRows rows) {
    this.settings = settings;
    this.connection = connection;
    this.table = table;
    this.rows = rows;
  }

  /**
   * Writes rows.
   *
   * @param table its name, quoted
   */
  static TransactionTable write(
      ConnectionSettings settings, String table, NewRows rows, WriteMode mode) {
    TransactionTable written = new TransactionTable(settings, connect(settings), table, rows);
    boolean done = false;
    try {
      written.connection.setAutoCommit(false);
      if (mode == WriteMode.CREATE) {
        written.create();
      } else {
        written.change(mode);
      }
      // The planner takes a table that was never analysed for one of a million rows.
      written.run("ANALYZE " + table);
      done = true;
      return written;
    } catch (SQLException e) {
      throw PostgreSqlErrors.translate(settings, e);
    } finally {
      if (!done) {
        written.close();
      }
    }
  }

  private static Connection connect(ConnectionSettings settings) {
    try {
      return new ServerConnections(settings).openForWriting();
    } catch (SQLException e) {
      throw PostgreSqlErrors.unreachable(settings, e);
    }
  }

  private void create() throws SQLException {
    // Mostly asked for some assets and a range of time, so the identity comes first.
    List<String> key = new ArrayList<>(rows.identity());
    key.add(rows.timeIndex());
    if (rows.knowledgeTime() != null) {
      key.add(rows.knowledgeTime());
    }
    String columns =
        rows.columns().stream()
            .map(column -> Names.quoted(column.name()) + ' ' + type(column.type()))
            .collect(Collectors.joining(", "));
    run("CREATE TABLE " + table + " (" + columns + ", PRIMARY KEY (" + list(key) + "))");
    if (rows.description() != null) {
      comment(rows.description());
    }
    copyTo(table);
  }

  private static String type(ColumnType type) {
    return type.kind() == ColumnType.Kind.JSON ? "json" : NativeType.name(type);
  }

  private void comment(String description) throws SQLException {
    // PostgreSQL writes the statement, because COMMENT takes no parameters.
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT format('COMMENT ON TABLE %s IS %L', ?, ?)")) {
      statement.setString(1, table);
      statement.setString(2, description);
      try (ResultSet written = statement.executeQuery()) {
        written.next();
        run(written.getString(1));
      }
    }
  }

  private void change(WriteMode mode) throws SQLException {
    // Readers go on; others that write follow.
    run("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
    String names = list(rows.names());
    run(
        "CREATE TEMPORARY TABLE datanode_published ON COMMIT DROP AS SELECT "
            + names
            + " FROM "
            + table
            + " WITH NO DATA");
    copyTo(ADDED);
    run("ANALYZE " + ADDED);
    if (mode == WriteMode.APPEND) {
      checkApart();
    } else if (mode == WriteMode.REPLACE) {
      // TRUNCATE would show readers who began before a table without rows.
      replaced = run("DELETE FROM " + table);
    } else {
      replaced = run("DELETE FROM " + table + " AS o USING " + ADDED + " AS n WHERE " + sameKey());
    }
    run("INSERT INTO " + table + " (" + names + ") SELECT " + names + " FROM " + ADDED);
  }

  private void checkApart() throws SQLException {
    String keys =
        rows.key().stream()
            .map(name -> "n." + Names.quoted(name) + "::text")
            .collect(Collectors.joining(", "));
    List<List<String>> met = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT "
                    + keys
                    + " FROM "
                    + ADDED
                    + " AS n WHERE EXISTS (SELECT 1 FROM "
                    + table
                    + " AS o WHERE "
                    + sameKey()
                    + ") ORDER BY "
                    + rows.key().stream()
                        .map(name -> "n." + Names.quoted(name))
                        .collect(Collectors.joining(", "))
                    + " LIMIT "
                    + (NewRows.KEYS_NAMED + 1))) {
      while (result.next()) {
        List<String> key = new ArrayList<>();
        for (int i = 1; i <= rows.key().size(); i++) {
          key.add(result.getString(i));
        }
        met.add(key);
      }
    }
    if (!met.isEmpty()) {
      throw rows.alreadyThere(met);
    }
  }

  private String sameKey() {
    return rows.key().stream()
        .map(Names::quoted)
        .map(name -> "o." + name + " = n." + name)
        .collect(Collectors.joining(" AND "));
  }

  private void copyTo(String target) throws SQLException {
    CopyLines.copy(
        connection.unwrap(PgConnection.class),
        "COPY " + target + " (" + list(rows.names()) + ") FROM STDIN",
        rows);
  }

  private int run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static String list(List<String> names) {
    return names.stream().map(Names::quoted).collect(Collectors.joining(", "));
  }

  @Override
  public long replaced() {
    return replaced;
  }

  @Override
  public void publish() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw PostgreSqlErrors.translate(settings, e);
    }
  }

  /** What is not committed is rolled back by the server. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw PostgreSqlErrors.translate(settings, e);
    }
  }
}
