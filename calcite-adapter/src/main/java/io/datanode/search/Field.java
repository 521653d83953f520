package io.datanode.search;

/**
 * A column of the joined nodes of a request.
 *
 * @param source the node: 0 for the base, from 1 on for the joins in their order, or {@link
 *     #MERGED}
 * @param column its published name
 */
record Field(int source, String column) {
  /** The key of whichever side of the joins has the row. */
  static final int MERGED = -1;

  static Field merged(String column) {
    return new Field(MERGED, column);
  }

  boolean isMerged() {
    return source == MERGED;
  }
}
