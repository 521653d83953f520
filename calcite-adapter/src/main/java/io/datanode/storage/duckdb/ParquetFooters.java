package io.datanode.storage.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the footers of Parquet files say without their rows being read. */
final class ParquetFooters {
  /** Footers read at most; of more files some are taken for all. */
  private static final int SAMPLE = 200;

  private ParquetFooters() {}

  /** About how many rows the files have: exactly, unless there are very many files. */
  static long rowEstimate(ConnectionPool pool, String where, List<String> globs) {
    PooledConnection connection = pool.borrow();
    try {
      List<String> files = new ArrayList<>();
      for (String glob : globs) {
        connection.rows("SELECT file FROM glob(?)", glob).forEach(row -> files.add(row.get(0)));
      }
      if (files.isEmpty()) {
        return -1;
      }
      int step = (files.size() + SAMPLE - 1) / SAMPLE;
      List<String> sample = new ArrayList<>();
      for (int i = 0; i < files.size(); i += step) {
        sample.add(files.get(i));
      }
      String rows =
          connection
              .rows(
                  "SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata("
                      + Names.literals(sample)
                      + ")")
              .get(0)
              .get(0);
      return Long.parseLong(rows) * files.size() / sample.size();
    } catch (SQLException e) {
      throw DuckDbErrors.translate(where, e);
    } finally {
      pool.release(connection);
    }
  }
}
