/**
 * The nodes of a server as a catalog, for programs that read them through an engine of their own.
 */
@NullMarked
package io.datanode.catalog.server;

import org.jspecify.annotations.NullMarked;
