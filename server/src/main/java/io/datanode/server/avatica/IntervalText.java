package io.datanode.server.avatica;

import java.util.Locale;

/** Intervals as our own driver shows them; stock Avatica can only carry them as text. */
final class IntervalText {
  private IntervalText() {}

  /** For example {@code 1-06}: years and months. */
  static String months(long months) {
    long magnitude = Math.abs(months);
    return String.format(
        Locale.ROOT, "%s%d-%02d", months < 0 ? "-" : "", magnitude / 12, magnitude % 12);
  }

  /** For example {@code 1 02:03:04.5}: days, hours, minutes, seconds. */
  static String micros(long micros) {
    long magnitude = Math.abs(micros);
    long seconds = magnitude / 1_000_000;
    String text =
        String.format(
            Locale.ROOT,
            "%s%d %02d:%02d:%02d.%06d",
            micros < 0 ? "-" : "",
            seconds / 86_400,
            seconds / 3_600 % 24,
            seconds / 60 % 60,
            seconds % 60,
            magnitude % 1_000_000);
    return text.replaceFirst("\\.?0*$", "");
  }
}
