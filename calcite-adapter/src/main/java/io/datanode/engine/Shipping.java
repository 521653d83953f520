package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.plan.Plan;
import io.datanode.plan.Plan.KeySet;
import io.datanode.plan.Plan.Shipment;
import io.datanode.plan.Plan.StorageStatement;
import io.datanode.schema.Nodes;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.IntermediateTable;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills the intermediate tables of one execution of a query: every piece as soon as the keys it
 * needs are known, several at a time. Closing it drops the tables.
 */
final class Shipping implements AutoCloseable {
  private static final Pattern ALL_COLUMNS = Pattern.compile("SELECT \\*|\\.\\*");

  private final Nodes nodes;
  private final EmbeddedEngine embedded;
  private final MetadataSchema metadata;
  private final RunningStatement statement;
  private final QueryLog.Entry log;
  private final QueryRun.Arguments arguments;
  private final Map<String, String> tableNames = new ConcurrentHashMap<>();
  private final Map<Integer, KeyValues> keys = new ConcurrentHashMap<>();
  private final List<IntermediateTable> tables = new ArrayList<>();
  private final AtomicLong rows = new AtomicLong();
  // Under the lock of `tables`, as these bytes are in them.
  private long bytes;
  private volatile boolean closed;

  Shipping(
      Nodes nodes,
      EmbeddedEngine embedded,
      MetadataSchema metadata,
      RunningStatement statement,
      QueryLog.Entry log,
      QueryRun.Arguments arguments) {
    this.nodes = nodes;
    this.embedded = embedded;
    this.metadata = metadata;
    this.statement = statement;
    this.log = log;
    this.arguments = arguments;
  }

  /**
   * Fills the tables of a plan.
   *
   * @param threads where pieces run beside each other
   * @throws DataNodeException the first failure of a piece, after all others have been stopped; or
   *     54000 if more rows are to be shipped than the session allows
   */
  void ship(Plan.Query plan, Executor threads) {
    List<PieceOrder.Piece> pieces = new ArrayList<>();
    String readsMetadata = embeddedSql(plan);
    for (Shipment shipment : plan.shipments()) {
      Set<Object> needs = new LinkedHashSet<>(keySets(shipment.statement()));
      pieces.add(
          new PieceOrder.Piece(shipment.table(), needs, () -> ship(shipment, readsMetadata)));
    }
    for (KeySet keySet : plan.keySets()) {
      Set<Object> needs = new LinkedHashSet<>(keySet.reads());
      needs.addAll(keySets(keySet.keys()));
      needs.addAll(keySets(keySet.bounds()));
      pieces.add(new PieceOrder.Piece(keySet.id(), needs, () -> find(keySet)));
    }
    new PieceOrder(statement, threads).run(pieces);
  }

  private static Set<Integer> keySets(@Nullable StorageStatement planned) {
    Set<Integer> keySets = new LinkedHashSet<>();
    if (planned != null) {
      planned.reductions().forEach(reduction -> keySets.add(reduction.keySet()));
    }
    return keySets;
  }

  /** The statements that may read metadata tables. */
  private static String embeddedSql(Plan.Query plan) {
    StringBuilder sql = new StringBuilder(plan.root().sql());
    for (KeySet keySet : plan.keySets()) {
      StorageStatement some = keySet.keys();
      sql.append('\n').append(some == null ? "" : some.sql());
      sql.append('\n').append(keySet.bounds().sql());
    }
    return sql.toString();
  }

  /** True if statements of this execution read intermediate tables. */
  boolean hasTables() {
    return !tableNames.isEmpty();
  }

  /** A statement of the plan with names and values of this execution. */
  ReadyStatement ready(StorageStatement planned) {
    return new ReadyStatement(planned, keys, tableNames);
  }

  private void ship(Shipment shipment, String readsMetadata) {
    IntermediateTable table =
        embedded.createTable(shipment.table(), shipment.columnNames(), shipment.columnTypes());
    try {
      String metadataTable = shipment.metadataTable();
      StorageStatement source = shipment.statement();
      if (metadataTable != null) {
        metadata
            .rows(
                metadataTable,
                shipment.columnNames(),
                column -> mentions(readsMetadata, column),
                arguments.times().knownBy() != null)
            .forEach(batch -> add(table, batch));
      } else if (source != null) {
        fill(table, shipment, source);
      }
      table.finish();
      keep(table);
      tableNames.put(QueryRun.quoted(shipment.table()), table.sqlName());
    } catch (RuntimeException | Error e) {
      table.close();
      throw e;
    }
  }

  private void fill(IntermediateTable table, Shipment shipment, StorageStatement source) {
    ReadyStatement ready = ready(source);
    if (ready.empty(arguments)) {
      log.shipped(source.storage(), shipment.table(), 0, 0);
      return;
    }
    long began = System.nanoTime();
    long shipped = 0;
    try (RunningQuery running = execute(source.storage(), ready.query(arguments))) {
      for (ColumnBatch batch = next(running); batch != null; batch = next(running)) {
        shipped += batch.rowCount();
        if (rows.addAndGet(batch.rowCount()) > arguments.maxShippedRows()) {
          throw tooMany(shipment, source);
        }
        add(table, batch);
      }
    }
    log.shipped(source.storage(), shipment.table(), shipped, System.nanoTime() - began);
  }

  private void add(IntermediateTable table, ColumnBatch batch) {
    long more = BatchBytes.of(batch);
    synchronized (tables) {
      requireOpen();
      arguments.memory().take(more);
      bytes += more;
    }
    table.add(batch);
  }

  private void find(KeySet keySet) {
    KeyValues found = null;
    StorageStatement wanted = keySet.keys();
    if (wanted != null) {
      found = all(keySet, wanted);
    }
    keys.put(keySet.id(), found == null ? bounds(keySet) : found);
  }

  /** All keys; null if there are too many of them. */
  private @Nullable KeyValues all(KeySet keySet, StorageStatement wanted) {
    ReadyStatement ready = ready(wanted);
    if (ready.empty(arguments)) {
      return KeyValues.NONE;
    }
    List<@Nullable Object> values = new ArrayList<>();
    try (RunningQuery running = execute(wanted.storage(), ready.query(arguments))) {
      for (ColumnBatch batch = next(running); batch != null; batch = next(running)) {
        for (int row = 0; row < batch.rowCount(); row++) {
          values.add(KeyValues.value(batch.column(0), keySet.type(), row));
        }
        if (values.size() > keySet.limit()) {
          return null;
        }
      }
    }
    return KeyValues.keys(values);
  }

  private KeyValues bounds(KeySet keySet) {
    ReadyStatement ready = ready(keySet.bounds());
    if (ready.empty(arguments)) {
      return KeyValues.NONE;
    }
    try (RunningQuery running = execute(keySet.bounds().storage(), ready.query(arguments))) {
      KeyValues found = KeyValues.NONE;
      for (ColumnBatch batch = next(running); batch != null; batch = next(running)) {
        if (batch.rowCount() > 0 && !batch.column(0).isNull(0)) {
          found =
              KeyValues.bounds(
                  KeyValues.value(batch.column(0), keySet.type(), 0),
                  KeyValues.value(batch.column(1), keySet.type(), 0));
        }
      }
      return found;
    }
  }

  /** The next rows of a piece; fails if nobody waits for them any more. */
  private @Nullable ColumnBatch next(RunningQuery running) {
    statement.check();
    requireOpen();
    return running.next();
  }

  private void requireOpen() {
    if (closed) {
      throw new DataNodeException(SqlState.QUERY_CANCELED, "Another piece of the query failed");
    }
  }

  private RunningQuery execute(String storage, StorageQuery query) {
    log.sent(query.sql());
    statement.check();
    RunningQuery running =
        storage.equals(StorageStatement.EMBEDDED)
            ? embedded.executeOnce(query)
            : nodes.storage(storage).execute(query);
    return statement.watched(running);
  }

  private DataNodeException tooMany(Shipment shipment, StorageStatement source) {
    List<String> names = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    for (Plan.ReadNode node : shipment.reads()) {
      names.add("'" + node.name() + "'");
      if (!node.unfiltered().isEmpty()) {
        advice.add(
            "add a condition on "
                + String.join(" or ", node.unfiltered())
                + " of '"
                + node.name()
                + "'");
      }
    }
    advice.add(
        (advice.isEmpty() ? "ask for less, or raise" : "or raise") + " the setting maxShippedRows");
    return new DataNodeException(
        SqlState.STATEMENT_TOO_LARGE,
        "More than "
            + String.format(java.util.Locale.ROOT, "%,d", arguments.maxShippedRows())
            + " rows would have to be shipped to join storages; stopped at rows of "
            + (names.isEmpty() ? "" : "node " + String.join(" and ", names) + " of ")
            + "storage '"
            + source.storage()
            + "'; "
            + String.join(", ", advice));
  }

  /** False only if the statements do not read a column of this name. */
  private static boolean mentions(String sql, String column) {
    return sql.contains(QueryRun.quoted(column)) || ALL_COLUMNS.matcher(sql).find();
  }

  /** Keeps a table until the end; drops it now if that has come. */
  private void keep(IntermediateTable table) {
    synchronized (tables) {
      if (!closed) {
        tables.add(table);
        return;
      }
    }
    table.close();
  }

  @Override
  public void close() {
    List<IntermediateTable> dropped;
    synchronized (tables) {
      closed = true;
      dropped = List.copyOf(tables);
      tables.clear();
    }
    dropped.forEach(IntermediateTable::close);
    synchronized (tables) {
      arguments.memory().giveBack(bytes);
      bytes = 0;
    }
  }
}
