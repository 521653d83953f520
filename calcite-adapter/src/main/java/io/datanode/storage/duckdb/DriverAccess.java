package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/**
 * Five members of DuckDB's JDBC driver that it does not publish.
 *
 * <p>Two are needed for right answers: a streamed result that fails half-way looks like one that
 * has ended unless its error is asked for, and a statement that has begun to give rows can only be
 * stopped through its connection, whose lock must be held. The other two are the memory behind a
 * vector: copied whole, 5 million rows take a fifth of the time that the published getters take,
 * and infinite timestamps survive.
 */
final class DriverAccess {
  private static final MethodHandle CHECK_ERROR;
  private static final MethodHandle INTERRUPT;
  private static final MethodHandle CONNECTION_LOCK;
  private static final MethodHandle DATA;
  private static final MethodHandle VALIDITY;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CHECK_ERROR =
          MethodHandles.privateLookupIn(DuckDBChunkedResult.class, lookup)
              .findVirtual(
                  DuckDBChunkedResult.class, "checkError", MethodType.methodType(void.class));
      MethodHandles.Lookup connection =
          MethodHandles.privateLookupIn(DuckDBConnection.class, lookup);
      INTERRUPT =
          connection.findVirtual(
              DuckDBConnection.class, "interrupt", MethodType.methodType(void.class));
      CONNECTION_LOCK =
          connection.findGetter(DuckDBConnection.class, "connRefLock", ReentrantLock.class);
      MethodHandles.Lookup vector =
          MethodHandles.privateLookupIn(DuckDBReadableVector.class, lookup);
      DATA = vector.findGetter(DuckDBReadableVector.class, "data", ByteBuffer.class);
      VALIDITY = vector.findGetter(DuckDBReadableVector.class, "validity", ByteBuffer.class);
    } catch (ReflectiveOperationException e) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR,
          "This version of duckdb_jdbc cannot be used; expected the one that datanode-calcite"
              + " depends on",
          e);
    }
  }

  private DriverAccess() {}

  /** Throws the error that ended a result early, if one did. */
  static void checkError(DuckDBChunkedResult result) throws SQLException {
    try {
      CHECK_ERROR.invokeExact(result);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Stops what a connection is doing now; any thread may call it. */
  static void interrupt(DuckDBConnection connection) throws SQLException {
    try {
      ReentrantLock lock = (ReentrantLock) CONNECTION_LOCK.invokeExact(connection);
      lock.lock();
      try {
        INTERRUPT.invokeExact(connection);
      } finally {
        lock.unlock();
      }
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** The values of a vector as DuckDB lays them out, in native byte order; do not move it. */
  static ByteBuffer data(DuckDBReadableVector vector) {
    try {
      return (ByteBuffer) DATA.invokeExact(vector);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A bit per row, 1 if it has a value; null if all have. */
  static @Nullable ByteBuffer validity(DuckDBReadableVector vector) {
    try {
      return (ByteBuffer) VALIDITY.invokeExact(vector);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static SQLException rethrown(Throwable e) {
    if (e instanceof SQLException sqlException) {
      return sqlException;
    }
    if (e instanceof RuntimeException runtimeException) {
      throw runtimeException;
    }
    if (e instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(e);
  }
}
