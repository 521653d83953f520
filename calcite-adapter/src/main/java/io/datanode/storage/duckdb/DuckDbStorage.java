package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescription;
import io.datanode.storage.duckdb.FileViews.NativeColumn;
import io.datanode.storage.duckdb.FileViews.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.dialect.DuckDBSqlDialect;
import org.jspecify.annotations.Nullable;

/**
 * Tables of a {@code .duckdb} file, attached for reading, or Parquet and CSV files. All storages of
 * one engine share its {@link EmbeddedDuckDb}, so one statement can read them all. Thread-safe.
 */
public final class DuckDbStorage implements Storage {
  private final String name;
  private final @Nullable Path path;
  private final EmbeddedDuckDb engine;
  private @Nullable String database;

  /**
   * A storage, not yet opened.
   *
   * @param path a folder, a {@code .duckdb} file, or null
   */
  DuckDbStorage(String name, @Nullable Path path, EmbeddedDuckDb engine) {
    this.name = name;
    this.path = path;
    this.engine = engine;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return "duckdb";
  }

  @Override
  public String location() {
    return path == null ? "files" : path.toString();
  }

  @Override
  public SqlDialect dialect() {
    return DuckDBSqlDialect.DEFAULT;
  }

  @Override
  public boolean sharesStatementsWith(Storage other) {
    return other instanceof DuckDbStorage that && that.engine == engine;
  }

  @Override
  public TableDescription describe(TableSource source) {
    if (source instanceof TableSource.Files files) {
      View view = engine.views().define(where(), files, FileViews.reader(files), files.hidden());
      return new TableDescription(
          view.path(),
          columns(view.columns(), Map.of()),
          List.of(),
          List.of(),
          rowEstimate(files),
          null);
    }
    TableSource.Table table = (TableSource.Table) source;
    TableReader reader = new TableReader(engine.pool(), where(), openDatabase(table));
    TableDescription stored = reader.describe(table);
    if (table.conversions().isEmpty()) {
      return stored;
    }
    TableSource unique = new TableSource.Table(stored.path(), table.conversions());
    View view = engine.views().define(where(), unique, Names.quoted(stored.path()), List.of());
    return new TableDescription(
        view.path(),
        reader.columns(table, view.columns()),
        stored.primaryKey(),
        stored.foreignKeys(),
        stored.rowEstimate(),
        stored.comment());
  }

  static List<StorageColumn> columns(List<NativeColumn> columns, Map<String, String> comments) {
    List<StorageColumn> described = new ArrayList<>();
    for (NativeColumn column : columns) {
      described.add(
          new StorageColumn(
              column.name(),
              NativeTypes.columnType(column.type()),
              column.type(),
              column.nullable(),
              comments.get(column.name())));
    }
    return described;
  }

  private long rowEstimate(TableSource.Files files) {
    return files.format() == FileFormat.PARQUET
        ? ParquetFooters.rowEstimate(engine.pool(), where(), files.globs())
        : -1;
  }

  @Override
  public List<TableSource.Table> tables() {
    return holdsTables()
        ? new TableReader(engine.pool(), where(), openDatabase(null)).tables()
        : List.of();
  }

  @Override
  public RunningQuery execute(StorageQuery query) {
    return engine.execute(where(), query);
  }

  @Override
  public void check() {
    if (path == null) {
      return;
    }
    if (!Files.exists(path)) {
      throw new DataNodeException(SqlState.FILE_ERROR, where() + ": " + path + " does not exist");
    }
    if (!Files.isReadable(path)) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, where() + ": " + path + " may not be read by this user");
    }
    if (holdsTables()) {
      openDatabase(null);
    }
  }

  @Override
  public synchronized void close() {
    if (database != null && path != null) {
      database = null;
      engine.attachments().release(where(), path);
    }
  }

  private boolean holdsTables() {
    return path != null && !Files.isDirectory(path);
  }

  /** Attaches the file if need be, and gives the name of its database. */
  private synchronized String openDatabase(TableSource.@Nullable Table wanted) {
    if (database != null) {
      return database;
    }
    if (path == null || Files.isDirectory(path)) {
      throw new DataNodeException(
          SqlState.UNDEFINED_NODE,
          where()
              + ": there is no table '"
              + wanted
              + "', because "
              + (path == null ? "it has no path" : path + " is a folder")
              + "; expected files, or a path to a .duckdb file");
    }
    if (!Files.exists(path)) {
      throw new DataNodeException(SqlState.FILE_ERROR, where() + ": " + path + " does not exist");
    }
    database = engine.attachments().attach(where(), path);
    return database;
  }

  private String where() {
    return "Storage '" + name + "'";
  }
}
