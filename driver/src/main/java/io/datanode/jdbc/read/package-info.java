/**
 * Reading values of a {@link io.datanode.jdbc.batch.ColumnBatch} as the Java types JDBC knows.
 *
 * <p>A {@link io.datanode.jdbc.read.Cell} stands for one column; it looks at the batch in hand and
 * converts the value of a row. One class for each way values are held or meant. The zone of the
 * session comes in by the constructor; the zone of the JVM matters only where JDBC demands it, for
 * {@code java.sql.Date}, {@code Time} and wall-clock {@code Timestamp}s.
 */
package io.datanode.jdbc.read;
