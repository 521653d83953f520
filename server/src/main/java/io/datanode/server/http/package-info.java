/**
 * HTTP: {@link io.datanode.server.http.Router} reads a request and hands it to the {@link
 * io.datanode.server.http.Endpoint} of its path, on threads of the endpoint's own, so that slow
 * statements never hold up other requests. An endpoint is added in {@code DataNodeServer}.
 */
@NullMarked
package io.datanode.server.http;

import org.jspecify.annotations.NullMarked;
