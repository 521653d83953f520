/**
 * Nodes that are stitched from others: what their rows are, and which parts a query need not ask.
 *
 * <p>Comes first of all that is done to a relational expression, so that every later rule sees the
 * parts and nothing else.
 */
@NullMarked
package io.datanode.plan.stitch;

import org.jspecify.annotations.NullMarked;
