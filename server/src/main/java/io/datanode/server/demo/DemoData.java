package io.datanode.server.demo;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A generated data set: assets, prices, fundamentals, exchange rates and holdings, as Parquet files
 * with a {@code catalog.yaml}. The same numbers of assets and years give the same rows.
 *
 * <p>It is made in a folder beside the final one, which is moved into place when it is complete, so
 * that nothing half done is ever left.
 *
 * @param assets how many there are
 * @param years of daily prices, up to the end of 2025
 */
public record DemoData(int assets, int years) {
  private static final String CATALOG = "catalog.yaml";
  private static final String MARKER = "# demo of ";

  /** What happens while files are written. */
  public interface Progress {
    /**
     * A file is complete.
     *
     * @param done files written so far
     * @param of all there will be
     */
    void wrote(String node, long rows, int done, int of);
  }

  /** Rejects numbers that make no sense. */
  public DemoData {
    if (assets < 1 || assets > 5_000 || years < 1 || years > 30) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "The demo can have 1 to 5000 assets and 1 to 30 years, not "
              + assets
              + " assets and "
              + years
              + " years");
    }
  }

  /**
   * Makes the data set in a folder, unless it is there already.
   *
   * @return true if it was made, false if it was there
   * @throws DataNodeException 53100 if the disk is full, 58030 if the folder cannot be written or
   *     holds something else
   */
  public boolean writeTo(Path folder, Progress progress) {
    Path target = folder.toAbsolutePath().normalize();
    if (isThere(target)) {
      return false;
    }
    Path unfinished = target.resolveSibling("." + target.getFileName() + ".unfinished");
    try {
      Files.createDirectories(target.getParent());
      delete(unfinished);
      Files.createDirectory(unfinished);
      generate(unfinished, progress);
      Files.writeString(unfinished.resolve(CATALOG), marker() + "\n" + resource(CATALOG));
      Files.deleteIfExists(target);
      move(unfinished, target);
      return true;
    } catch (IOException e) {
      throw cannotWrite(target, e);
    } catch (SQLException e) {
      throw cannotWrite(target, e);
    } finally {
      deleteQuietly(unfinished);
    }
  }

  private boolean isThere(Path target) {
    if (!Files.exists(target)) {
      return false;
    }
    try {
      Path catalog = target.resolve(CATALOG);
      String first =
          Files.isRegularFile(catalog)
              ? Files.readString(catalog).lines().findFirst().orElse("")
              : "";
      if (first.equals(marker())) {
        return true;
      }
      if (first.startsWith(MARKER)) {
        throw new DataNodeException(
            SqlState.FILE_ERROR,
            "Folder '"
                + target
                + "' holds a demo of "
                + first.substring(MARKER.length())
                + "; delete it or give another folder with --directory");
      }
      try (Stream<Path> files = Files.list(target)) {
        if (files.findAny().isEmpty()) {
          return false;
        }
      }
    } catch (IOException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "Folder '" + target + "' cannot be read: " + reason(e), e);
    }
    throw new DataNodeException(
        SqlState.FILE_ERROR,
        "Folder '" + target + "' holds other files; give another one with --directory");
  }

  private String marker() {
    return MARKER + assets + " assets, " + years + " years";
  }

  private void generate(Path folder, Progress progress) throws SQLException {
    List<String> statements =
        Stream.of(resource("demo.sql").split(";\\s*\\n"))
            .map(String::strip)
            .filter(statement -> !statement.isEmpty())
            .toList();
    List<String> nodes =
        statements.stream()
            .filter(statement -> statement.contains("'$folder/"))
            .map(statement -> statement.replaceAll("(?s).*'\\$folder/(\\w+)\\.parquet'.*", "$1"))
            .toList();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement duckDb = connection.createStatement()) {
      int done = 0;
      for (String statement : statements) {
        String sql =
            statement
                .replace("$folder", folder.toString().replace("'", "''"))
                .replace("$assets", Integer.toString(assets))
                .replace("$years", Integer.toString(years));
        if (!statement.contains("'$folder/")) {
          duckDb.execute(sql);
          continue;
        }
        long rows = duckDb.executeLargeUpdate(sql);
        String node = nodes.get(done);
        done++;
        progress.wrote(node, rows, done, nodes.size());
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to);
    }
  }

  private static DataNodeException cannotWrite(Path target, Exception e) {
    if (diskIsFull(target, e)) {
      return new DataNodeException(
          SqlState.DISK_FULL,
          "The disk is full: the demo does not fit into '"
              + target.getParent()
              + "'; give a folder on another disk with --directory, or fewer --assets or --years",
          e);
    }
    return new DataNodeException(
        SqlState.FILE_ERROR,
        "The demo cannot be written to '"
            + target
            + "': "
            + reason(e)
            + "; give another folder with --directory",
        e);
  }

  private static boolean diskIsFull(Path target, Exception e) {
    if (String.valueOf(e.getMessage()).contains("No space left")) {
      return true;
    }
    try {
      FileStore store = Files.getFileStore(target.getParent());
      return store.getUsableSpace() < 1 << 20;
    } catch (IOException unknown) {
      return false;
    }
  }

  private static String reason(Exception e) {
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof java.nio.file.FileAlreadyExistsException exists) {
      return "'" + exists.getFile() + "' is not a folder";
    }
    if (e instanceof java.nio.file.FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void deleteQuietly(Path folder) {
    try {
      delete(folder);
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(DemoData.class)
          .warn("'{}' could not be removed: {}", folder, reason(e));
    }
  }

  static String resource(String name) {
    try (InputStream in = DemoData.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
