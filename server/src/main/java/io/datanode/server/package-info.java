/**
 * The server: {@link io.datanode.server.DataNodeServer} serves sessions of an engine over HTTP.
 *
 * <p>{@code session} keeps sessions and statements, with leases; {@code http} routes requests and
 * answers our own driver; {@code avatica} answers stock Avatica clients; {@code cli} is the command
 * line and {@code demo} the data set it can generate.
 */
@NullMarked
package io.datanode.server;

import org.jspecify.annotations.NullMarked;
