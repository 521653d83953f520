/**
 * Leaks of the future: where a value that was not yet there at the time of a row can reach the row.
 * Start at {@link io.datanode.plan.leakage.LeakageCheck}.
 *
 * <p>The check errs on one side: what it cannot tell it names as possible. Used by {@code plan}.
 */
@NullMarked
package io.datanode.plan.leakage;

import org.jspecify.annotations.NullMarked;
