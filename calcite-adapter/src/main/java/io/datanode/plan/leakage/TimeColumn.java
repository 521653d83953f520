package io.datanode.plan.leakage;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a column tells of when the values of its row were there.
 *
 * @param kind how it relates to that time
 * @param offset milliseconds that were added to it
 * @param width how far behind the true time it may be, if it is a start of a bucket of fixed width
 * @param node whose time it is
 * @param cadence of the node, if it is declared and of fixed length
 */
record TimeColumn(
    Kind kind,
    BigDecimal offset,
    @Nullable Duration width,
    String node,
    @Nullable Duration cadence) {
  /** How a column relates to the time at which values are there. */
  enum Kind {
    /** It is that time: the time index, which is the right edge of what a row covers. */
    EXACT,
    /** The values became known at it. */
    KNOWN,
    /** It may be earlier, as the start of a bucket or of a bar is. */
    EARLIER,
    /** It may be later, as the end of a bucket is. */
    LATER,
    /** It depends on a time, but how is not known. */
    UNKNOWN
  }

  /** The same with something added to it. */
  TimeColumn plus(BigDecimal milliseconds) {
    BigDecimal sum = offset.add(milliseconds);
    boolean reachesEnd =
        kind == Kind.EARLIER
            && width != null
            && sum.compareTo(BigDecimal.valueOf(width.toMillis())) >= 0;
    return reachesEnd
        ? new TimeColumn(
            Kind.LATER, sum.subtract(BigDecimal.valueOf(width.toMillis())), null, node, cadence)
        : new TimeColumn(kind, sum, width, node, cadence);
  }

  TimeColumn as(Kind other, @Nullable Duration bucket) {
    return new TimeColumn(other, offset, bucket, node, cadence);
  }

  /** True if the values of the row are there at the latest at this time. */
  boolean isUpperBound() {
    return kind == Kind.EXACT || kind == Kind.KNOWN || kind == Kind.LATER;
  }

  /** True if the row's own time is this one or later. */
  boolean isLowerBound() {
    return kind == Kind.EXACT || kind == Kind.KNOWN || kind == Kind.EARLIER;
  }
}
