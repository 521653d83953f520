package io.datanode.storage;

import io.datanode.jdbc.batch.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * A column as the storage knows it.
 *
 * @param name its stored name
 * @param type what SQL here calls its type
 * @param nativeType what the storage calls it
 * @param nullable false only if the storage refuses NULL
 * @param comment the storage's comment on it, or null
 */
public record StorageColumn(
    String name, ColumnType type, String nativeType, boolean nullable, @Nullable String comment) {}
