package io.datanode.engine;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.plan.Plan;
import io.datanode.schema.Nodes;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.IntermediateTable;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a query plan: ships what must be in the embedded engine, then runs the root.
 * Closing it drops what was shipped.
 */
final class QueryRun implements AutoCloseable {
  private static final Pattern ALL_COLUMNS = Pattern.compile("SELECT \\*|\\.\\*");

  private final Nodes nodes;
  private final EmbeddedEngine embedded;
  private final MetadataSchema metadata;
  private final RunningStatement statement;
  private final QueryLog.Entry log;
  private final Arguments arguments;
  private final Map<String, String> tableNames = new LinkedHashMap<>();
  private final List<IntermediateTable> tables = new ArrayList<>();
  private final List<RunningQuery> opened = new ArrayList<>();
  private @Nullable RunningQuery root;

  QueryRun(
      Nodes nodes,
      EmbeddedEngine embedded,
      MetadataSchema metadata,
      RunningStatement statement,
      QueryLog.Entry log,
      Arguments arguments) {
    this.nodes = nodes;
    this.embedded = embedded;
    this.metadata = metadata;
    this.statement = statement;
    this.log = log;
    this.arguments = arguments;
  }

  /**
   * The values of one execution.
   *
   * @param parameters those of the user, in order
   * @param startedAt when the statement began: its CURRENT_TIMESTAMP
   * @param maxRows the row limit of the call, or 0
   * @param values makes them fit
   */
  record Arguments(
      List<@Nullable Object> parameters, Instant startedAt, long maxRows, ParameterValues values) {

    /** Greater ones are refused by DuckDB. */
    private static final long NO_LIMIT = 1L << 60;

    StorageQuery bind(String sql, Plan.StorageStatement statement) {
      List<StorageQuery.Parameter> bound = new ArrayList<>();
      for (Plan.ParameterSource source : statement.parameters()) {
        bound.add(new StorageQuery.Parameter(source.type(), value(source)));
      }
      return new StorageQuery(sql, bound, statement.columns());
    }

    @Nullable Object value(Plan.ParameterSource source) {
      if (source instanceof Plan.ParameterSource.User) {
        int index = ((Plan.ParameterSource.User) source).index();
        return values.convert(index + 1, parameters.get(index), source.type());
      }
      if (source instanceof Plan.ParameterSource.Constant) {
        return ((Plan.ParameterSource.Constant) source).value();
      }
      if (source instanceof Plan.ParameterSource.StatementTime) {
        return values.ofClock(startedAt, source.type());
      }
      return maxRows > 0 ? maxRows : NO_LIMIT;
    }
  }

  /** Ships, starts the root, and gives its first rows; null if it has none. */
  @Nullable ColumnBatch start(Plan.Query plan) {
    for (Plan.Shipment shipment : plan.shipments()) {
      ship(shipment, plan.root().sql());
    }
    RunningQuery running = execute(plan.root());
    root = running;
    return next();
  }

  /** The next rows of the root; null at the end. */
  @Nullable ColumnBatch next() {
    RunningQuery running = root;
    return running == null ? null : statement.step(() -> nonEmpty(running));
  }

  private static @Nullable ColumnBatch nonEmpty(RunningQuery running) {
    ColumnBatch batch = running.next();
    while (batch != null && batch.rowCount() == 0) {
      batch = running.next();
    }
    return batch;
  }

  private RunningQuery execute(Plan.StorageStatement planned) {
    String sql = planned.sql();
    for (Map.Entry<String, String> name : tableNames.entrySet()) {
      sql = sql.replace(quoted(name.getKey()), name.getValue());
    }
    log.sent(sql);
    StorageQuery query = arguments.bind(sql, planned);
    return statement.step(
        () -> {
          RunningQuery running =
              planned.storage().equals(Plan.StorageStatement.EMBEDDED)
                  ? (tableNames.isEmpty() ? embedded.execute(query) : embedded.executeOnce(query))
                  : nodes.storage(planned.storage()).execute(query);
          opened.add(running);
          statement.in(running);
          return running;
        });
  }

  private void ship(Plan.Shipment shipment, String rootSql) {
    IntermediateTable table =
        embedded.createTable(shipment.table(), shipment.columnNames(), shipment.columnTypes());
    tables.add(table);
    tableNames.put(shipment.table(), table.sqlName());
    String metadataTable = shipment.metadataTable();
    Plan.StorageStatement source = shipment.statement();
    if (metadataTable != null) {
      List<ColumnBatch> rows =
          statement.step(
              () ->
                  metadata.rows(
                      metadataTable, shipment.columnNames(), column -> mentions(rootSql, column)));
      rows.forEach(table::add);
    } else if (source != null) {
      try (RunningQuery running = execute(source)) {
        ColumnBatch batch = statement.step(running::next);
        while (batch != null) {
          table.add(batch);
          batch = statement.step(running::next);
        }
      } finally {
        statement.in(null);
        opened.clear();
      }
    }
    table.finish();
  }

  /** False only if the statement does not read a column of this name. */
  private static boolean mentions(String sql, String column) {
    return sql.contains(quoted(column)) || ALL_COLUMNS.matcher(sql).find();
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() {
    statement.in(null);
    root = null;
    try {
      opened.forEach(RunningQuery::close);
      opened.clear();
    } finally {
      tables.forEach(IntermediateTable::close);
      tables.clear();
    }
  }
}
