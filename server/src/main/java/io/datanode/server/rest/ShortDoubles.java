package io.datanode.server.rest;

/**
 * The text of doubles that are decimals of at most six digits after the point, as prices mostly
 * are: the same as {@link Double#toString} gives, without its search for the shortest one. Not
 * thread-safe.
 *
 * <p>A decimal of at most 15 digits is told by the double next to it, and no other such decimal is
 * next to the same double. So if {@code n / 1,000,000} is the value for some whole {@code n} below
 * 10^13, then the digits of {@code n} without zeros at the end are the shortest that give it back.
 */
final class ShortDoubles {
  /** Outside of these Double.toString writes an exponent. */
  private static final double LEAST = 1e-3;

  private static final double GREATEST = 1e7;
  private static final int SCALE = 1_000_000;
  private static final int FRACTION = 6;

  private final char[] text = new char[1 + 7 + 1 + FRACTION];
  private int start;

  /** Where {@link #write} writes. */
  char[] chars() {
    return text;
  }

  /** Where in {@link #chars} the text begins. */
  int start() {
    return start;
  }

  /**
   * Writes a value.
   *
   * @return how many characters it has; 0 if it is not such a decimal
   */
  int write(double value) {
    double size = Math.abs(value);
    if (!(size >= LEAST && size < GREATEST)) {
      return 0;
    }
    long scaled = Math.round(size * SCALE);
    if ((double) scaled / SCALE != size) {
      return 0;
    }
    int fraction = (int) (scaled % SCALE);
    int digits = FRACTION;
    while (digits > 1 && fraction % 10 == 0) {
      fraction /= 10;
      digits--;
    }
    int point = text.length - 1 - FRACTION;
    text[point] = '.';
    for (int i = point + digits; i > point; i--) {
      text[i] = (char) ('0' + fraction % 10);
      fraction /= 10;
    }
    int whole = (int) (scaled / SCALE);
    start = point;
    do {
      text[--start] = (char) ('0' + whole % 10);
      whole /= 10;
    } while (whole > 0);
    if (value < 0) {
      text[--start] = '-';
    }
    return point + 1 + digits - start;
  }
}
