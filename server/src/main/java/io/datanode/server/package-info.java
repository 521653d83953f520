/**
 * The server: {@link io.datanode.server.DataNodeServer} serves sessions of an engine over HTTP.
 *
 * <p>{@code session} keeps sessions and statements, with leases; {@code http} routes requests;
 * {@code avatica} answers stock Avatica clients; {@code wire} answers our own driver; {@code cli}
 * is the command line and {@code demo} the data set it can generate.
 */
@NullMarked
package io.datanode.server;

import org.jspecify.annotations.NullMarked;
