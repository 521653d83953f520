package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import io.datanode.storage.NewRows;
import io.datanode.storage.TableWriter;
import io.datanode.storage.WriteMode;
import io.datanode.storage.WrittenTable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes single Parquet files, if the storage is a folder, or tables of its {@code .duckdb} file.
 *
 * @param where the storage, for error messages
 * @param path the folder or file, or null if the storage names none
 */
record DuckDbWriter(String where, @Nullable Path path, EmbeddedDuckDb engine)
    implements TableWriter {
  private static final Pattern FILE_NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} _.-]*");
  private static final String PARQUET = ".parquet";

  @Override
  public TableSource place(NodeName name, @Nullable TableSource wanted) {
    if (path == null) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          where + " has no path, so there is no place for a new node; give it one in the catalog");
    }
    if (!holdsFiles(path)) {
      if (wanted instanceof TableSource.Files files) {
        throw new DataNodeException(
            SqlState.INVALID_PARAMETER,
            where + " is a database, which holds no file '" + files + "'; name a table");
      }
      return wanted == null ? new TableSource.Table(List.of(name.identifier())) : wanted;
    }
    if (wanted instanceof TableSource.Table table) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          where + " is a folder, which holds no table '" + table + "'; name a file");
    }
    String file = wanted == null ? file(name) : below(((TableSource.Files) wanted).globs().get(0));
    return new TableSource.Files(
        FileFormat.PARQUET, List.of(path.resolve(file).toString()), false, List.of());
  }

  /** A path that is nothing yet becomes a database file if it is called like one. */
  private static boolean holdsFiles(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return Files.isDirectory(path)
        || (!Files.exists(path) && !name.endsWith(".duckdb") && !name.endsWith(".ddb"));
  }

  private static String file(NodeName name) {
    for (String part : List.of(name.namespace(), name.identifier())) {
      if (!FILE_NAME.matcher(part).matches()) {
        throw new DataNodeException(
            SqlState.INVALID_PARAMETER,
            "'" + part + "' makes no file name; name the file that is to hold the rows");
      }
    }
    return name.namespace().equals(NodeName.DEFAULT_NAMESPACE)
        ? name.identifier() + PARQUET
        : name.namespace() + "/" + name.identifier() + PARQUET;
  }

  private String below(String file) {
    try {
      Path below = Path.of(file).normalize();
      boolean inside = !below.isAbsolute() && !below.startsWith("..");
      if (inside
          && !file.matches(".*[*?\\[\\]=].*")
          && file.toLowerCase(Locale.ROOT).endsWith(PARQUET)) {
        return below.toString();
      }
      throw noFile(file, null);
    } catch (InvalidPathException e) {
      throw noFile(file, e);
    }
  }

  private DataNodeException noFile(String file, @Nullable Exception cause) {
    return new DataNodeException(
        SqlState.INVALID_PARAMETER,
        "'"
            + file
            + "' is no file for a node; expected a path below the folder of "
            + where
            + " that ends in .parquet and has none of * ? [ ] =",
        cause);
  }

  @Override
  public WrittenTable write(TableSource target, NewRows rows, WriteMode mode) {
    if (target instanceof TableSource.Files files) {
      return ParquetFile.write(engine.pool(), where, single(files), rows, mode);
    }
    if (path == null) {
      throw new DataNodeException(SqlState.NOT_SUPPORTED, where + " has no tables");
    }
    return DatabaseTable.write(
        engine, where, path, ((TableSource.Table) target).path(), rows, mode);
  }

  private static Path single(TableSource.Files files) {
    if (files.format() != FileFormat.PARQUET
        || files.hivePartitioned()
        || files.globs().size() != 1
        || files.globs().get(0).matches(".*[*?\\[].*")) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          "The node is made of "
              + files
              + "; only a node in one Parquet file can be written, because several files do not"
              + " change all at once");
    }
    return Path.of(files.globs().get(0));
  }
}
