package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as a setting says it: {@code PT4S}, or {@code INTERVAL '4' SECOND}. */
final class DelayText {
  private static final Pattern INTERVAL =
      Pattern.compile(
          "(?i)INTERVAL\\s*'\\s*([0-9]{1,9}(?:\\.[0-9]{1,6})?)\\s*'\\s*(DAY|HOUR|MINUTE|SECOND)S?");
  private static final Map<String, Long> SECONDS =
      Map.of("DAY", 86_400L, "HOUR", 3_600L, "MINUTE", 60L, "SECOND", 1L);

  private DelayText() {}

  /**
   * The length meant.
   *
   * @throws DataNodeException 22023 if the text says none, or a negative one
   */
  static Duration duration(Setting setting, String value) {
    Matcher interval = INTERVAL.matcher(value.trim());
    if (interval.matches()) {
      BigDecimal seconds =
          new BigDecimal(interval.group(1))
              .multiply(
                  BigDecimal.valueOf(SECONDS.get(interval.group(2).toUpperCase(Locale.ROOT))));
      return Duration.ofNanos(seconds.movePointRight(9).longValueExact());
    }
    try {
      Duration duration = Duration.parse(value.trim());
      if (!duration.isNegative() && duration.toNanos() % 1_000 == 0) {
        return duration;
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(setting, value, e);
    }
    throw wrong(setting, value, null);
  }

  private static DataNodeException wrong(
      Setting setting, String value, @org.jspecify.annotations.Nullable Exception cause) {
    return new DataNodeException(
        SqlState.INVALID_PARAMETER,
        setting.key()
            + " is '"
            + value
            + "'; expected a length of time from zero in microseconds, such as PT4S or INTERVAL '4'"
            + " SECOND",
        cause);
  }
}
