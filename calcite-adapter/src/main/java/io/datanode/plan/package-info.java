/**
 * From SQL to one statement per storage: parse, validate, expand nodes, rewrite, place, render.
 * Start at {@link io.datanode.plan.SqlPlanner}; its answer is a {@link io.datanode.plan.Plan}.
 *
 * <p>Here are the plan, and what knows the user's SQL. What works on relational expressions is in
 * {@code plan.filter}, {@code plan.time} and {@code plan.placement}.
 */
@NullMarked
package io.datanode.plan;

import org.jspecify.annotations.NullMarked;
