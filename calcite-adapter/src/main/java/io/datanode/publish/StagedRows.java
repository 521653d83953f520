package io.datanode.publish;

import io.datanode.DataNodeException;
import io.datanode.engine.Engine;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.node.DataNode;
import io.datanode.schema.ResolvedNode;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.IntermediateTable;
import io.datanode.storage.NewRows;
import io.datanode.storage.NewRows.Field;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Rows to be published, copied into the embedded DuckDB of an engine: what is checked there is what
 * is written, whatever happens to the files or nodes that they come from.
 */
final class StagedRows implements AutoCloseable {
  private static final String STATEMENT = "publish";

  private final EmbeddedEngine embedded;
  private @Nullable IntermediateTable table;
  private List<Field> fields = List.of();

  private StagedRows(EmbeddedEngine embedded) {
    this.embedded = embedded;
  }

  /**
   * Reads rows.
   *
   * @param engine over the catalog that is published to
   * @throws SQLException if the query fails; 42702 if two columns have one name
   * @throws DataNodeException if a file cannot be read, or has other columns than those before it
   */
  static StagedRows read(Engine engine, RowSource source) throws SQLException {
    StagedRows staged = new StagedRows(engine.embedded());
    boolean read = false;
    try {
      if (source instanceof RowSource.Query query) {
        staged.add(engine, query.sql(), "The query");
      } else {
        for (String location : ((RowSource.Locations) source).locations()) {
          try (Engine over = Engine.open(location, Map.of())) {
            staged.add(over, staged.allRows(over, location), "'" + location + "'");
          }
        }
      }
      staged.table().finish();
      read = true;
      return staged;
    } finally {
      if (!read) {
        staged.close();
      }
    }
  }

  private String allRows(Engine over, String location) {
    Collection<DataNode> nodes = over.nodes().snapshot().nodes().values();
    if (nodes.size() != 1) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "'"
              + location
              + "' holds "
              + nodes.size()
              + " tables; expected one, for example a Parquet or CSV file");
    }
    DataNode node = nodes.iterator().next();
    ResolvedNode resolved = over.nodes().resolve(node.name()).orElseThrow();
    // Else only the newest version of each row would be read.
    String versions = resolved.knowledgeTime() == null ? "" : "$versions";
    // SQL here quotes names as DuckDB does.
    return "SELECT * FROM "
        + embedded
            .dialect()
            .quote(List.of(node.name().namespace(), node.name().identifier() + versions));
  }

  private void add(Engine engine, String sql, String what) throws SQLException {
    try (Session session = engine.session("", Map.of());
        Result result = session.execute(new StatementCall(STATEMENT, sql, List.of(), 0, 0))) {
      List<Field> found = result.columns().stream().map(column -> field(column, what)).toList();
      if (table == null) {
        checkNames(found, what);
        fields = found;
        table = embedded.createTable(STATEMENT, names(), found.stream().map(Field::type).toList());
      } else if (!found.equals(fields)) {
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            what + " has columns " + inWords(found) + "; those before it have " + inWords(fields));
      }
      for (ColumnBatch batch = result.next(); batch != null; batch = result.next()) {
        table.add(batch);
      }
    }
  }

  private static Field field(ResultColumn column, String what) {
    if (!NewRows.isWritten(column.type())) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          what
              + ": column '"
              + column.label()
              + "' is "
              + column.type()
              + ", which is not published; convert it or leave it out in a --query");
    }
    return new Field(column.label(), column.type());
  }

  private static void checkNames(List<Field> fields, String what) {
    if (fields.isEmpty()) {
      throw new DataNodeException(SqlState.INVALID_PARAMETER, what + " gives no rows");
    }
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Field field : fields) {
      if (!names.add(field.name())) {
        throw new DataNodeException(
            SqlState.AMBIGUOUS_COLUMN,
            what + " has two columns '" + field.name() + "'; call one of them otherwise");
      }
    }
  }

  private static String inWords(List<Field> fields) {
    return String.join(
        ", ", fields.stream().map(field -> field.name() + " " + field.type()).toList());
  }

  EmbeddedEngine embedded() {
    return embedded;
  }

  /** A name in quotes, for SQL of the embedded engine. */
  String quoted(String name) {
    return embedded.dialect().quote(name);
  }

  List<Field> fields() {
    return fields;
  }

  private List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /** The name of the table they lie in, for SQL of the embedded engine. */
  String sqlName() {
    return table().sqlName();
  }

  private IntermediateTable table() {
    if (table == null) {
      throw new IllegalStateException("No rows were read");
    }
    return table;
  }

  /**
   * The rows of a small query of the embedded engine.
   *
   * @param columns how many it has, all of them VARCHAR
   */
  List<List<@Nullable String>> ask(String sql, int columns) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    StorageQuery query =
        new StorageQuery(sql, List.of(), Collections.nCopies(columns, ColumnType.VARCHAR));
    try (RunningQuery running = embedded.executeOnce(query)) {
      for (ColumnBatch batch = running.next(); batch != null; batch = running.next()) {
        for (int row = 0; row < batch.rowCount(); row++) {
          List<@Nullable String> values = new ArrayList<>();
          for (int i = 0; i < columns; i++) {
            TextVector texts = (TextVector) batch.column(i);
            values.add(texts.isNull(row) ? null : texts.get(row));
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
    }
  }
}
