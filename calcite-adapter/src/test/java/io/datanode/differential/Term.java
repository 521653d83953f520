package io.datanode.differential;

/**
 * An expression with what is known of its values.
 *
 * @param exact false if storages may give results that differ in the last digits; such a term is
 *     only shown, never compared, sorted by or counted
 */
record Term(Kind kind, Sql sql, Range range, boolean exact) {
  Term(Kind kind, Sql sql, Range range) {
    this(kind, sql, range, true);
  }

  /**
   * Limits of the values of a term, by which overflow is avoided.
   *
   * @param most no finite number is farther from zero; of text, the greatest length
   * @param finite no NaN and no infinity; of times, no year that is far away
   * @param precision digits of a decimal
   * @param scale digits of a decimal after the point
   */
  record Range(double most, boolean finite, int precision, int scale) {
    static final Range NONE = upTo(0);

    static Range upTo(double most) {
      return new Range(most, true, 0, 0);
    }

    static Range decimal(int precision, int scale) {
      return new Range(Math.pow(10, precision - scale), true, precision, scale);
    }

    /** Of doubles among which are NaN and infinities. */
    static Range notFinite(double most) {
      return new Range(most, false, 0, 0);
    }

    /** The wider of both. */
    Range or(Range other) {
      int fraction = Math.max(scale, other.scale);
      return new Range(
          Math.max(most, other.most),
          finite && other.finite,
          Math.max(precision - scale, other.precision - other.scale) + fraction,
          fraction);
    }
  }

  /** It can be taken as text inside other text. */
  String text() {
    return sql.text();
  }
}
