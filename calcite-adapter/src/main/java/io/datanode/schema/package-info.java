/**
 * Nodes as Calcite sees them: {@link io.datanode.schema.Nodes} joins what the catalog publishes
 * with what the storages know; the rest makes Calcite tables, types and functions of it.
 */
@NullMarked
package io.datanode.schema;

import org.jspecify.annotations.NullMarked;
