package io.datanode.storage.postgresql;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.postgresql.StatementMemory.Learnt;
import io.datanode.storage.postgresql.StatementMemory.Rows;
import org.jspecify.annotations.Nullable;

/**
 * A statement with parameters whose rows are asked for all at once, since they are few. Behind a
 * cursor PostgreSQL uses no parallel workers, so that an aggregate over many rows takes longer.
 *
 * @param sql its text; it gives one row more than {@code rows} if there are more
 * @param rows so many may be received at once
 */
record AllAtOnce(String sql, long rows) {
  private static final long MOST_ROWS = 1 << 17;

  /** Memory that the rows may take, about. */
  private static final long MOST_BYTES = 32L << 20;

  /** What the driver needs for a value beside its bytes. */
  private static final int OVERHEAD = 24;

  /**
   * The way to run a statement at once.
   *
   * @return null if it is to be read through a cursor
   */
  static @Nullable AllAtOnce of(StorageQuery query, Learnt learnt) {
    long most = mostRows(query);
    if (query.size().limit() <= most) {
      return new AllAtOnce(learnt.sql(), most);
    }
    boolean few =
        query.size().reduced()
            ? learnt.rows() != Rows.TOO_MANY
            : learnt.rows() == Rows.FEW && !learnt.small();
    return few && query.size().limitable()
        ? new AllAtOnce(learnt.sql() + "\nLIMIT " + (most + 1), most)
        : null;
  }

  private static long mostRows(StorageQuery query) {
    long bytes = OVERHEAD;
    for (ColumnType column : query.columns()) {
      bytes += OVERHEAD + usualBytes(column.kind());
    }
    return Math.min(MOST_ROWS, MOST_BYTES / bytes);
  }

  private static int usualBytes(ColumnType.Kind kind) {
    return switch (kind) {
      case JSON, OTHER, ARRAY, VARBINARY -> 4_000;
      case VARCHAR -> 100;
      default -> 16;
    };
  }
}
