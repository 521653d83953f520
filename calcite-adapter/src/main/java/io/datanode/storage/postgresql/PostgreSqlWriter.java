package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.storage.NewRows;
import io.datanode.storage.TableWriter;
import io.datanode.storage.WriteMode;
import io.datanode.storage.WrittenTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes tables of a database, each in one transaction. */
record PostgreSqlWriter(ConnectionSettings settings) implements TableWriter {
  /** PostgreSQL cuts longer names without an error. */
  private static final int LONGEST_NAME = 63;

  @Override
  public TableSource place(NodeName name, @Nullable TableSource wanted) {
    if (wanted instanceof TableSource.Files files) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          PostgreSqlErrors.where(settings)
              + " is a database, which holds no file '"
              + files
              + "'; name a table");
    }
    return wanted == null ? new TableSource.Table(List.of(name.identifier())) : wanted;
  }

  @Override
  public ColumnType stored(ColumnType type) {
    return switch (type.kind()) {
      case TINYINT -> ColumnType.SMALLINT;
      case TIMESTAMP -> ColumnType.TIMESTAMP;
      case INSTANT -> ColumnType.INSTANT;
      default -> type;
    };
  }

  @Override
  public WrittenTable write(TableSource target, NewRows rows, WriteMode mode) {
    if (!(target instanceof TableSource.Table table)) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          PostgreSqlErrors.where(settings) + " holds tables, not '" + target + "'");
    }
    Stream.concat(table.path().stream(), rows.names().stream()).forEach(PostgreSqlWriter::check);
    return TransactionTable.write(settings, Names.quoted(table.path()), rows, mode);
  }

  private static void check(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME || name.indexOf('\0') >= 0) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "'"
              + name
              + "' is no name for PostgreSQL, which takes up to "
              + LONGEST_NAME
              + " bytes and no U+0000");
    }
  }
}
