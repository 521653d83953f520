/**
 * Nodes in a plain Calcite connection: {@link io.datanode.calcite.DataNodeSchemaFactory} is named
 * in a model of {@code jdbc:calcite:}, and Calcite's own JDBC adapter sends filters, projections,
 * aggregates, sorts and joins to the storage.
 *
 * <p>For people who embed nodes in a bigger Calcite system. Our own engine does not use it. What
 * {@link io.datanode.calcite.Pushable} does not allow runs in Calcite.
 */
@NullMarked
package io.datanode.calcite;

import org.jspecify.annotations.NullMarked;
