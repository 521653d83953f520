/**
 * Tables over regular time: {@code TABLE(RESAMPLE(…))} puts rows into buckets, {@code
 * TABLE(GRID(…))} gives each series a row for every step. Both become ordinary relational
 * expressions before anything else is planned, so conditions, storages and time zones meet them as
 * they meet a query that was written out.
 *
 * <p>Used by the planner only. A table function more is a constant of {@link
 * io.datanode.plan.bars.TimeTable.Kind} and a class that builds its expression.
 */
@NullMarked
package io.datanode.plan.bars;

import org.jspecify.annotations.NullMarked;
