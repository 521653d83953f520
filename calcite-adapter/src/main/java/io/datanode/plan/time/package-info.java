/**
 * Conditions on functions of a time, said as ranges of the time itself: {@link
 * io.datanode.plan.time.TimeRanges} rewrites a query, {@link io.datanode.plan.time.RangeFinder}
 * finds the range of one condition.
 *
 * <p>A {@code TimeExpression} is a column and the {@code TimeStep}s done to it; each step tells
 * where its argument must be cut for its result to reach a value. A new function of times is a new
 * step.
 */
@NullMarked
package io.datanode.plan.time;

import org.jspecify.annotations.NullMarked;
