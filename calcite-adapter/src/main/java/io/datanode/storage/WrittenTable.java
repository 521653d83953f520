package io.datanode.storage;

/** Rows that are written and that nobody sees yet. Used by one thread. */
public interface WrittenTable extends AutoCloseable {
  /** How many rows that were there are there no more, or have other values. */
  long replaced();

  /**
   * Shows the rows to everybody, all at once. Who has begun to read still reads what was there.
   *
   * @throws io.datanode.DataNodeException if that fails; the table is then as it was
   */
  void publish();

  /** Forgets the rows, if they were not published: the table stays as it was, or there is none. */
  @Override
  void close();
}
