package io.datanode.storage;

/** What becomes of the rows that a table has when others are written to it. */
public enum WriteMode {
  /** There is no table yet. */
  CREATE,
  /** They stay, and no new row may have the key of one of them. */
  APPEND,
  /** A new row takes the place of the row with its key, in all columns, NULL included. */
  UPSERT,
  /** They go. */
  REPLACE
}
