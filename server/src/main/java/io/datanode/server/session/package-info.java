/**
 * Sessions and statements of all clients, by protocol-independent rules: who may use them, how many
 * there may be, and when one that nobody uses any more is closed. Uses the sessions of the engine
 * only through {@code io.datanode.jdbc.session}.
 */
@NullMarked
package io.datanode.server.session;

import org.jspecify.annotations.NullMarked;
