package io.datanode.storage.duckdb;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The {@code .duckdb} files attached to the embedded database, each once. Thread-safe. */
final class Attachments {
  private final Map<Path, Integer> users = new HashMap<>();

  /**
   * Attaches a file for reading, unless it already is.
   *
   * @return the name of its database here
   * @throws io.datanode.DataNodeException 57P03 if another process has locked it, 58030 if it
   *     cannot be read
   */
  synchronized String attach(Introspection introspection, Path file) {
    String alias = alias(file);
    if (!users.containsKey(file)) {
      attach(introspection, file, "READ_ONLY");
    }
    users.merge(file, 1, Integer::sum);
    return alias;
  }

  private static void attach(Introspection introspection, Path file, String access) {
    introspection.run(
        "ATTACH IF NOT EXISTS "
            + Names.literal(file.toString())
            + " AS "
            + Names.quoted(alias(file))
            + " (TYPE duckdb, "
            + access
            + ")");
  }

  /**
   * Attaches a file for writing, in place of its attachment for reading; makes it if there is none.
   *
   * @return the name of its database here, which is the same
   * @throws io.datanode.DataNodeException 57P03 if another process has it open
   */
  synchronized String attachForWriting(Introspection introspection, Path file) {
    detach(introspection, file);
    try {
      attach(introspection, file, "READ_WRITE");
    } catch (RuntimeException e) {
      attachForReading(introspection, file);
      throw e;
    }
    return alias(file);
  }

  /** Ends the attachment for writing; who reads the file does so again. */
  synchronized void attachForReading(Introspection introspection, Path file) {
    detach(introspection, file);
    if (users.containsKey(file)) {
      attach(introspection, file, "READ_ONLY");
    }
  }

  private static void detach(Introspection introspection, Path file) {
    introspection.run("DETACH DATABASE IF EXISTS " + Names.quoted(alias(file)));
  }

  /** Lets a file go; it is detached when nobody uses it. */
  synchronized void release(Introspection introspection, Path file) {
    if (users.merge(file, -1, Integer::sum) <= 0) {
      users.remove(file);
      if (introspection.pool().closed()) {
        return;
      }
      detach(introspection, file);
    }
  }

  private static String alias(Path file) {
    String name = file.getFileName().toString();
    return Names.derived(name.replaceAll("\\.[^.]*$", ""), file.toString());
  }
}
