package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.plan.Plan;
import io.datanode.schema.Nodes;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a query plan: ships what must be in the embedded engine, then runs the root.
 * Closing it drops what was shipped.
 */
final class QueryRun implements AutoCloseable {
  private final Nodes nodes;
  private final EmbeddedEngine embedded;
  private final RunningStatement statement;
  private final QueryLog.Entry log;
  private final Arguments arguments;
  private final Shipping shipping;
  private final Executor threads;
  private @Nullable RunningQuery root;
  private long left;

  /**
   * An execution that has not begun.
   *
   * @param threads where pieces are shipped beside each other
   */
  QueryRun(
      Nodes nodes,
      EmbeddedEngine embedded,
      MetadataSchema metadata,
      RunningStatement statement,
      QueryLog.Entry log,
      Arguments arguments,
      Executor threads) {
    this.nodes = nodes;
    this.embedded = embedded;
    this.statement = statement;
    this.log = log;
    this.arguments = arguments;
    this.threads = threads;
    this.shipping = new Shipping(nodes, embedded, metadata, statement, log, arguments);
  }

  /**
   * The values of one execution.
   *
   * @param parameters those of the user, in order
   * @param times its CURRENT_TIMESTAMP, and up to when it sees what became known
   * @param maxRows the row limit of the call, or 0
   * @param maxShippedRows how many rows may be shipped between storages
   * @param memory counts their bytes
   * @param values makes them fit
   */
  record Arguments(
      List<@Nullable Object> parameters,
      StatementTimes times,
      long maxRows,
      long maxShippedRows,
      MemoryAccount memory,
      ParameterValues values) {

    /** The same, at other times. */
    Arguments at(StatementTimes other) {
      return new Arguments(parameters, other, maxRows, maxShippedRows, memory, values);
    }

    /** Greater ones are refused by DuckDB. */
    private static final long NO_LIMIT = 1L << 60;

    /**
     * The value of a parameter.
     *
     * @param source any but {@link Plan.ParameterSource.Keys}, whose values are found on the way
     */
    @Nullable Object value(Plan.ParameterSource source) {
      if (source instanceof Plan.ParameterSource.User) {
        int index = ((Plan.ParameterSource.User) source).index();
        return values.convert(index + 1, parameters.get(index), source.type());
      }
      if (source instanceof Plan.ParameterSource.Floor) {
        int index = ((Plan.ParameterSource.Floor) source).index();
        return values.floor(index + 1, parameters.get(index), source.type());
      }
      if (source instanceof Plan.ParameterSource.Constant) {
        return ((Plan.ParameterSource.Constant) source).value();
      }
      if (source instanceof Plan.ParameterSource.StatementTime) {
        return values.ofClock(times.now(), source.type());
      }
      if (source instanceof Plan.ParameterSource.KnownBy) {
        Plan.ParameterSource.KnownBy end = (Plan.ParameterSource.KnownBy) source;
        return times.knownBy(end.time(), end.lagMicroseconds());
      }
      if (source instanceof Plan.ParameterSource.RangeEnd) {
        Plan.ParameterSource.RangeEnd end = (Plan.ParameterSource.RangeEnd) source;
        return end.bound(value(end.of()));
      }
      return maxRows > 0 ? Math.min(maxRows, NO_LIMIT) : NO_LIMIT;
    }
  }

  /** Ships, starts the root, and gives its first rows; null if it has none. */
  @Nullable ColumnBatch start(Plan.Query plan) {
    shipping.ship(plan, threads);
    StorageQuery query = shipping.ready(plan.root()).query(arguments);
    log.sent(query.sql());
    left = plan.rows().most();
    root = statement.step(() -> statement.watched(execute(plan.root().storage(), query)));
    return next();
  }

  private RunningQuery execute(String storage, StorageQuery query) {
    if (!storage.equals(Plan.StorageStatement.EMBEDDED)) {
      return nodes.storage(storage).execute(query);
    }
    return shipping.hasTables() ? embedded.executeOnce(query) : embedded.execute(query);
  }

  /** The next rows of the root; null at the end. */
  @Nullable ColumnBatch next() {
    RunningQuery running = root;
    if (running == null) {
      return null;
    }
    if (left == 0) {
      // The storage need not compute what nobody will read.
      running.close();
      return null;
    }
    ColumnBatch batch = statement.step(() -> nonEmpty(running));
    if (batch != null) {
      batch.setRowCount((int) Math.min(batch.rowCount(), left));
      left -= batch.rowCount();
    }
    return batch;
  }

  /** True if it is known already that {@link #next} will give no more rows. */
  boolean atEnd() {
    return left == 0;
  }

  private static @Nullable ColumnBatch nonEmpty(RunningQuery running) {
    ColumnBatch batch = running.next();
    while (batch != null && batch.rowCount() == 0) {
      batch = running.next();
    }
    return batch;
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() {
    RunningQuery running = root;
    root = null;
    try {
      if (running != null) {
        running.close();
      }
    } finally {
      shipping.close();
    }
  }
}
