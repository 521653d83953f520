/**
 * The engine of DataNode SQL.
 *
 * <p>A data node is a published, time-indexed table ({@code node}); a catalog finds nodes ({@code
 * catalog}); a storage holds their rows ({@code storage}). Nodes become Calcite tables ({@code
 * schema}); SQL becomes one statement per storage ({@code plan}); sessions run it and hand out
 * column batches ({@code engine}). {@link io.datanode.DataNodes} gives rows to Java programs
 * without SQL, by the fixed reads of {@code read} and the requests of {@code search}. {@code
 * calcite} is a road beside this one, for plain Calcite connections. See {@code
 * docs/architecture.md}.
 */
@NullMarked
package io.datanode;

import org.jspecify.annotations.NullMarked;
