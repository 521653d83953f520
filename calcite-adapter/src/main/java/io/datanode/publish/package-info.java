/**
 * Publishing: rows of files or of a query become a node, or change the rows of one.
 *
 * <p>Used by the command line. The rows are first copied into the embedded DuckDB and checked
 * there; a {@link io.datanode.storage.TableWriter} writes them, and a {@link
 * io.datanode.catalog.DeclaringCatalog} makes a new node known.
 */
@NullMarked
package io.datanode.publish;

import org.jspecify.annotations.NullMarked;
