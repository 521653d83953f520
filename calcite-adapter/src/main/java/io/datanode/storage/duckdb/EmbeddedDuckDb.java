package io.datanode.storage.duckdb;

import com.sun.management.OperatingSystemMXBean;
import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.IntermediateTable;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.sql.StorageDialect;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * One DuckDB database in memory, with the files and tables of all {@code duckdb} storages of an
 * engine in reach. Thread-safe.
 *
 * <p>It installs and loads no extensions, its session zone is UTC, and it keeps the order of rows.
 */
public final class EmbeddedDuckDb implements EmbeddedEngine {
  private final DuckDBConnection root;
  private final Path spillDirectory;
  private final ConnectionPool pool;
  private final Attachments attachments;
  private final FileViews views;
  private final AtomicLong tables = new AtomicLong();

  private EmbeddedDuckDb(DuckDBConnection root, Path spillDirectory) {
    this.root = root;
    this.spillDirectory = spillDirectory;
    this.pool = new ConnectionPool(root);
    this.attachments = new Attachments();
    this.views = new FileViews(pool);
  }

  /**
   * Starts an empty database.
   *
   * @param settings {@code memoryLimit}, {@code threads}, {@code spillDirectory} and {@code
   *     spillLimit} of {@link Setting}; others are ignored
   * @throws DataNodeException 22023 if DuckDB refuses a value
   */
  public static EmbeddedDuckDb open(Map<String, String> settings) {
    Properties properties = new Properties();
    // Without a network these would stall every misspelt function for seconds.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("preserve_insertion_order", "true");
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    Path spill = spillDirectory(settings);
    properties.setProperty("temp_directory", spill.toString());
    String memory = setting(settings, Setting.MEMORY_LIMIT);
    properties.setProperty("memory_limit", memory.isEmpty() ? besideTheHeap() + "B" : memory);
    String spillLimit = setting(settings, Setting.SPILL_LIMIT);
    String threads = setting(settings, Setting.THREADS);
    if (!threads.isEmpty() && !threads.equals("0")) {
      properties.setProperty("threads", threads);
    }
    try {
      DuckDBConnection connection =
          DuckDBConnection.newConnection("jdbc:duckdb:", false, properties)
              .unwrap(DuckDBConnection.class);
      try (Statement statement = connection.createStatement()) {
        // Not accepted among the properties; DuckDB would take the zone of the process.
        statement.execute("SET GLOBAL TimeZone = 'UTC'");
        statement.execute("SET TimeZone = 'UTC'");
        if (!spillLimit.isEmpty()) {
          // Among the properties it would be shown, but not kept to.
          statement.execute("SET GLOBAL max_temp_directory_size = " + Names.literal(spillLimit));
        }
        statement.execute("ATTACH ':memory:' AS " + ShippedTable.DATABASE);
        // DuckDB 2.0 casts a CSV column to text by giving the text in the file: '0007' for 7.
        statement.execute("SET GLOBAL disabled_optimizers = 'type_pushdown'");
      }
      return new EmbeddedDuckDb(connection, spill);
    } catch (Exception e) {
      throw refused(memory, threads, spillLimit, e);
    }
  }

  @Override
  public Connection connect() throws SQLException {
    return root.duplicate();
  }

  @Override
  public StorageDialect dialect() {
    return DuckDbDialect.INSTANCE;
  }

  @Override
  public String typeName(ColumnType type) {
    return NativeTypes.nativeType(type);
  }

  @Override
  public RunningQuery execute(StorageQuery query) {
    return execute("The embedded DuckDB", query);
  }

  @Override
  public RunningQuery executeOnce(StorageQuery query) {
    return DuckDbQuery.startOnce(pool, "The embedded DuckDB", query);
  }

  @Override
  public IntermediateTable createTable(
      String name, List<String> columnNames, List<ColumnType> types) {
    String unique = name + "_" + tables.incrementAndGet();
    return ShippedTable.create(pool, unique, columnNames, types);
  }

  /** How many statements are running or half read. */
  public int openQueries() {
    return pool.inUse();
  }

  RunningQuery execute(String where, StorageQuery query) {
    return DuckDbQuery.start(pool, where, query);
  }

  ConnectionPool pool() {
    return pool;
  }

  Attachments attachments() {
    return attachments;
  }

  FileViews views() {
    return views;
  }

  /** Cancels what still runs and gives up all memory. */
  @Override
  public void close() {
    pool.close();
    try {
      root.close();
    } catch (SQLException e) {
      throw DuckDbErrors.translate("Closing the embedded DuckDB", e);
    }
    removeSpillDirectory();
  }

  /** DuckDB makes the directory when it first spills, and leaves it behind. */
  private void removeSpillDirectory() {
    if (!Files.exists(spillDirectory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(spillDirectory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "Spill directory " + spillDirectory + " cannot be removed", e);
    }
  }

  /**
   * Four fifths of the memory of the machine or container that the JVM does not take for its heap;
   * DuckDB itself would take four fifths of all, so that one statement could have the system end
   * the process. A quarter of all if the heap leaves less.
   */
  private static long besideTheHeap() {
    long all =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.max((all - Runtime.getRuntime().maxMemory()) / 5 * 4, all / 4);
  }

  private static Path spillDirectory(Map<String, String> settings) {
    String parent = setting(settings, Setting.SPILL_DIRECTORY);
    return Path.of(parent.isEmpty() ? System.getProperty("java.io.tmpdir") : parent)
        .toAbsolutePath()
        .resolve("datanode-spill-" + UUID.randomUUID());
  }

  private static String setting(Map<String, String> settings, Setting setting) {
    return settings.getOrDefault(setting.key(), setting.defaultValue()).trim();
  }

  private static DataNodeException refused(
      String memory, String threads, String spillLimit, Exception cause) {
    List<String> given =
        List.of(
            Setting.MEMORY_LIMIT.key() + "='" + memory + "'",
            Setting.THREADS.key() + "='" + threads + "'",
            Setting.SPILL_LIMIT.key() + "='" + spillLimit + "'");
    return new DataNodeException(
        SqlState.INVALID_PARAMETER,
        "The embedded DuckDB does not start with "
            + String.join(" and ", given)
            + "; expected for example memoryLimit=4GB, threads=2 and spillLimit=50GB: "
            + DuckDbErrors.translate("DuckDB", cause).getMessage(),
        cause);
  }
}
