/**
 * Conditions on rows, as data: a {@link io.datanode.predicate.Condition} on one field, or a {@link
 * io.datanode.predicate.Group} of them. They know neither nodes nor SQL; {@code search} reads them
 * from JSON and gives them their meaning.
 */
@NullMarked
package io.datanode.predicate;

import org.jspecify.annotations.NullMarked;
