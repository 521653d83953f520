package io.datanode.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The last statements of an engine, with what became of them. Bounded; thread-safe. */
final class QueryLog {
  /** Statements remembered. */
  static final int SIZE = 1000;

  private static final int LONGEST_TEXT = 10_000;
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)((?:password|secret|token)\\w*\\s*(?:=|:|\\bto\\b)\\s*)('[^']*+(?:''[^']*+)*+'|\\S+)");

  private final Deque<Entry> entries = new ArrayDeque<>();

  /** What became of a statement. */
  enum Outcome {
    RUNNING,
    OK,
    ERROR,
    CANCELLED
  }

  /** A statement. Written by the thread that runs it, read by any. */
  static final class Entry {
    final String id;
    final String user;
    final String application;
    final Instant startedAt;
    final String sql;
    // Asked for when somebody looks: most statements nobody does.
    private final Supplier<Map<String, String>> settings;
    private final long startedNanos = System.nanoTime();
    private volatile String storageSql = "";
    private volatile String pieces = "";
    private volatile long shippedRows;
    private volatile long rows;
    private volatile double milliseconds = -1;
    private volatile Outcome outcome = Outcome.RUNNING;
    private volatile @Nullable String sqlState;
    private volatile @Nullable String error;

    private Entry(
        String id,
        String user,
        String application,
        Instant startedAt,
        String sql,
        Supplier<Map<String, String>> settings) {
      this.id = id;
      this.user = user;
      this.application = application;
      this.startedAt = startedAt;
      this.sql = masked(sql);
      this.settings = settings;
    }

    synchronized void sent(String text) {
      storageSql = cut(storageSql.isEmpty() ? text : storageSql + ";\n" + text);
    }

    /**
     * Says that a piece is in the embedded engine.
     *
     * @param table its name in the plan
     * @param nanos from sending its statement to its last row
     */
    synchronized void shipped(String storage, String table, long count, long nanos) {
      shippedRows += count;
      String piece =
          String.format(
              Locale.ROOT, "%s to %s: %d rows in %.1f ms", storage, table, count, nanos / 1e6);
      pieces = cut(pieces.isEmpty() ? piece : pieces + "\n" + piece);
    }

    /** Settings of the session when it began, by key. */
    Map<String, String> settings() {
      return settings.get();
    }

    long shippedRows() {
      return shippedRows;
    }

    /** A line for each piece that was shipped. */
    String pieces() {
      return pieces;
    }

    /** Says how many rows have been handed out so far. */
    void rows(long count) {
      rows = count;
    }

    /** Says how it ended; only the first time counts. */
    synchronized void end(Outcome how, @Nullable String state, @Nullable String message) {
      if (outcome == Outcome.RUNNING) {
        milliseconds = (System.nanoTime() - startedNanos) / 1e6;
        sqlState = state;
        error = message == null ? null : masked(message);
        outcome = how;
      }
    }

    String storageSql() {
      return storageSql;
    }

    long rows() {
      return rows;
    }

    /** Time from start to end, or until now if it still runs. */
    double milliseconds() {
      double ended = milliseconds;
      return ended < 0 ? (System.nanoTime() - startedNanos) / 1e6 : ended;
    }

    Outcome outcome() {
      return outcome;
    }

    @Nullable String sqlState() {
      return sqlState;
    }

    @Nullable String error() {
      return error;
    }

    private static String masked(String text) {
      return SECRET.matcher(cut(text)).replaceAll("$1***");
    }

    private static String cut(String text) {
      return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }
  }

  /**
   * Notes that a statement begins.
   *
   * @param settings those of its session when it begins, whenever they are asked for
   */
  Entry begin(
      String id,
      String user,
      String application,
      Instant startedAt,
      String sql,
      Supplier<Map<String, String>> settings) {
    Entry entry = new Entry(id, user, application, startedAt, sql, settings);
    synchronized (entries) {
      if (entries.size() == SIZE) {
        entries.removeFirst();
      }
      entries.addLast(entry);
    }
    return entry;
  }

  /** The statements remembered, oldest first. */
  List<Entry> entries() {
    synchronized (entries) {
      return new ArrayList<>(entries);
    }
  }
}
