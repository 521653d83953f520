/**
 * Stock Avatica clients: {@link io.datanode.server.avatica.AvaticaService} answers the requests of
 * Avatica's protocol, in protobuf or JSON, over the sessions of {@code session}.
 *
 * <p>Avatica's frames carry timestamps as milliseconds. A client that needs microseconds opens its
 * connection with {@code timestampType=with_time_zone}, and gets instants as ISO 8601 text.
 */
@NullMarked
package io.datanode.server.avatica;

import org.jspecify.annotations.NullMarked;
