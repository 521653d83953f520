/**
 * Which storage does what: {@link io.datanode.plan.placement.Placement} makes one statement of a
 * query where it can, and otherwise cuts it into pieces, one statement each, that meet in the
 * embedded engine.
 *
 * <p>Uses the plan's model, {@code plan.filter} and {@code plan.time}; knows neither SQL text of
 * users nor sessions.
 */
@NullMarked
package io.datanode.plan.placement;

import org.jspecify.annotations.NullMarked;
