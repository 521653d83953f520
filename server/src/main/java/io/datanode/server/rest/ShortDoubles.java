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

  /** Where the point is: seven digits and a sign have room before it. */
  private static final int POINT = 8;

  /** The two digits of each number below 100, one number after the other. */
  private static final char[] PAIRS = pairs();

  private final char[] text = new char[POINT + 1 + FRACTION];
  private int start;

  private static char[] pairs() {
    char[] pairs = new char[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (char) ('0' + i / 10);
      pairs[2 * i + 1] = (char) ('0' + i % 10);
    }
    return pairs;
  }

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
    long scaled = (long) (size * SCALE + 0.5);
    if ((double) scaled / SCALE != size) {
      return 0;
    }
    int whole = (int) (scaled / SCALE);
    int end = fraction((int) (scaled - (long) whole * SCALE));
    start = whole(whole);
    if (value < 0) {
      text[--start] = '-';
    }
    return end - start;
  }

  /** Writes the point and what follows it, one digit at least; gives the place behind. */
  private int fraction(int fraction) {
    text[POINT] = '.';
    int first = fraction / 10_000;
    int rest = fraction - first * 10_000;
    pair(POINT + 1, first);
    int end = POINT + 3;
    if (rest != 0) {
      int second = rest / 100;
      int third = rest - second * 100;
      pair(POINT + 3, second);
      end += 2;
      if (third != 0) {
        pair(POINT + 5, third);
        end += 2;
      }
    }
    // Only the last pair can end in a zero now, unless it is the first one.
    return text[end - 1] == '0' ? end - 1 : end;
  }

  /** Writes what is before the point; gives the place where it begins. */
  private int whole(int whole) {
    int place = POINT;
    int rest = whole;
    while (rest >= 100) {
      int next = rest / 100;
      place -= 2;
      pair(place, rest - next * 100);
      rest = next;
    }
    if (rest < 10) {
      text[--place] = (char) ('0' + rest);
    } else {
      place -= 2;
      pair(place, rest);
    }
    return place;
  }

  private void pair(int place, int number) {
    text[place] = PAIRS[2 * number];
    text[place + 1] = PAIRS[2 * number + 1];
  }
}
