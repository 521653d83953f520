/** What a server counts, for Prometheus. */
@NullMarked
package io.datanode.server.metrics;

import org.jspecify.annotations.NullMarked;
