package io.datanode.plan.time;

import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * The times of a column for which a condition can be true.
 *
 * @param column the column
 * @param from the first of them, a constant or parameter; null if there is none
 * @param to the first behind them; null if there is none
 * @param exact true if the condition is true for all of them, the infinite ones aside
 * @param infinite true if it is true for infinite ones as well where an end is open
 * @param why if the condition has to be checked besides, for a reader
 */
public record TimeRange(
    RexInputRef column,
    @Nullable RexNode from,
    @Nullable RexNode to,
    boolean exact,
    boolean infinite,
    String why) {}
