package io.datanode.search;

import org.jspecify.annotations.Nullable;

/**
 * Where a value lies among the values a column can hold: 10.5 lies between the 10 and the 11 of a
 * column of whole numbers. Conditions are thus exact whatever the type of the value.
 *
 * @param floor the greatest value of the column's type that is not above; null if all are above
 * @param ceiling the least that is not below; null if all are below
 */
record Fit(@Nullable Object floor, @Nullable Object ceiling) {
  static Fit exact(Object value) {
    return new Fit(value, value);
  }

  /** True if the column can hold the value itself. */
  boolean isExact() {
    return floor != null && floor == ceiling;
  }
}
