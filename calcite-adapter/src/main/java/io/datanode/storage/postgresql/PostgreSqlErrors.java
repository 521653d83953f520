package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.sql.BucketWidth;
import io.datanode.storage.sql.GridSteps;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Turns what PostgreSQL and its driver say of a failure into a sentence with a SQLSTATE. */
final class PostgreSqlErrors {
  private PostgreSqlErrors() {}

  static String where(ConnectionSettings settings) {
    return "Storage '" + settings.name() + "'";
  }

  /** The failure of a statement, for a user. */
  static DataNodeException translate(ConnectionSettings settings, Throwable cause) {
    if (cause instanceof DataNodeException known) {
      return known;
    }
    if (!(cause instanceof SQLException failure)) {
      return new DataNodeException(
          SqlState.INTERNAL_ERROR, where(settings) + ": " + oneLine(cause.toString()), cause);
    }
    Optional<String> tooManySteps = GridSteps.told(String.valueOf(failure.getMessage()));
    if (tooManySteps.isPresent()) {
      return new DataNodeException(SqlState.STATEMENT_TOO_LARGE, tooManySteps.get(), failure);
    }
    Optional<String> noWidth = BucketWidth.told(String.valueOf(failure.getMessage()));
    if (noWidth.isPresent()) {
      return new DataNodeException(SqlState.INVALID_PARAMETER, noWidth.get(), failure);
    }
    String state = state(failure);
    if (isConnectionLost(failure)) {
      return new DataNodeException(
          SqlState.CONNECTION_LOST,
          where(settings)
              + ": the connection to "
              + settings.address()
              + " was lost while the statement ran ("
              + sentence(failure)
              + "); run it again",
          failure);
    }
    return new DataNodeException(
        state, where(settings) + ": " + sentence(failure) + hint(settings, failure), failure);
  }

  /** The failure to get a connection, for a user. */
  static DataNodeException unreachable(ConnectionSettings settings, SQLException failure) {
    String state = state(failure);
    boolean refused = state.startsWith("28") || state.startsWith("3D") || state.startsWith("42");
    if (refused || state.startsWith("53")) {
      return new DataNodeException(
          state,
          where(settings)
              + " at "
              + settings.address()
              + ": "
              + sentence(failure)
              + (state.startsWith("28") ? "; check its user and password" : ""),
          failure);
    }
    return new DataNodeException(
        SqlState.CANNOT_CONNECT_NOW,
        where(settings)
            + " is not available: nothing usable answers at "
            + settings.address()
            + " ("
            + sentence(failure)
            + ")",
        failure);
  }

  /** True if the connection can no longer be used. */
  static boolean isConnectionLost(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08") || state.startsWith("57P");
  }

  /**
   * True if a statement that the server had prepared no longer fits the tables it reads. Prepared
   * anew, it may.
   */
  static boolean isPlanStale(SQLException failure) {
    ServerErrorMessage message = serverMessage(failure);
    return (state(failure).equals("0A000")
            && message != null
            && "RevalidateCachedQuery".equals(message.getRoutine()))
        || state(failure).equals("26000");
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null || state.length() != 5) {
      return SqlState.INTERNAL_ERROR.code();
    }
    // The statement is ours, so its syntax is too.
    return state.equals("42601") ? SqlState.INTERNAL_ERROR.code() : state;
  }

  private static String hint(ConnectionSettings settings, SQLException failure) {
    String changed = "; if its tables were changed, CALL metadata.refresh() makes the change known";
    switch (state(failure)) {
      case "42P01":
      case "42703":
      case "42846":
        return changed;
      case "0A000":
        return isPlanStale(failure) ? changed : "";
      case "57014":
        return settings.statementTimeout().isZero()
            ? ""
            : " (statement_timeout is " + settings.statementTimeout().toMillis() + " ms)";
      case "40001":
        return "; run it again";
      default:
        return "";
    }
  }

  private static String sentence(SQLException failure) {
    ServerErrorMessage message = serverMessage(failure);
    if (message == null || message.getMessage() == null) {
      return oneLine(String.valueOf(failure.getMessage()));
    }
    String text = oneLine(message.getMessage());
    return message.getDetail() == null ? text : text + "; " + oneLine(message.getDetail());
  }

  private static @Nullable ServerErrorMessage serverMessage(SQLException failure) {
    return failure instanceof PSQLException known ? known.getServerErrorMessage() : null;
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s*\\n\\s*", "; ");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
