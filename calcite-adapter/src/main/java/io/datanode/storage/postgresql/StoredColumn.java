package io.datanode.storage.postgresql;

import io.datanode.storage.StorageColumn;

/**
 * A column of a table.
 *
 * @param collated true if its collation is not the database's and does not compare by code point
 * @param deterministic false if its collation takes different texts for equal
 */
record StoredColumn(
    StorageColumn column, NativeType type, boolean collated, boolean deterministic) {}
