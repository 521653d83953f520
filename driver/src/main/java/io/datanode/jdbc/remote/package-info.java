/**
 * A {@link io.datanode.jdbc.session.Session} at a server, over HTTP/1.1.
 *
 * <p>{@link io.datanode.jdbc.remote.RemoteSession} keeps a few sockets alive, one for each request
 * under way. What travels is laid down in {@code wire}. A lost session is opened anew and its
 * settings repeated; a half-read result is never repeated, it fails with SQLSTATE 08006.
 */
package io.datanode.jdbc.remote;
