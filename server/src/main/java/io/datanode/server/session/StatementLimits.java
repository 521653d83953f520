package io.datanode.server.session;

import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How much one statement may take.
 *
 * @param rows rows it may give; 0 for any number
 * @param time how long it may work, without the time its client takes to read; zero for as long as
 *     it likes
 * @param shippedRows greatest value a session may have of the setting {@code maxShippedRows}; 0 for
 *     any
 */
public record StatementLimits(long rows, Duration time, long shippedRows) {
  /** As much as they like. */
  public static final StatementLimits NONE = new StatementLimits(0, Duration.ZERO, 0);

  /**
   * Checks a value of the setting {@code maxShippedRows} that every session begins with.
   *
   * @throws SQLException 22023 if it is more than sessions may have
   */
  public void requireShippedRows(long value) throws SQLException {
    if (shippedRows > 0 && (value == 0 || value > shippedRows)) {
      throw SqlState.INVALID_PARAMETER.exception(
          "--session-default maxShippedRows="
              + value
              + " is more than --max-shipped-rows "
              + shippedRows
              + " allows; lower the one or raise the other");
    }
  }
}
