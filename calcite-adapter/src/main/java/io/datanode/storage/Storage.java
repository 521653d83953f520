package io.datanode.storage;

import io.datanode.node.TableSource;
import io.datanode.storage.sql.StorageDialect;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What holds rows and runs SQL on them. Thread-safe. */
public interface Storage extends AutoCloseable {
  /** Its name in the catalog. */
  String name();

  /** Its kind, for example {@code duckdb}. */
  String type();

  /** Where it is, for people: a path or a URL, never with a password. */
  String location();

  /** How SQL is written for it. */
  StorageDialect dialect();

  /**
   * True if one statement can read tables of both, as with two folders opened by one embedded
   * engine.
   */
  boolean sharesStatementsWith(Storage other);

  /**
   * True if statements of the engine's embedded DuckDB can read its tables, so that none of its
   * rows has to be moved there.
   */
  default boolean embedded() {
    return false;
  }

  /**
   * Describes a table, asking the engine behind the storage; the caller caches. Columns have the
   * types of the source's conversions, and hidden ones are left out.
   *
   * @throws io.datanode.DataNodeException 42P01 if there is no such table, 58030 if its files
   *     cannot be read, 57P03 if the storage is not available
   */
  TableDescription describe(TableSource source);

  /**
   * Describes many tables, which a storage that is asked over a network asks about together. It
   * knows them as they are now, so it is used at once and then forgotten.
   *
   * @param sources the tables to describe, with or without conversions; of others it knows nothing
   * @throws io.datanode.DataNodeException if the storage answers nothing at all; what is wrong with
   *     one table shows when that is described
   */
  default TableDescriber describer(Collection<TableSource> sources) {
    return this::describe;
  }

  /** Names of all tables and views in it, for discovery. */
  List<TableSource.Table> tables();

  /**
   * Starts a statement. Returns before the first row is computed: what may take long happens in
   * {@link RunningQuery#next}, where {@link RunningQuery#cancel} of another thread reaches it.
   *
   * @throws io.datanode.DataNodeException if the storage refuses it
   */
  RunningQuery execute(StorageQuery query);

  /**
   * Asks whether the storage answers.
   *
   * @throws io.datanode.DataNodeException 57P03 or 58030 saying why it does not
   */
  void check();

  /** What writes its tables; empty for a storage that is only read. */
  default Optional<TableWriter> writer() {
    return Optional.empty();
  }

  /** Connections to it, if it has a pool of its own. */
  default Optional<ConnectionCounts> connections() {
    return Optional.empty();
  }

  @Override
  void close();
}
