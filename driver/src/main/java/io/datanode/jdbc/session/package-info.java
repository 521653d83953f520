/**
 * What a connection talks to: a {@link io.datanode.jdbc.session.Session} takes SQL and parameters
 * and gives back {@link io.datanode.jdbc.session.Result}s made of column batches.
 *
 * <p>There are two: the remote one of this jar, which speaks to a server over HTTP, and the one of
 * the engine, found in process through a {@link io.datanode.jdbc.session.SessionProvider}.
 * Connection, statement, result set and metadata are written against this package only, so they
 * behave alike on both roads.
 */
package io.datanode.jdbc.session;
