package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.storage.EmbeddedEngine;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table in the embedded engine that lives as long as one execution of a statement.
 *
 * <p>It is no TEMP table, because DuckDB shows those to one connection only, and the statement that
 * reads it runs on another.
 */
final class IntermediateTable implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IntermediateTable.class);

  private final EmbeddedEngine embedded;
  private final String name;
  private final List<String> columnNames;
  private final List<ColumnType> types;
  private final Connection connection;
  private final DuckDBAppender appender;
  private boolean filled;

  /** Makes the table, empty. */
  IntermediateTable(
      EmbeddedEngine embedded, String name, List<String> columnNames, List<ColumnType> types) {
    this.embedded = embedded;
    this.name = name;
    this.columnNames = List.copyOf(columnNames);
    this.types = List.copyOf(types);
    StringBuilder ddl = new StringBuilder("CREATE TABLE ").append(quoted(name)).append(" (");
    for (int i = 0; i < types.size(); i++) {
      ddl.append(i == 0 ? "" : ", ").append(quoted(columnNames.get(i))).append(' ');
      ddl.append(isInterval(types.get(i)) ? "BIGINT" : sqlType(types.get(i)));
    }
    ddl.append(')');
    Connection opened = null;
    try {
      opened = embedded.connect();
      try (Statement statement = opened.createStatement()) {
        statement.execute(ddl.toString());
      }
      appender = opened.unwrap(DuckDBConnection.class).createAppender(name);
      connection = opened;
    } catch (SQLException e) {
      if (opened != null) {
        drop(embedded, name);
        closeQuietly(opened);
      }
      throw failure(e);
    }
  }

  /** Adds the rows of a batch. */
  void add(ColumnBatch batch) {
    try {
      for (int row = 0; row < batch.rowCount(); row++) {
        appender.beginRow();
        for (int column = 0; column < types.size(); column++) {
          append(batch.column(column), types.get(column), row);
        }
        appender.endRow();
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Makes the rows visible to all connections; none can be added after. */
  void finish() {
    try {
      appender.close();
      // The appender of DuckDB takes no INTERVAL.
      try (Statement statement = connection.createStatement()) {
        for (int i = 0; i < types.size(); i++) {
          if (isInterval(types.get(i))) {
            String column = quoted(columnNames.get(i));
            statement.execute(
                "ALTER TABLE "
                    + quoted(name)
                    + " ALTER COLUMN "
                    + column
                    + " TYPE INTERVAL USING "
                    + (types.get(i).kind() == ColumnType.Kind.YEAR_MONTH
                        ? "to_months(" + column + "::INTEGER)"
                        : "to_microseconds(" + column + ")"));
          }
        }
      }
      filled = true;
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Drops the table. */
  @Override
  public void close() {
    if (!filled) {
      try {
        appender.close();
      } catch (SQLException e) {
        LOG.debug("Rows for intermediate table {} were abandoned", name, e);
      }
      closeQuietly(connection);
    }
    drop(embedded, name);
  }

  private static void drop(EmbeddedEngine embedded, String name) {
    try (Connection connection = embedded.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + quoted(name));
    } catch (SQLException e) {
      LOG.warn("Intermediate table {} could not be dropped: {}", name, e.getMessage());
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("A connection of the embedded engine did not close", e);
    }
  }

  private void append(ColumnVector vector, ColumnType type, int row) throws SQLException {
    if (vector.isNull(row)) {
      appender.appendNull();
      return;
    }
    switch (type.kind()) {
      case BOOLEAN:
        appender.append(number(vector, row) != 0);
        break;
      case TINYINT:
        appender.append((byte) number(vector, row));
        break;
      case SMALLINT:
        appender.append((short) number(vector, row));
        break;
      case INTEGER:
        appender.append((int) number(vector, row));
        break;
      case BIGINT:
      case YEAR_MONTH:
      case DAY_TIME:
        appender.append(number(vector, row));
        break;
      case REAL:
        appender.append((float) ((DoubleVector) vector).get(row));
        break;
      case DOUBLE:
        appender.append(((DoubleVector) vector).get(row));
        break;
      case DECIMAL:
        appender.append(decimal(vector, type, row));
        break;
      case VARCHAR:
      case JSON:
      case OTHER:
        appender.append(((TextVector) vector).get(row));
        break;
      case VARBINARY:
        appender.append(((BinaryVector) vector).get(row));
        break;
      case DATE:
        appender.appendEpochDays(days(number(vector, row)));
        break;
      case TIME:
        appender.appendDayMicros(number(vector, row));
        break;
      case TIMESTAMP:
      case INSTANT:
        if (type.nanoseconds()) {
          appender.appendEpochNanos(number(vector, row));
        } else {
          appender.appendEpochMicros(number(vector, row));
        }
        break;
      case UUID:
        appender.append(UUID.fromString(((TextVector) vector).get(row)));
        break;
      case ARRAY:
        appender.append(elements((ArrayVector) vector, type.element(), row));
        break;
    }
  }

  // DuckDB marks infinite dates with the greatest 32-bit number, a batch with the greatest long.
  private static int days(long days) {
    if (days == ColumnType.INFINITY) {
      return Integer.MAX_VALUE;
    }
    return days == ColumnType.MINUS_INFINITY ? -Integer.MAX_VALUE : Math.toIntExact(days);
  }

  private static long number(ColumnVector vector, int row) {
    return ((LongVector) vector).get(row);
  }

  private static BigDecimal decimal(ColumnVector vector, ColumnType type, int row) {
    return vector instanceof LongVector
        ? BigDecimal.valueOf(((LongVector) vector).get(row), type.scale())
        : ((DecimalVector) vector).get(row);
  }

  private static List<@Nullable Object> elements(ArrayVector vector, ColumnType type, int row) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = vector.start(row); i < vector.end(row); i++) {
      ColumnVector values = vector.elements();
      if (values.isNull(i)) {
        elements.add(null);
        continue;
      }
      switch (type.kind()) {
        case BOOLEAN:
          elements.add(number(values, i) != 0);
          break;
        case TINYINT:
          elements.add((byte) number(values, i));
          break;
        case SMALLINT:
          elements.add((short) number(values, i));
          break;
        case INTEGER:
          elements.add((int) number(values, i));
          break;
        case BIGINT:
          elements.add(number(values, i));
          break;
        case REAL:
          elements.add((float) ((DoubleVector) values).get(i));
          break;
        case DOUBLE:
          elements.add(((DoubleVector) values).get(i));
          break;
        case DECIMAL:
          elements.add(decimal(values, type, i));
          break;
        case VARCHAR:
          elements.add(((TextVector) values).get(i));
          break;
        default:
          throw new DataNodeException(
              SqlState.NOT_SUPPORTED,
              "Arrays of "
                  + type
                  + " cannot be moved from one storage to another; leave the"
                  + " column out of the query, or unnest it");
      }
    }
    return elements;
  }

  private static boolean isInterval(ColumnType type) {
    return type.kind() == ColumnType.Kind.YEAR_MONTH || type.kind() == ColumnType.Kind.DAY_TIME;
  }

  private static String sqlType(ColumnType type) {
    switch (type.kind()) {
      case OTHER:
        return "VARCHAR";
      case VARBINARY:
        return "BLOB";
      case DECIMAL:
        return "DECIMAL(" + type.precision() + ", " + type.scale() + ")";
      case TIME:
        return "TIME";
      case TIMESTAMP:
        return type.nanoseconds() ? "TIMESTAMP_NS" : "TIMESTAMP";
      case INSTANT:
        return type.nanoseconds() ? "TIMESTAMP_NS" : "TIMESTAMPTZ";
      case ARRAY:
        return sqlType(type.element()) + "[]";
      default:
        return type.kind().name();
    }
  }

  private static DataNodeException failure(SQLException e) {
    String message = String.valueOf(e.getMessage());
    boolean memory = message.contains("Out of Memory");
    return new DataNodeException(
        memory ? SqlState.INSUFFICIENT_RESOURCES : SqlState.DATA_EXCEPTION,
        "Intermediate rows could not be kept in the embedded DuckDB: " + message,
        e);
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
