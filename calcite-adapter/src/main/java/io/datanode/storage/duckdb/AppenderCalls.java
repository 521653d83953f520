package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBBindings;
import org.duckdb.DuckDBConnection;

/**
 * The calls of DuckDB's C interface with which its driver fills tables. The driver does not publish
 * them; what it publishes takes one value at a time and commits every 2048 rows, which takes seven
 * times as long, and takes neither intervals nor arrays of every type.
 *
 * <p>Objects of DuckDB are passed as buffers whose address is the pointer. They are not checked
 * here: a wrong one ends the process.
 */
final class AppenderCalls {
  private static final MethodHandles.Lookup LOOKUP;
  private static final MethodHandle CONNECTION;
  private static final MethodHandle CONNECTION_LOCK;

  static {
    try {
      LOOKUP = MethodHandles.privateLookupIn(DuckDBBindings.class, MethodHandles.lookup());
      MethodHandles.Lookup connection =
          MethodHandles.privateLookupIn(DuckDBConnection.class, MethodHandles.lookup());
      CONNECTION = connection.findGetter(DuckDBConnection.class, "connRef", ByteBuffer.class);
      CONNECTION_LOCK =
          connection.findGetter(DuckDBConnection.class, "connRefLock", ReentrantLock.class);
    } catch (ReflectiveOperationException e) {
      throw wrongDriver(e);
    }
  }

  private static final MethodHandle CREATE =
      find(
          "duckdb_appender_create_ext",
          int.class,
          ByteBuffer.class,
          byte[].class,
          byte[].class,
          byte[].class,
          ByteBuffer[].class);
  private static final MethodHandle ERROR =
      find("duckdb_appender_error", byte[].class, ByteBuffer.class);
  private static final MethodHandle FLUSH =
      find("duckdb_appender_flush", int.class, ByteBuffer.class);
  private static final MethodHandle DESTROY =
      find("duckdb_appender_destroy", int.class, ByteBuffer.class);
  private static final MethodHandle COLUMN_TYPE =
      find("duckdb_appender_column_type", ByteBuffer.class, ByteBuffer.class, long.class);
  private static final MethodHandle DESTROY_TYPE =
      find("duckdb_destroy_logical_type", void.class, ByteBuffer.class);
  private static final MethodHandle APPEND =
      find("duckdb_append_data_chunk", int.class, ByteBuffer.class, ByteBuffer.class);
  private static final MethodHandle CREATE_CHUNK =
      find("duckdb_create_data_chunk", ByteBuffer.class, ByteBuffer[].class);
  private static final MethodHandle DESTROY_CHUNK =
      find("duckdb_destroy_data_chunk", void.class, ByteBuffer.class);
  private static final MethodHandle RESET_CHUNK =
      find("duckdb_data_chunk_reset", void.class, ByteBuffer.class);
  private static final MethodHandle SET_CHUNK_SIZE =
      find("duckdb_data_chunk_set_size", void.class, ByteBuffer.class, long.class);
  private static final MethodHandle CHUNK_VECTOR =
      find("duckdb_data_chunk_get_vector", ByteBuffer.class, ByteBuffer.class, long.class);
  private static final MethodHandle VECTOR_SIZE = find("duckdb_vector_size", long.class);
  private static final MethodHandle DATA =
      find("duckdb_vector_get_data", ByteBuffer.class, ByteBuffer.class, long.class);
  private static final MethodHandle MAKE_VALIDITY =
      find("duckdb_vector_ensure_validity_writable", void.class, ByteBuffer.class);
  private static final MethodHandle VALIDITY =
      find("duckdb_vector_get_validity", ByteBuffer.class, ByteBuffer.class, long.class);
  private static final MethodHandle ASSIGN_STRING =
      find(
          "duckdb_vector_assign_string_element_len",
          void.class,
          ByteBuffer.class,
          long.class,
          byte[].class);
  private static final MethodHandle LIST_CHILD =
      find("duckdb_list_vector_get_child", ByteBuffer.class, ByteBuffer.class);
  private static final MethodHandle LIST_RESERVE =
      find("duckdb_list_vector_reserve", int.class, ByteBuffer.class, long.class);
  private static final MethodHandle LIST_SET_SIZE =
      find("duckdb_list_vector_set_size", int.class, ByteBuffer.class, long.class);

  private AppenderCalls() {}

  private static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
    try {
      return LOOKUP.findStatic(
          DuckDBBindings.class, name, MethodType.methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw wrongDriver(e);
    }
  }

  private static DataNodeException wrongDriver(ReflectiveOperationException cause) {
    return new DataNodeException(
        SqlState.INTERNAL_ERROR,
        "This version of duckdb_jdbc cannot be used; expected the one that datanode-calcite"
            + " depends on",
        cause);
  }

  /** A call of the C interface. */
  private interface Call<T> {
    T run() throws Throwable;
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A call of the C interface that gives nothing. */
  private interface Action {
    void run() throws Throwable;
  }

  private static void act(Action action) {
    call(
        () -> {
          action.run();
          return true;
        });
  }

  /** An appender for a table; the connection must be in use by this thread only. */
  static ByteBuffer createAppender(
      DuckDBConnection connection, String catalog, String schema, String table)
      throws SQLException {
    ByteBuffer[] made = new ByteBuffer[1];
    int failed =
        call(
            () -> {
              ReentrantLock lock = (ReentrantLock) CONNECTION_LOCK.invokeExact(connection);
              lock.lock();
              try {
                ByteBuffer reference = (ByteBuffer) CONNECTION.invokeExact(connection);
                return (int)
                    CREATE.invokeExact(reference, utf8(catalog), utf8(schema), utf8(table), made);
              } finally {
                lock.unlock();
              }
            });
    if (made[0] == null) {
      throw new SQLException("No appender for table " + table);
    }
    if (failed != 0) {
      String message = error(made[0]);
      destroyAppender(made[0]);
      throw new SQLException(message);
    }
    return made[0];
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String error(ByteBuffer appender) {
    byte[] message = call(() -> (byte[]) ERROR.invokeExact(appender));
    return message == null ? "DuckDB gives no reason" : new String(message, StandardCharsets.UTF_8);
  }

  /** Moves what has been appended into the table. */
  static void flush(ByteBuffer appender) throws SQLException {
    if (call(() -> (int) FLUSH.invokeExact(appender)) != 0) {
      throw new SQLException(error(appender));
    }
  }

  /** Appends a chunk of so many rows, and empties it. */
  static void append(ByteBuffer appender, ByteBuffer chunk, long rows) throws SQLException {
    act(
        () -> {
          SET_CHUNK_SIZE.invokeExact(chunk, rows);
        });
    if (call(() -> (int) APPEND.invokeExact(appender, chunk)) != 0) {
      throw new SQLException(error(appender));
    }
    act(
        () -> {
          RESET_CHUNK.invokeExact(chunk);
        });
  }

  /** Frees an appender; what it could not append is lost. */
  static void destroyAppender(ByteBuffer appender) {
    call(() -> (int) DESTROY.invokeExact(appender));
  }

  /** A chunk with one vector for each column of the appender's table. */
  static ByteBuffer createChunk(ByteBuffer appender, int columns) throws SQLException {
    ByteBuffer[] types = new ByteBuffer[columns];
    try {
      for (int i = 0; i < columns; i++) {
        long column = i;
        types[i] = call(() -> (ByteBuffer) COLUMN_TYPE.invokeExact(appender, column));
      }
      ByteBuffer chunk = call(() -> (ByteBuffer) CREATE_CHUNK.invokeExact(types));
      if (chunk == null) {
        throw new SQLException("No chunk of " + columns + " columns");
      }
      return chunk;
    } finally {
      for (ByteBuffer type : types) {
        if (type != null) {
          act(
              () -> {
                DESTROY_TYPE.invokeExact(type);
              });
        }
      }
    }
  }

  static void destroyChunk(ByteBuffer chunk) {
    act(
        () -> {
          DESTROY_CHUNK.invokeExact(chunk);
        });
  }

  /** How many rows a chunk holds at most. */
  static int chunkRows() {
    return Math.toIntExact(call(() -> (long) VECTOR_SIZE.invokeExact()));
  }

  static ByteBuffer vector(ByteBuffer chunk, long column) {
    return call(() -> (ByteBuffer) CHUNK_VECTOR.invokeExact(chunk, column));
  }

  /** The first bytes of a vector's values, in native byte order, to be written. */
  static ByteBuffer data(ByteBuffer vector, long bytes) {
    return call(() -> (ByteBuffer) DATA.invokeExact(vector, bytes)).order(ByteOrder.nativeOrder());
  }

  /** A bit per row in 64-bit words, 1 if it has a value, to be written. */
  static ByteBuffer validity(ByteBuffer vector, long rows) {
    act(
        () -> {
          MAKE_VALIDITY.invokeExact(vector);
        });
    return call(() -> (ByteBuffer) VALIDITY.invokeExact(vector, rows))
        .order(ByteOrder.nativeOrder());
  }

  /** Copies a string or byte string into the memory of a vector. */
  static void assign(ByteBuffer vector, long row, byte[] bytes) {
    act(
        () -> {
          ASSIGN_STRING.invokeExact(vector, row, bytes);
        });
  }

  /** The elements of a vector of lists, with room for so many of them. */
  static ByteBuffer elements(ByteBuffer listVector, long count) {
    int failed =
        call(() -> (int) LIST_RESERVE.invokeExact(listVector, count))
            | call(() -> (int) LIST_SET_SIZE.invokeExact(listVector, count));
    if (failed != 0) {
      throw new DataNodeException(
          SqlState.OUT_OF_MEMORY, "No memory for " + count + " elements of arrays");
    }
    return call(() -> (ByteBuffer) LIST_CHILD.invokeExact(listVector));
  }
}
