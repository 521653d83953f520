package io.datanode.storage.postgresql;

import io.datanode.jdbc.batch.ColumnVector;

/** Decodes values of one type, in one of the formats of the protocol, into a vector. */
@FunctionalInterface
interface ValueReader {
  /**
   * Decodes one value that is not NULL.
   *
   * @param bytes what holds it, from {@code offset} on, {@code length} bytes
   * @throws UnreadableValue if it does not fit
   */
  void read(byte[] bytes, int offset, int length, ColumnVector target, int row);
}
