package io.datanode.storage.duckdb;

/**
 * A column as DuckDB describes it.
 *
 * @param type as DESCRIBE prints it
 */
record NativeColumn(String name, String type, boolean nullable) {}
