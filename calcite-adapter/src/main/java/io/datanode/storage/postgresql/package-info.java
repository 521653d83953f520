/**
 * Storage in PostgreSQL 13 or later, and in what speaks like it: TimescaleDB, Citus. Tables are
 * described from its catalog, statements are run in it, and rows are streamed in its binary format
 * straight into column batches.
 *
 * <p>Used through {@link io.datanode.storage.Storage} only. Start at {@link
 * io.datanode.storage.postgresql.PostgreSqlStorage}.
 */
@NullMarked
package io.datanode.storage.postgresql;

import org.jspecify.annotations.NullMarked;
