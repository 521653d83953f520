/**
 * From SQL to one statement per storage: parse, validate, expand nodes, rewrite, place, render.
 * Start at {@link io.datanode.plan.SqlPlanner}; its answer is a {@link io.datanode.plan.Plan}.
 */
@NullMarked
package io.datanode.plan;

import org.jspecify.annotations.NullMarked;
