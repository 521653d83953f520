package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.plan.leakage.Leak;
import io.datanode.storage.ResultSize;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A statement ready to run any number of times, with any parameter values. Immutable. */
public sealed interface Plan {
  /** Columns it gives and parameters it takes. */
  StatementShape shape();

  /** True if it tells places in the text it was made of, so that another text needs its own. */
  default boolean tellsPlaces() {
    return false;
  }

  /**
   * A query: pieces to ship into the embedded engine first, then one statement whose rows are the
   * answer.
   *
   * @param root the statement that gives the rows
   * @param rows how many of them there can be
   * @param shipments what must be in the embedded engine before {@code root} runs; usually empty
   * @param keySets values to be found before the shipments whose statements use them
   * @param predicates where each condition of the query on a node is checked
   * @param notPushed what the embedded engine does in place of the storage that holds the rows, and
   *     why
   * @param past at which times it reads the nodes
   */
  record Query(
      StatementShape shape,
      StorageStatement root,
      Rows rows,
      List<Shipment> shipments,
      List<KeySet> keySets,
      List<Predicate> predicates,
      List<NotPushed> notPushed,
      Past past)
      implements Plan {
    public Query {
      shipments = List.copyOf(shipments);
      keySets = List.copyOf(keySets);
      predicates = List.copyOf(predicates);
      notPushed = List.copyOf(notPushed);
    }

    /** A query all of whose rows are the answer. */
    public Query(
        StatementShape shape,
        StorageStatement root,
        List<Shipment> shipments,
        List<KeySet> keySets,
        List<Predicate> predicates,
        List<NotPushed> notPushed) {
      this(shape, root, Rows.ALL, shipments, keySets, predicates, notPushed);
    }

    /** A query of which its storages do all. */
    public Query(StatementShape shape, StorageStatement root, List<Shipment> shipments) {
      this(shape, root, shipments, List.of(), List.of(), List.of());
    }

    /** A query that names no time to read nodes at. */
    public Query(
        StatementShape shape,
        StorageStatement root,
        Rows rows,
        List<Shipment> shipments,
        List<KeySet> keySets,
        List<Predicate> predicates,
        List<NotPushed> notPushed) {
      this(shape, root, rows, shipments, keySets, predicates, notPushed, Past.NONE);
    }

    @Override
    public boolean tellsPlaces() {
      return !past.times().isEmpty();
    }

    /** The same query, reading nodes at these times. */
    public Query at(Past times) {
      return new Query(shape, root, rows, shipments, keySets, predicates, notPushed, times);
    }
  }

  /**
   * A statement whose plan depends on values of parameters, which are not known yet; to be planned
   * again with {@link PlanSettings#forArguments}.
   *
   * @param parameters those parameters, by their index
   */
  record ForArguments(StatementShape shape, Set<Integer> parameters) implements Plan {
    public ForArguments {
      parameters = Set.copyOf(parameters);
    }
  }

  /**
   * How many rows a query gives.
   *
   * @param most no more than these; their reader need not ask whether another follows
   * @param cut true if its root may give more, which are not read
   */
  record Rows(long most, boolean cut) {
    /** Any number, and all that the root gives. */
    public static final Rows ALL = new Rows(Long.MAX_VALUE, false);
  }

  /**
   * At which times a query reads nodes.
   *
   * @param times those of {@code FOR SYSTEM_TIME AS OF}, as {@link ParameterSource.KnownBy} counts
   *     them
   * @param ignoresDelay true if the delay of the session does not apply to it
   */
  record Past(List<ReadTime> times, boolean ignoresDelay) {
    /** No time is named. */
    public static final Past NONE = new Past(List.of(), false);

    public Past {
      times = List.copyOf(times);
    }
  }

  /**
   * A time of {@code FOR SYSTEM_TIME AS OF}; one of the two is given.
   *
   * @param value what it is, an instant
   * @param statement of the embedded engine, which gives it in one row of one instant
   * @param place where it is written, as it stands at the end of an error; may be empty
   */
  record ReadTime(
      @Nullable ParameterSource value, @Nullable StorageStatement statement, String place) {}

  /**
   * {@code EXPLAIN PLAN [AS JSON] FOR query}: one text column, one row per line (one row for JSON).
   */
  record Explain(StatementShape shape, Query query, boolean json) implements Plan {
    /** The explanation of a query, which takes the parameters of the query. */
    public static Explain of(Query query, boolean json) {
      return new Explain(explaining(query.shape()), query, json);
    }
  }

  /** The shape of an explanation of a statement, which takes the statement's parameters. */
  static StatementShape explaining(StatementShape statement) {
    return new StatementShape(
        List.of(ResultColumn.of("PLAN", ColumnType.VARCHAR)), statement.parameters());
  }

  /**
   * {@code EXPLAIN PLAN AS SEARCH FOR query}: one text column, the search request for the rows of a
   * query in its first row, or why there is none.
   *
   * @param rel the query before it is placed
   * @param sources what its parameters stand for
   */
  record ExplainSearch(StatementShape shape, RelNode rel, List<ParameterSource> sources)
      implements Plan {
    public ExplainSearch {
      sources = List.copyOf(sources);
    }
  }

  /**
   * {@code EXPLAIN LEAKAGE FOR query}: a row for each place where a value can reach a row before
   * its time, or one that says that there is none.
   */
  record ExplainLeakage(StatementShape shape, List<List<@Nullable Object>> rows) implements Plan {
    public ExplainLeakage {
      rows = List.copyOf(rows);
    }

    /**
     * An explanation of a statement, which takes the statement's parameters.
     *
     * @param text in which the places are told
     */
    static ExplainLeakage of(StatementShape statement, List<Leak> leaks, SqlText text) {
      List<ResultColumn> columns = new ArrayList<>();
      for (String name : List.of("severity", "kind", "place", "reason", "remedy")) {
        columns.add(ResultColumn.of(name, ColumnType.VARCHAR));
      }
      columns.add(ResultColumn.of("line", ColumnType.INTEGER));
      columns.add(ResultColumn.of("column", ColumnType.INTEGER));
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Leak leak : leaks) {
        List<@Nullable Object> row = new ArrayList<>();
        row.add(leak.severity().text());
        row.addAll(List.of(leak.kind(), leak.place(), leak.reason(), leak.remedy()));
        SqlParserPos at = leak.at();
        row.add(at == null ? null : at.getLineNum());
        row.add(at == null ? null : text.column(at.getLineNum(), at.getColumnNum()));
        rows.add(row);
      }
      if (leaks.isEmpty()) {
        String none = "no value later than a row's own time can reach it";
        rows.add(Arrays.asList("none", null, null, none, null, null, null));
      }
      return new ExplainLeakage(new StatementShape(columns, statement.parameters()), rows);
    }

    @Override
    public boolean tellsPlaces() {
      return true;
    }
  }

  /**
   * {@code SET key = value} or {@code RESET key}.
   *
   * @param key as written; the session checks it
   * @param value as text, or null for RESET
   */
  record SetSetting(StatementShape shape, String key, @Nullable String value) implements Plan {}

  /**
   * {@code SELECT * FROM TABLE(metadata.wait_for(…))}: waits until rows are there.
   *
   * @param condition gives one row of one number, 1 if they are; asked again and again
   * @param timeout after which it ends without them
   */
  record WaitFor(StatementShape shape, Query condition, Duration timeout) implements Plan {}

  /** {@code CALL metadata.refresh()}. */
  record Refresh(StatementShape shape) implements Plan {}

  /**
   * One SQL statement for one storage.
   *
   * @param storage its name; {@link #EMBEDDED} for the embedded engine itself
   * @param sql in the storage's dialect, {@code ?} for each of {@code parameters}
   * @param columns types its rows are to have
   * @param reductions conditions whose text is chosen when the statement runs; {@code sql} holds
   *     the mark of each once
   * @param size what is known of the number of its rows
   * @param emptyIf it gives no rows, and need not be sent, if one of these ranges is empty
   */
  record StorageStatement(
      String storage,
      String sql,
      List<ParameterSource> parameters,
      List<ColumnType> columns,
      List<Reduction> reductions,
      ResultSize size,
      List<TimeBounds> emptyIf) {
    /** The name of the embedded engine where a storage's name is expected. */
    public static final String EMBEDDED = "embedded";

    public StorageStatement {
      parameters = List.copyOf(parameters);
      columns = List.copyOf(columns);
      reductions = List.copyOf(reductions);
      emptyIf = List.copyOf(emptyIf);
    }

    /** A statement whose text is known. */
    public StorageStatement(
        String storage, String sql, List<ParameterSource> parameters, List<ColumnType> columns) {
      this(storage, sql, parameters, columns, List.of());
    }

    /** A statement that gives any number of rows. */
    public StorageStatement(
        String storage,
        String sql,
        List<ParameterSource> parameters,
        List<ColumnType> columns,
        List<Reduction> reductions) {
      this(storage, sql, parameters, columns, reductions, ResultSize.OF_ANY, List.of());
    }
  }

  /**
   * A range of times: none if the start is not before the end.
   *
   * @param from the first time that may be in it
   * @param to the first time behind it, of the same type
   */
  record TimeBounds(ParameterSource from, ParameterSource to) {
    /**
     * True if it holds no time.
     *
     * @param start value of {@link #from}; NULL is before no time
     * @param end value of {@link #to}
     */
    public static boolean empty(@Nullable Object start, @Nullable Object end) {
      if (start == null || end == null) {
        return true;
      }
      if (start instanceof LocalDate) {
        return !((LocalDate) start).isBefore((LocalDate) end);
      }
      return start instanceof LocalDateTime
          ? !((LocalDateTime) start).isBefore((LocalDateTime) end)
          : !((Instant) start).isBefore((Instant) end);
    }
  }

  /**
   * A condition of a piece that keeps only rows another piece can match. Without it the answer is
   * the same, found more slowly.
   *
   * <p>In the parameters of the statement a {@link ParameterSource.Keys} stands where its mark
   * stands in the text. When the statement runs, the mark is replaced by {@code withKeys}, whose
   * one {@code ?} takes all keys as a list; or, if there are too many of them, by {@code
   * withBounds}, whose {@code ?} take the least and the greatest key, as {@code use} says; or by
   * {@code FALSE} if there are no keys; or by {@code TRUE} if the key set could not be found.
   *
   * @param empties true if the statement surely gives no rows when there are no keys, so that it
   *     need not be sent
   */
  record Reduction(
      int keySet,
      Use use,
      String mark,
      @Nullable String withKeys,
      String withBounds,
      boolean empties) {
    /** A condition of a statement that is sent even if there are no keys. */
    public Reduction(
        int keySet, Use use, String mark, @Nullable String withKeys, String withBounds) {
      this(keySet, use, mark, withKeys, withBounds, false);
    }

    /** What of the keys a condition takes. */
    public enum Use {
      /** All keys; or the least and the greatest, in this order. */
      KEYS,
      /** The least. */
      AT_LEAST,
      /** The greatest. */
      AT_MOST
    }
  }

  /**
   * Values of a column of one piece of the query, other than NULL.
   *
   * @param id refers to it
   * @param keys gives them, each once, and no more rows than {@code limit + 1}; null if only bounds
   *     are wanted
   * @param bounds gives one row: the least and the greatest
   * @param type of the values
   * @param limit beyond so many keys the bounds are used
   * @param reads intermediate tables that must be filled before
   */
  record KeySet(
      int id,
      @Nullable StorageStatement keys,
      StorageStatement bounds,
      ColumnType type,
      int limit,
      List<String> reads) {
    public KeySet {
      reads = List.copyOf(reads);
    }
  }

  /**
   * Where a condition on a node is checked.
   *
   * @param node its name
   * @param expression as SQL
   * @param why for other than pushed, in the user's words; else empty
   */
  record Predicate(String node, String expression, Pushed pushed, String why) {}

  /** How much of a condition its storage checks. */
  enum Pushed {
    /** All of it. */
    PUSHED,
    /**
     * The storage reads a range that holds all rows wanted; the condition itself is checked too.
     */
    SUPERSET,
    /** None; the rows are checked in the embedded engine. */
    LOCAL
  }

  /** Where the value of a {@code ?} comes from when the statement runs. */
  sealed interface ParameterSource {
    /** How the value is bound. */
    ColumnType type();

    /**
     * The user's parameter.
     *
     * @param index from 0, in the order of the user's text
     */
    record User(int index, ColumnType type) implements ParameterSource {}

    /**
     * The user's parameter cut to its type: the greatest decimal of the type that is not greater.
     *
     * @param index as of {@link User}
     */
    record Floor(int index, ColumnType type) implements ParameterSource {}

    /** A constant of the user's text, moved out of it. */
    record Constant(@Nullable Object value, ColumnType type) implements ParameterSource {}

    /**
     * The instant up to which what became known is read, as an instant.
     *
     * @param time which of {@link Past#times}; {@link #SESSION} for that of the session
     * @param lagMicroseconds how much earlier the instant is, in microseconds; 0 or more
     */
    record KnownBy(int time, long lagMicroseconds) implements ParameterSource {
      /** The time of the session rather than one that the statement names. */
      public static final int SESSION = -1;

      @Override
      public ColumnType type() {
        return ColumnType.INSTANT;
      }
    }

    /** The instant at which the statement began: CURRENT_TIMESTAMP. */
    record StatementTime(ColumnType type) implements ParameterSource {}

    /**
     * An end of the range of a time column that follows from the value of another source, so that
     * the storage is asked for a range of the column itself.
     */
    record RangeEnd(ParameterSource of, End end) implements ParameterSource {
      /** How an end follows from a value. */
      public interface End {
        /** The type of the column. */
        ColumnType type();

        /**
         * The end, as a value of that type.
         *
         * @param given null gives null
         */
        @Nullable Object bound(@Nullable Object given);
      }

      @Override
      public ColumnType type() {
        return end.type();
      }

      /**
       * The end.
       *
       * @param value that of {@link #of}
       * @return null for null
       */
      public @Nullable Object bound(@Nullable Object value) {
        return end.bound(value);
      }
    }

    /** The row limit of the call, {@code Statement.setMaxRows}. */
    record MaxRows(ColumnType type) implements ParameterSource {}

    /**
     * The values of a {@link Reduction} of the statement: none, one or two, by what is chosen.
     *
     * @param reduction its place in the statement's list
     * @param type of one key
     */
    record Keys(int reduction, ColumnType type) implements ParameterSource {}
  }

  /**
   * Rows to copy into the embedded engine before the root statement runs.
   *
   * @param table name of the table to make in the embedded engine, unique to one execution after
   *     the runner has replaced it; the root's SQL names it quoted, exactly as given here
   * @param columnNames its columns
   * @param statement where the rows come from, or null for a metadata table
   * @param metadataTable name of the table of schema {@code metadata} to copy, or null
   * @param estimatedRows how many rows are expected, or null if nobody knows
   * @param reads the nodes that {@code statement} reads, for people
   */
  record Shipment(
      String table,
      List<String> columnNames,
      List<ColumnType> columnTypes,
      @Nullable StorageStatement statement,
      @Nullable String metadataTable,
      @Nullable Double estimatedRows,
      List<ReadNode> reads) {
    public Shipment {
      columnNames = List.copyOf(columnNames);
      columnTypes = List.copyOf(columnTypes);
      reads = List.copyOf(reads);
    }

    /** A piece of which nothing is known but its rows. */
    public Shipment(
        String table,
        List<String> columnNames,
        List<ColumnType> columnTypes,
        @Nullable StorageStatement statement,
        @Nullable String metadataTable) {
      this(table, columnNames, columnTypes, statement, metadataTable, null, List.of());
    }
  }

  /**
   * A node that a piece reads.
   *
   * @param name as SQL writes it
   * @param unfiltered its time index and identity columns on which the storage checks no condition:
   *     where a user can ask for less
   */
  record ReadNode(String name, List<String> unfiltered) {
    public ReadNode {
      unfiltered = List.copyOf(unfiltered);
    }
  }

  /**
   * A part of the query that no storage does as asked.
   *
   * @param expression as SQL
   * @param why in the user's words
   */
  record NotPushed(String expression, String why) {}
}
