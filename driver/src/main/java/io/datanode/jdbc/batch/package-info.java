/**
 * Rows as columns: what a storage hands out, what travels on the wire, what a result set reads.
 *
 * <p>Values are held in primitive arrays wherever a type allows it, with exact units: see {@link
 * io.datanode.jdbc.batch.ColumnType} for how each type is held.
 */
package io.datanode.jdbc.batch;
