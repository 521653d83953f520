package io.datanode.plan;

import org.jspecify.annotations.Nullable;

/**
 * The value of a parameter that is an argument of a table function, as text of SQL.
 *
 * @param text an instant with its offset, a length of time in ISO 8601; null for NULL
 */
public record ArgumentText(@Nullable String text) {}
