/**
 * A realistic generated data set, {@link io.datanode.server.demo.DemoData}, and queries that show
 * what can be asked of it.
 */
@NullMarked
package io.datanode.server.demo;

import org.jspecify.annotations.NullMarked;
