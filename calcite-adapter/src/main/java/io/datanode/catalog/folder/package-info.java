/**
 * A folder, data file or DuckDB file as a catalog: what lies there is published under the name it
 * has there. Nothing is opened to list it, except a few files of a folder whose names do not tell
 * whether they are parts of one table.
 */
@NullMarked
package io.datanode.catalog.folder;

import org.jspecify.annotations.NullMarked;
