package io.datanode.node;

import io.datanode.jdbc.batch.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a node as its publisher declares it. What is null is taken from the storage.
 *
 * @param name the published name
 * @param storedName its name in the storage; the same as {@code name} unless renamed
 * @param type its SQL type, or null for the storage's own
 * @param dtype the publisher's type token, for example {@code float64}, or null
 * @param label a short title for people, or null
 * @param description what it means, or null
 * @param unit the unit of its values, for example {@code USD}, or null
 * @param epoch if the stored value is a number that counts such units since 1970, the unit; the
 *     column is then an instant
 * @param nullable false only if it can never be NULL
 */
public record Column(
    String name,
    String storedName,
    @Nullable ColumnType type,
    @Nullable String dtype,
    @Nullable String label,
    @Nullable String description,
    @Nullable String unit,
    @Nullable EpochUnit epoch,
    boolean nullable) {

  /** A column of which only the name and the type are known. */
  public static Column of(String name, @Nullable ColumnType type) {
    return new Column(name, name, type, null, null, null, null, null, true);
  }
}
