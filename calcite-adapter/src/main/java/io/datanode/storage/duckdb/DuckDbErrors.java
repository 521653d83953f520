package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.StreamedQuery;
import io.datanode.storage.sql.BucketWidth;
import io.datanode.storage.sql.GridSteps;
import java.sql.SQLTimeoutException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what DuckDB says of a failure into a sentence with a SQLSTATE. */
final class DuckDbErrors {
  private static final Pattern CSV_FILE = Pattern.compile("\\n *file = (.*)");

  private static final String APPEND = "Failed to append: ";
  private static final Pattern NO_MEMORY =
      Pattern.compile("^(failed to (offload|allocate|pin)|could not allocate)");

  /** Advice on settings of DuckDB that a user here cannot change. */
  private static final Pattern ADVICE =
      Pattern.compile("\\s*\\n(This limit was set by|\\s*Possible solutions:).*", Pattern.DOTALL);

  private DuckDbErrors() {}

  /**
   * The failure for a user.
   *
   * @param where what was being read, for example {@code Storage 'lake'}
   */
  static DataNodeException translate(String where, Throwable cause) {
    if (cause instanceof DataNodeException known) {
      return known;
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    Optional<String> tooManySteps = GridSteps.told(message);
    if (tooManySteps.isPresent()) {
      return new DataNodeException(SqlState.STATEMENT_TOO_LARGE, tooManySteps.get(), cause);
    }
    Optional<String> noWidth = BucketWidth.told(message);
    if (noWidth.isPresent()) {
      return new DataNodeException(SqlState.INVALID_PARAMETER, noWidth.get(), cause);
    }
    // A streamed result repeats the word "Query failed: " or "Invalid Input Error: Attempting ...".
    if (message.startsWith("Query failed: ")) {
      message = message.substring("Query failed: ".length());
    }
    String kind = kind(message);
    if (message.startsWith(APPEND)) {
      // The appender leaves the kind out.
      message = message.substring(APPEND.length());
      message = (NO_MEMORY.matcher(message).find() ? "Out of Memory Error: " : "") + message;
      kind = kind(message);
    }
    String text = sentence(message, kind);
    if (cause instanceof SQLTimeoutException || kind.equals("INTERRUPT")) {
      return StreamedQuery.cancelled();
    }
    return new DataNodeException(state(kind, text), where + ": " + text + hint(kind, text), cause);
  }

  /** The word before " Error:", for example {@code Conversion}; empty if there is none. */
  static String kind(@Nullable String message) {
    int end = message == null ? -1 : message.indexOf(" Error: ");
    return message == null || end < 0 || end > 30 ? "" : message.substring(0, end);
  }

  /** Without the kind, and without the excerpt of our SQL that DuckDB adds with a caret. */
  private static String sentence(String message, String kind) {
    String text = kind.isEmpty() ? message : message.substring(kind.length() + " Error: ".length());
    int excerpt = text.indexOf("\n\nLINE ");
    if (excerpt >= 0) {
      text = text.substring(0, excerpt);
    }
    int stack = text.indexOf("\nStack Trace");
    if (stack >= 0) {
      text = text.substring(0, stack);
    }
    text = ADVICE.matcher(text).replaceFirst("");
    int advice = text.indexOf(" Use TRY(");
    if (advice >= 0) {
      // On a function and a setting that SQL here does not have.
      text = text.substring(0, advice);
    }
    return (text.startsWith("CSV Error") ? csvSentence(text) : text)
        .strip()
        .replaceAll("\\s*\\n\\s*", "; ");
  }

  /** The line and what is wrong with it, without advice on options nobody here can set. */
  private static String csvSentence(String text) {
    String problem = text.split("\\n\\n|\\nPossible")[0];
    Matcher file = CSV_FILE.matcher(text);
    return file.find() ? problem + "\nfile " + file.group(1) : problem;
  }

  private static SqlState state(String kind, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("csv error")) {
      return SqlState.FILE_ERROR;
    }
    switch (kind) {
      case "Conversion":
        return conversionState(lower);
      case "Out of Range":
        return lower.contains("timestamp") || lower.contains("date")
            ? SqlState.DATETIME_OVERFLOW
            : SqlState.NUMERIC_OUT_OF_RANGE;
      case "IO":
      case "HTTP":
        return ioState(lower);
      case "Out of Memory":
        return lower.contains("failed to offload") || lower.contains("temp_directory_size")
            ? SqlState.DISK_FULL
            : SqlState.OUT_OF_MEMORY;
      case "Catalog":
        return lower.startsWith("table with name") && lower.contains("does not exist")
            ? SqlState.UNDEFINED_NODE
            : SqlState.INTERNAL_ERROR;
      case "Permission":
        return SqlState.INSUFFICIENT_PRIVILEGE;
      case "Not implemented":
      case "Missing Extension":
        return SqlState.NOT_SUPPORTED;
      case "Divide by Zero":
        return SqlState.DIVISION_BY_ZERO;
      case "Mismatch Type":
        return SqlState.DATATYPE_MISMATCH;
      case "Invalid":
        // What the readers of file formats throw at bytes they cannot make sense of.
        return SqlState.FILE_ERROR;
      case "Invalid Input":
        if (lower.startsWith("division by zero")) {
          return SqlState.DIVISION_BY_ZERO;
        }
        if (lower.startsWith("more than one row returned by a subquery")) {
          return SqlState.CARDINALITY_VIOLATION;
        }
        return lower.contains("magic bytes") || lower.contains("parquet") || lower.contains("csv")
            ? SqlState.FILE_ERROR
            : SqlState.DATA_EXCEPTION;
      case "Binder":
        return lower.contains("for limit/offset")
            ? SqlState.NUMERIC_OUT_OF_RANGE
            : SqlState.INTERNAL_ERROR;
      case "Connection":
        return SqlState.CANNOT_CONNECT_NOW;
      default:
        return lower.contains("connection was closed")
            ? SqlState.CONNECTION_CLOSED
            : SqlState.INTERNAL_ERROR;
    }
  }

  private static SqlState conversionState(String text) {
    boolean time =
        text.contains("timestamp")
            || text.contains("date field")
            || text.contains("date \"")
            || text.contains("time field")
            || text.contains("time zone")
            || text.contains(" date ");
    if (text.contains("out of range")) {
      return time ? SqlState.DATETIME_OVERFLOW : SqlState.NUMERIC_OUT_OF_RANGE;
    }
    if (text.contains("could not cast value") || text.contains("overflow")) {
      return SqlState.NUMERIC_OUT_OF_RANGE;
    }
    return time ? SqlState.INVALID_DATETIME : SqlState.INVALID_CAST;
  }

  private static SqlState ioState(String text) {
    if (text.contains("no space left") || text.contains("disk quota")) {
      return SqlState.DISK_FULL;
    }
    return text.contains("could not set lock") || text.contains("conflicting lock")
        ? SqlState.CANNOT_CONNECT_NOW
        : SqlState.FILE_ERROR;
  }

  private static String hint(String kind, String text) {
    if (state(kind, text) == SqlState.DISK_FULL) {
      return "; raise the setting spillLimit, let spillDirectory be on a larger disk, or read less"
          + " at once";
    }
    return kind.equals("Out of Memory")
        ? "; raise the setting memoryLimit or read less at once"
        : "";
  }
}
