/**
 * Sessions: they plan statements, run them, ship rows between storages, stop what is cancelled or
 * too slow, and keep the query log. Start at {@code Engine}.
 */
@NullMarked
package io.datanode.engine;

import org.jspecify.annotations.NullMarked;
