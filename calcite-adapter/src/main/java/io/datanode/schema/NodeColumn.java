package io.datanode.schema;

import io.datanode.jdbc.batch.ColumnType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a node with everything known of it.
 *
 * @param name the published name
 * @param storedName its name in the storage
 * @param type its SQL type
 * @param nativeType what the storage calls its type
 * @param dtype the type token of the catalog, declared or derived
 * @param nullable false only if it can never be NULL
 */
public record NodeColumn(
    String name,
    String storedName,
    ColumnType type,
    String nativeType,
    String dtype,
    boolean nullable,
    @Nullable String label,
    @Nullable String description,
    @Nullable String unit) {
  private static final Set<ColumnType.Kind> UNORDERED =
      Set.of(ColumnType.Kind.JSON, ColumnType.Kind.OTHER, ColumnType.Kind.ARRAY);

  /** True if its values have the same order in every storage. */
  public boolean ordered() {
    return !UNORDERED.contains(type.kind());
  }
}
