/**
 * The standing proof that where work is done never changes a row: random queries give the same rows
 * from every storage, split across storages, and with nothing pushed down.
 *
 * <p>{@link io.datanode.differential.QueryGenerator} makes a query as a tree of {@link
 * io.datanode.differential.Sql}; a {@link io.datanode.differential.Target} runs it; {@link
 * io.datanode.differential.Answer} says whether two targets agree; {@link
 * io.datanode.differential.Minimiser} makes a query that tells targets apart small. The rows are
 * those of {@link io.datanode.testing.OddNodes}. To add a storage, give it these rows and add a
 * target to {@link io.datanode.differential.Targets}.
 */
package io.datanode.differential;
