package io.datanode.catalog;

import java.util.Optional;

/** A source of published nodes. Thread-safe. */
public interface Catalog extends AutoCloseable {
  /** Where it is, for people: a path or a URL without secrets. */
  String location();

  /**
   * What is published now.
   *
   * @throws io.datanode.DataNodeException with SQLSTATE F0000 or 58030 if the source cannot be read
   *     or is wrong, and says key and line; from a database also 08001, 28000, 42501, or what the
   *     database itself raises
   */
  CatalogSnapshot snapshot();

  /**
   * What is published now, with the options of storages as they are written: {@code ${ENV:NAME}} is
   * kept as a reference to an environment variable, and {@code $${} stands for {@code ${}. Files
   * below the folder that a storage names begin with its {@code path} as written. For copying a
   * catalog elsewhere.
   *
   * @throws io.datanode.DataNodeException as {@link #snapshot()}; also F0000 if a secret is written
   *     out in the options of a storage
   */
  CatalogSnapshot declared();

  /**
   * True if the source is seen to differ from what {@link #snapshot()} last read. Asked before
   * every statement, so it takes microseconds; false where that cannot be told so quickly.
   */
  default boolean changed() {
    return false;
  }

  /** Reads the source again before the next {@link #snapshot()}, if something is remembered. */
  default void refresh() {}

  /** Why the source could not be read the last time, if an older snapshot is being served since. */
  default Optional<String> lastError() {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
