/**
 * Where conditions may go within a query: {@link io.datanode.plan.filter.FilterPush} moves them
 * towards the nodes.
 *
 * <p>Used by {@code plan.time} and {@code plan.placement}; knows no storage.
 */
@NullMarked
package io.datanode.plan.filter;

import org.jspecify.annotations.NullMarked;
