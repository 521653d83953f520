/**
 * As-of joins: {@link io.datanode.plan.asof.AsofConditions} checks what is written, {@link
 * io.datanode.plan.asof.AsofMatches} makes of each one an {@link
 * io.datanode.storage.sql.AsofMatch}, in which it is decided what is nearest and which row is taken
 * of several that are equally near.
 */
@NullMarked
package io.datanode.plan.asof;

import org.jspecify.annotations.NullMarked;
