package io.datanode.storage.sql;

/** Marks a dialect may leave in a call for the writer to fill. */
public final class StorageDialectMarks {
  /** Where the window of a wrapped aggregate function goes. */
  public static final String WINDOW = "\uFDD6";

  private StorageDialectMarks() {}
}
