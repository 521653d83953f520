package io.datanode.server.avatica;

import java.util.Locale;

/** Intervals as SQL writes them, with sign and all digits; stock Avatica cannot carry them. */
final class IntervalText {
  private IntervalText() {}

  /** For example {@code +1-06}: years and months. */
  static String months(long months) {
    long magnitude = Math.abs(months);
    return String.format(
        Locale.ROOT, "%s%d-%02d", months < 0 ? "-" : "+", magnitude / 12, magnitude % 12);
  }

  /** For example {@code +1 02:03:04.500000}: days, hours, minutes, seconds. */
  static String micros(long micros) {
    long magnitude = Math.abs(micros);
    long seconds = magnitude / 1_000_000;
    return String.format(
        Locale.ROOT,
        "%s%d %02d:%02d:%02d.%06d",
        micros < 0 ? "-" : "+",
        seconds / 86_400,
        seconds / 3_600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        magnitude % 1_000_000);
  }
}
