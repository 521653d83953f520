package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.TableSource;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescription;
import io.datanode.storage.TableWriter;
import io.datanode.storage.duckdb.FileViews.View;
import io.datanode.storage.sql.StorageDialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tables of a {@code .duckdb} file, attached for reading, or Parquet and CSV files. All storages of
 * one engine share its {@link EmbeddedDuckDb}, so one statement can read them all. Thread-safe.
 */
public final class DuckDbStorage implements Storage {
  private final String name;
  private final @Nullable Path path;
  private final EmbeddedDuckDb engine;
  private final Introspection introspection;
  private @Nullable AttachedTables attached;

  /**
   * A storage, not yet opened.
   *
   * @param path a folder, a {@code .duckdb} file, or null
   */
  DuckDbStorage(String name, @Nullable Path path, EmbeddedDuckDb engine) {
    this.name = name;
    this.path = path;
    this.engine = engine;
    this.introspection = new Introspection(engine.pool(), where());
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
  public StorageDialect dialect() {
    return DuckDbDialect.INSTANCE;
  }

  @Override
  public boolean embedded() {
    return true;
  }

  @Override
  public boolean sharesStatementsWith(Storage other) {
    return other instanceof DuckDbStorage that && that.engine == engine;
  }

  @Override
  public TableDescription describe(TableSource source) {
    if (source instanceof TableSource.Files files) {
      try {
        return describeFiles(files);
      } catch (DataNodeException e) {
        throw unreadable(files, e);
      }
    }
    TableSource.Table table = (TableSource.Table) source;
    AttachedTables tables = openDatabase(table);
    TableDescription stored = tables.describe(table);
    boolean asStored =
        stored.columns().stream().allMatch(c -> NativeTypes.shownAs(c.nativeType()) == null);
    if (asStored && table.conversions().isEmpty()) {
      return stored;
    }
    TableSource unique = new TableSource.Table(stored.path(), table.conversions());
    String rows = stored.query() == null ? Names.quoted(stored.path()) : "(" + stored.query() + ")";
    View view = engine.views().define(introspection, unique, rows, List.of());
    return new TableDescription(
        view.path(),
        null,
        shown(view.columns(), stored.columns()),
        stored.primaryKey(),
        stored.foreignKeys(),
        stored.rowEstimate(),
        stored.comment(),
        List.of(),
        null,
        // Values that were apart may be one when they are converted.
        table.conversions().isEmpty() ? stored.uniqueKeys() : List.of());
  }

  /** The columns of a view over a table; DuckDB takes every column of a view for nullable. */
  private static List<StorageColumn> shown(List<NativeColumn> view, List<StorageColumn> stored) {
    Map<String, StorageColumn> byName = new HashMap<>();
    stored.forEach(column -> byName.put(column.name(), column));
    List<StorageColumn> shown = new ArrayList<>();
    for (StorageColumn column : columns(view, Map.of())) {
      StorageColumn under = byName.get(column.name());
      shown.add(
          under == null
              ? column
              : new StorageColumn(
                  column.name(),
                  column.type(),
                  column.nativeType(),
                  under.nullable(),
                  under.comment()));
    }
    return shown;
  }

  private TableDescription describeFiles(TableSource.Files files) {
    FileScan scan = new FileScan(introspection, files);
    View view = engine.views().define(introspection, files, scan.reader(), files.hidden());
    List<StorageColumn> columns = columns(view.columns(), Map.of());
    return new TableDescription(
        view.path(), columns, List.of(), List.of(), scan.rowEstimate(), null);
  }

  /**
   * What DuckDB takes for a defect of the statement is one of the files: we wrote the statement.
   */
  private DataNodeException unreadable(TableSource.Files files, DataNodeException failure) {
    return failure.sqlState().equals(SqlState.INTERNAL_ERROR.code())
        ? new DataNodeException(
            SqlState.FILE_ERROR, failure.getMessage() + "; reading " + files, failure)
        : failure;
  }

  /** Columns with the comments on them, by name. */
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

  @Override
  public List<TableSource.Table> tables() {
    return holdsTables() ? openDatabase(null).tables() : List.of();
  }

  @Override
  public Optional<TableWriter> writer() {
    return Optional.of(new DuckDbWriter(where(), path, engine));
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
    if (attached != null && path != null) {
      attached = null;
      engine.attachments().release(introspection, path);
    }
  }

  private boolean holdsTables() {
    return path != null && !Files.isDirectory(path);
  }

  /** Attaches the file if need be, and gives its tables. */
  private synchronized AttachedTables openDatabase(TableSource.@Nullable Table wanted) {
    AttachedTables known = attached;
    if (known != null) {
      return known;
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
      throw missing();
    }
    AttachedTables opened =
        new AttachedTables(introspection, engine.attachments().attach(introspection, path));
    attached = opened;
    return opened;
  }

  private DataNodeException missing() {
    return new DataNodeException(SqlState.FILE_ERROR, where() + ": " + path + " does not exist");
  }

  private String where() {
    return "Storage '" + name + "'";
  }
}
