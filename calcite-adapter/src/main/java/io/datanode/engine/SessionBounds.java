package io.datanode.engine;

/**
 * What the owner of an engine, such as a server, allows a session, whatever its client sets.
 *
 * @param maxShippedRows greatest value of the setting of this name; 0 for any
 * @param memory counts the rows shipped between storages for the session's statements
 */
public record SessionBounds(long maxShippedRows, MemoryAccount memory) {
  /** Everything. */
  public static final SessionBounds NONE = new SessionBounds(0, MemoryAccount.UNLIMITED);
}
