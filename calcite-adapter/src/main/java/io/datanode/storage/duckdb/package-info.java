/**
 * Storage in DuckDB: tables of a {@code .duckdb} file, and Parquet and CSV files read where they
 * are. Everything runs in the one {@link io.datanode.storage.duckdb.EmbeddedDuckDb} of an engine.
 *
 * <p>Used through {@link io.datanode.storage.Storage} only. Start at {@link
 * io.datanode.storage.duckdb.DuckDbStorage}.
 */
@NullMarked
package io.datanode.storage.duckdb;

import org.jspecify.annotations.NullMarked;
