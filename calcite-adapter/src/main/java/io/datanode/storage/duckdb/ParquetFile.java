package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.file.FileReplacement;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.NewRows;
import io.datanode.storage.WriteMode;
import io.datanode.storage.WrittenTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * A Parquet file that is written anew, with the rows it has and those to come, in order of their
 * keys. It takes the place of the old one in one step.
 */
final class ParquetFile implements WrittenTable {
  private final FileReplacement replacement;
  private final long replaced;

  private ParquetFile(FileReplacement replacement, long replaced) {
    this.replacement = replacement;
    this.replaced = replaced;
  }

  static ParquetFile write(
      ConnectionPool pool, String where, Path file, NewRows rows, WriteMode mode) {
    FileReplacement replacement = FileReplacement.of(file);
    PooledConnection connection = pool.borrow();
    boolean written = false;
    try {
      checkThere(where, replacement.file(), mode);
      RowChange change =
          new RowChange(
              "read_parquet("
                  + Names.literals(List.of(replacement.file().toString()))
                  + ", hive_partitioning = false)",
              rows);
      if (mode == WriteMode.APPEND) {
        change.checkApart(connection);
      }
      long replaced = change.replaced(connection, mode);
      // Without a file of DuckDB's own in between, whose permissions would be others.
      connection.run(
          "COPY ("
              + change.merged(mode)
              + ") TO "
              + Names.literal(replacement.draft().toString())
              + " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
      written = true;
      return new ParquetFile(replacement, replaced);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(where, e);
    } finally {
      pool.release(connection);
      if (!written) {
        replacement.close();
      }
    }
  }

  private static void checkThere(String where, Path file, WriteMode mode) {
    boolean there = Files.exists(file);
    if (mode == WriteMode.CREATE && there) {
      throw new DataNodeException(
          SqlState.DUPLICATE_NODE,
          where + ": file '" + file + "' is there already; name another for the new node");
    }
    if (mode != WriteMode.CREATE && !there) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, where + ": file '" + file + "' does not exist");
    }
  }

  @Override
  public long replaced() {
    return replaced;
  }

  @Override
  public void publish() {
    replacement.commit();
  }

  @Override
  public void close() {
    replacement.close();
  }
}
