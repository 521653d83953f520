package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.IntermediateTable;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table of the database {@link #DATABASE}, filled in one transaction: vectors are copied whole
 * into chunks of DuckDB.
 */
final class ShippedTable implements IntermediateTable {
  /**
   * The database of intermediate tables. It is not the one of the views on files, because DuckDB
   * plans every statement anew that reads a database in which a table has been made since.
   */
  static final String DATABASE = "intermediate";

  private static final Logger LOG = LoggerFactory.getLogger(ShippedTable.class);
  private static final String SCHEMA = "main";
  private static final String WHERE = "Rows shipped into the embedded DuckDB";

  private final ConnectionPool pool;
  private final String sqlName;
  private final ColumnWriter[] writers;
  private final PooledConnection connection;
  private final ByteBuffer appender;
  private final ByteBuffer chunk;
  private State state = State.FILLING;

  private enum State {
    FILLING,
    FILLED,
    CLOSED
  }

  private ShippedTable(
      ConnectionPool pool,
      String sqlName,
      ColumnWriter[] writers,
      PooledConnection connection,
      ByteBuffer appender,
      ByteBuffer chunk) {
    this.pool = pool;
    this.sqlName = sqlName;
    this.writers = writers;
    this.connection = connection;
    this.appender = appender;
    this.chunk = chunk;
  }

  /**
   * Makes a table, empty.
   *
   * @param name not used before
   */
  static ShippedTable create(
      ConnectionPool pool, String name, List<String> columnNames, List<ColumnType> types) {
    String sqlName = Names.quoted(List.of(DATABASE, SCHEMA, name));
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(
          Names.quoted(List.of(columnNames.get(i))) + ' ' + NativeTypes.nativeType(types.get(i)));
    }
    PooledConnection connection = pool.borrow();
    ByteBuffer appender = null;
    try {
      connection.run(
          "BEGIN TRANSACTION", "CREATE TABLE " + sqlName + " (" + String.join(", ", columns) + ")");
      appender = AppenderCalls.createAppender(connection.driver(), DATABASE, SCHEMA, name);
      return new ShippedTable(
          pool,
          sqlName,
          types.stream().map(ColumnWriters::of).toArray(ColumnWriter[]::new),
          connection,
          appender,
          AppenderCalls.createChunk(appender, types.size()));
    } catch (SQLException | RuntimeException e) {
      if (appender != null) {
        AppenderCalls.destroyAppender(appender);
      }
      rollBack(connection, sqlName);
      pool.release(connection);
      throw failure(e);
    }
  }

  @Override
  public String sqlName() {
    return sqlName;
  }

  @Override
  public void add(ColumnBatch batch) {
    int most = AppenderCalls.chunkRows();
    try {
      for (int from = 0; from < batch.rowCount(); from += most) {
        int rows = Math.min(most, batch.rowCount() - from);
        for (int i = 0; i < writers.length; i++) {
          writers[i].write(batch.column(i), from, rows, AppenderCalls.vector(chunk, i));
        }
        AppenderCalls.append(appender, chunk, rows);
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public void finish() {
    try {
      AppenderCalls.flush(appender);
      free();
      connection.run("COMMIT");
      state = State.FILLED;
      pool.release(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    State before = state;
    state = State.CLOSED;
    if (before == State.FILLING) {
      free();
      rollBack(connection, sqlName);
      pool.release(connection);
    } else if (before == State.FILLED && !pool.closed()) {
      drop();
    }
  }

  private void drop() {
    try {
      pool.run(WHERE, "DROP TABLE " + sqlName);
    } catch (DataNodeException e) {
      // The answer is given; only memory is lost.
      LOG.warn("Intermediate table {} could not be dropped: {}", sqlName, e.getMessage());
    }
  }

  private boolean freed;

  private void free() {
    if (!freed) {
      freed = true;
      AppenderCalls.destroyChunk(chunk);
      AppenderCalls.destroyAppender(appender);
    }
  }

  private static void rollBack(PooledConnection connection, String sqlName) {
    try {
      connection.run("ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("Nothing was rolled back of intermediate table {}", sqlName, e);
    }
  }

  private static DataNodeException failure(@Nullable Exception e) {
    return DuckDbErrors.translate(WHERE, e);
  }
}
