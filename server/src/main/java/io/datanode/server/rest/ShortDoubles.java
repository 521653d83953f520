package io.datanode.server.rest;

import com.fasterxml.jackson.core.io.NumberOutput;

/**
 * The text of doubles that are decimals of at most six digits after the point, as prices mostly
 * are: the same as {@link Double#toString} gives, without its search for the shortest one.
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

  private ShortDoubles() {}

  /**
   * Writes a value in ASCII.
   *
   * @param place where it begins; 16 bytes from there are overwritten
   * @return the place behind it; the same as {@code place} if it is not such a decimal
   */
  static int write(double value, byte[] text, int place) {
    double size = Math.abs(value);
    if (!(size >= LEAST && size < GREATEST)) {
      return place;
    }
    long scaled = (long) (size * SCALE + 0.5);
    if ((double) scaled / SCALE != size) {
      return place;
    }
    int start = place;
    if (value < 0) {
      text[start++] = '-';
    }
    int whole = (int) (scaled / SCALE);
    int point = NumberOutput.outputInt(whole, text, start);
    text[point] = '.';
    return fraction((int) (scaled - (long) whole * SCALE), text, point + 1);
  }

  /** Writes what follows the point, one digit at least. */
  private static int fraction(int fraction, byte[] text, int place) {
    int first = fraction / 10_000;
    int rest = fraction - first * 10_000;
    Digits.pair(first, text, place);
    int end = place + 2;
    if (rest != 0) {
      int second = rest / 100;
      int third = rest - second * 100;
      Digits.pair(second, text, place + 2);
      end += 2;
      if (third != 0) {
        Digits.pair(third, text, place + 4);
        end += 2;
      }
    }
    // Only the last pair can end in a zero now, unless it is the first one.
    return text[end - 1] == '0' ? end - 1 : end;
  }
}
