/**
 * Nodes of another catalog as a storage: another server's, by HTTP, or one opened in this process.
 *
 * <p>What is pushed down travels as SQL of this project, with bound values, in a session whose zone
 * is UTC; rows come back in columns. Both sides give SQL the same meaning, so the dialect mostly
 * writes what was read; what depends on a zone other than UTC is done on this side.
 */
@NullMarked
package io.datanode.storage.datanode;

import org.jspecify.annotations.NullMarked;
