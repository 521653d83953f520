/**
 * TLS: {@link io.datanode.server.tls.ServerTls} reads the certificate of a server and its key, and
 * reads them again when they are renewed, while connections go on.
 */
@NullMarked
package io.datanode.server.tls;

import org.jspecify.annotations.NullMarked;
