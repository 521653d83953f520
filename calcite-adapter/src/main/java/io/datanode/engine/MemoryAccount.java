package io.datanode.engine;

/** Counts the bytes held for a user's statements, and limits them. Thread-safe. */
public interface MemoryAccount {
  /** Counts nothing. */
  MemoryAccount UNLIMITED =
      new MemoryAccount() {
        @Override
        public void take(long bytes) {}

        @Override
        public void giveBack(long bytes) {}
      };

  /**
   * Counts bytes before they are held.
   *
   * @throws io.datanode.DataNodeException 53200 if that would be more than the user may have; then
   *     they are not counted
   */
  void take(long bytes);

  /** Counts bytes that are held no longer. */
  void giveBack(long bytes);
}
