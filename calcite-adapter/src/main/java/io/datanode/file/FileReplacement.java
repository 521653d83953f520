package io.datanode.file;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/**
 * A file that is about to be made, or replaced by another: the new content is written to a {@link
 * #draft} beside it, which {@link #commit} gives the file's name in one step. Until then, and for
 * ever if it is closed before, the file is as it was.
 *
 * <p>One at a time: who begins holds an empty file {@code .<name>.lock} beside the file until it
 * closes. The operating system lets it go when the process ends, however that happens; the empty
 * file stays, because a lock on a name that is removed protects nothing.
 */
public final class FileReplacement implements AutoCloseable {
  private final Path file;
  private final Path draft;
  private final FileChannel lock;

  private FileReplacement(Path file, Path draft, FileChannel lock) {
    this.file = file;
    this.draft = draft;
    this.lock = lock;
  }

  /**
   * Begins to replace a file. Its folder is made if there is none; a symbolic link is followed.
   *
   * @throws DataNodeException 57P03 if another replacement of the file has begun and is not closed;
   *     58030 if its folder cannot be written to
   */
  public static FileReplacement of(Path given) {
    try {
      Path file = Files.exists(given) ? given.toRealPath() : given.toAbsolutePath().normalize();
      Files.createDirectories(file.getParent());
      FileChannel lock = lock(file);
      try {
        return new FileReplacement(file, draft(file), lock);
      } catch (IOException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw unwritable(given, e);
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file.resolveSibling("." + file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw busy(file, e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw busy(file, null);
  }

  /** An empty file that may be read by the same users as the one it is to replace. */
  private static Path draft(Path file) throws IOException {
    Path draft = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    Files.createFile(draft);
    draft.toFile().deleteOnExit();
    PosixFileAttributeView before = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (before != null && Files.exists(file)) {
      Files.setPosixFilePermissions(draft, before.readAttributes().permissions());
    }
    return draft;
  }

  /** Where the new content is to be written: an empty file in the same folder. */
  public Path draft() {
    return draft;
  }

  /** The file itself, as it is before {@link #commit}; may not exist. */
  public Path file() {
    return file;
  }

  /**
   * Gives the draft the name of the file.
   *
   * @throws DataNodeException 58030 if that fails; the file is then as it was
   */
  public void commit() {
    try {
      try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Removes the draft, if it was not committed, and lets others replace the file. */
  @Override
  public void close() {
    try (lock) {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw unwritable(draft, e);
    }
  }

  private static DataNodeException busy(Path file, OverlappingFileLockException cause) {
    return new DataNodeException(
        SqlState.CANNOT_CONNECT_NOW,
        "Somebody else is writing '" + file + "'; run it again when that is done",
        cause);
  }

  private static DataNodeException unwritable(Path file, IOException cause) {
    return new DataNodeException(
        SqlState.FILE_ERROR, "'" + file + "' cannot be written: " + cause, cause);
  }
}
