package io.datanode.plan;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.StatementShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement ready to run any number of times, with any parameter values. Immutable. */
public sealed interface Plan {
  /** Columns it gives and parameters it takes. */
  StatementShape shape();

  /**
   * A query: pieces to ship into the embedded engine first, then one statement whose rows are the
   * answer.
   *
   * @param root the statement that gives the rows
   * @param shipments what must be in the embedded engine before {@code root} runs; usually empty
   * @param notPushed what no storage does as asked, and why
   */
  record Query(
      StatementShape shape,
      StorageStatement root,
      List<Shipment> shipments,
      List<NotPushed> notPushed)
      implements Plan {
    public Query {
      shipments = List.copyOf(shipments);
      notPushed = List.copyOf(notPushed);
    }
  }

  /**
   * {@code EXPLAIN PLAN [AS JSON] FOR query}: one text column, one row per line (one row for JSON).
   */
  record Explain(StatementShape shape, Query query, boolean json) implements Plan {}

  /**
   * {@code SET key = value} or {@code RESET key}.
   *
   * @param key as written; the session checks it
   * @param value as text, or null for RESET
   */
  record SetSetting(StatementShape shape, String key, @Nullable String value) implements Plan {}

  /** {@code CALL metadata.refresh()}. */
  record Refresh(StatementShape shape) implements Plan {}

  /**
   * One SQL statement for one storage.
   *
   * @param storage its name; {@link #EMBEDDED} for the embedded engine itself
   * @param sql in the storage's dialect, {@code ?} for each of {@code parameters}
   * @param columns types its rows are to have
   */
  record StorageStatement(
      String storage, String sql, List<ParameterSource> parameters, List<ColumnType> columns) {
    /** The name of the embedded engine where a storage's name is expected. */
    public static final String EMBEDDED = "embedded";

    public StorageStatement {
      parameters = List.copyOf(parameters);
      columns = List.copyOf(columns);
    }
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

    /** A constant of the user's text, moved out of it. */
    record Constant(@Nullable Object value, ColumnType type) implements ParameterSource {}

    /** The instant at which the statement began: CURRENT_TIMESTAMP. */
    record StatementTime(ColumnType type) implements ParameterSource {}

    /** The row limit of the call, {@code Statement.setMaxRows}. */
    record MaxRows(ColumnType type) implements ParameterSource {}
  }

  /**
   * Rows to copy into the embedded engine before the root statement runs.
   *
   * @param table name of the table to make in the embedded engine, unique to one execution after
   *     the runner has replaced it; the root's SQL names it quoted, exactly as given here
   * @param columnNames its columns
   * @param statement where the rows come from, or null for a metadata table
   * @param metadataTable name of the table of schema {@code metadata} to copy, or null
   */
  record Shipment(
      String table,
      List<String> columnNames,
      List<ColumnType> columnTypes,
      @Nullable StorageStatement statement,
      @Nullable String metadataTable) {
    public Shipment {
      columnNames = List.copyOf(columnNames);
      columnTypes = List.copyOf(columnTypes);
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
