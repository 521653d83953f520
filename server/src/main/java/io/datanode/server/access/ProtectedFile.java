package io.datanode.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A text file that its owner alone may read, replaced as a whole so that nobody reads half of it.
 */
final class ProtectedFile {
  private final Path path;

  ProtectedFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  /** The lines of the file; none if there is no file. */
  List<String> lines() throws IOException {
    return Files.exists(path)
        ? new ArrayList<>(Files.readAllLines(path, StandardCharsets.UTF_8))
        : new ArrayList<>();
  }

  void write(List<String> lines) throws IOException {
    // Where a link leads, so that the link stays one.
    Path target = Files.exists(path) ? path.toRealPath() : path;
    boolean posix = target.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] owner =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(
                  Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
            }
            : new FileAttribute<?>[0];
    Path fresh = Files.createTempFile(target.getParent(), ".", ".new", owner);
    try {
      Files.write(fresh, lines, StandardCharsets.UTF_8);
      if (posix && Files.exists(target)) {
        // A service may read it as member of a group.
        Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
      }
      Files.move(
          fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
