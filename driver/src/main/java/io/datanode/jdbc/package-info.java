/**
 * The JDBC driver of DataNode SQL: {@code jdbc:datanode:} URLs, settings, connections, metadata.
 *
 * <p>Start at {@code DataNodeDriver}. Every call of a connection goes to a {@link
 * io.datanode.jdbc.session.Session}: a remote one for {@code //host} URLs, or one that the engine
 * provides in process for paths. Results arrive as {@link io.datanode.jdbc.batch.ColumnBatch}es on
 * both roads.
 */
package io.datanode.jdbc;
