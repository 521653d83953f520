package io.datanode.server.access;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says, read again when it has changed. If it is wrong then, what it said before stays
 * in force and the log says why. Thread-safe.
 */
public final class WatchedFile<T> {
  private static final Logger LOGGER = LoggerFactory.getLogger(WatchedFile.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path path;
  private final Reading<T> reading;
  private volatile T content;
  private volatile long version;
  private volatile long looked;
  private Stamp stamp;

  /** Reads a file. */
  @FunctionalInterface
  public interface Reading<T> {
    /**
     * What the file says.
     *
     * @throws SQLException F0000 if it is wrong; its message names the file and no secret
     */
    T read(Path path) throws IOException, SQLException;
  }

  /**
   * Reads a file for the first time.
   *
   * @throws SQLException 58030 if it cannot be read, F0000 if it is wrong
   */
  public WatchedFile(Path path, Reading<T> reading) throws SQLException {
    this.path = path;
    this.reading = reading;
    try {
      stamp = Stamp.of(path);
      content = reading.read(path);
    } catch (IOException e) {
      throw SqlState.FILE_ERROR.exception(
          "File '" + path + "' cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    looked = System.nanoTime();
  }

  /** What the file says. */
  public T content() {
    version();
    return content;
  }

  /** Grows when the file says something else; looks at the file once in a second at most. */
  public long version() {
    if (System.nanoTime() - looked > LOOK_NANOS) {
      lookAgain();
    }
    return version;
  }

  /** Reads the file now if it has changed. */
  synchronized void lookAgain() {
    looked = System.nanoTime();
    try {
      Stamp now = Stamp.of(path);
      if (now.equals(stamp)) {
        return;
      }
      stamp = now;
      content = reading.read(path);
      version++;
      LOGGER.info("Read '{}' again", path);
    } catch (IOException | SQLException | RuntimeException e) {
      LOGGER.error(
          "'{}' has changed and is not taken, what it said before stays in force: {}",
          path,
          e instanceof SQLException ? e.getMessage() : e.getClass().getSimpleName());
    }
  }

  /** What tells one state of a file from the next: editors and deployments replace whole files. */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {
    static Stamp of(Path path) throws IOException {
      // Follows links, as a mounted secret is a link that is turned to another folder.
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(now.lastModifiedTime(), now.size(), Objects.toString(now.fileKey()));
    }
  }
}
