package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.TimeText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What time it is for a session: that of the engine, or of a replay, which begins at an instant
 * when the session is opened and runs at a speed of its own.
 *
 * @param clock of the engine
 * @param opened when the session was opened, by that clock
 * @param from the instant the replay begins at; null if the session is one of now
 * @param speed seconds of the replay in a second
 */
record SessionClock(Clock clock, Instant opened, @Nullable Instant from, BigDecimal speed) {
  /**
   * The clock that settings ask for.
   *
   * @param values by key, as the URL gives them
   * @param zone of times without offset
   * @throws InvalidSettingException 22023 for a value that makes no sense
   */
  static SessionClock of(Map<String, String> values, ZoneId zone, Clock clock) {
    String from = value(values, Setting.REPLAY_FROM);
    String speed = value(values, Setting.REPLAY_SPEED);
    try {
      Setting.REPLAY_SPEED.check(speed);
    } catch (SQLException e) {
      throw new InvalidSettingException(
          Setting.REPLAY_SPEED.key(),
          new DataNodeException(SqlState.INVALID_PARAMETER, e.getMessage(), e));
    }
    return new SessionClock(
        clock, micros(clock.instant()), start(from, zone), new BigDecimal(speed));
  }

  private static @Nullable Instant start(String from, ZoneId zone) {
    try {
      return from.isEmpty() ? null : instant(Setting.REPLAY_FROM, from, zone);
    } catch (DataNodeException e) {
      throw new InvalidSettingException(Setting.REPLAY_FROM.key(), e);
    }
  }

  private static String value(Map<String, String> values, Setting setting) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(setting.key()))
        .map(entry -> entry.getValue().trim())
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse(setting.defaultValue());
  }

  /**
   * An instant as a setting says it.
   *
   * @param zone of a time without offset
   * @throws DataNodeException 22023 if it is none
   */
  static Instant instant(Setting setting, String value, ZoneId zone) {
    return TimeText.timestamp(value)
        .map(time -> micros(time.instant(zone)))
        .orElseThrow(
            () ->
                new DataNodeException(
                    SqlState.INVALID_PARAMETER,
                    setting.key()
                        + " is '"
                        + value
                        + "'; expected an instant such as 2024-01-05T07:00:00Z, or a time in the"
                        + " session's zone such as 2024-01-05 08:00:00"));
  }

  private static Instant micros(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  /** True if it is not the time of now. */
  boolean replays() {
    return from != null;
  }

  /** The time it is, with microseconds. */
  Instant now() {
    Instant real = micros(clock.instant());
    if (from == null) {
      return real;
    }
    long passed = Duration.between(opened, real).toNanos() / 1_000;
    BigDecimal replayed =
        speed.multiply(BigDecimal.valueOf(passed)).setScale(0, RoundingMode.FLOOR);
    return from.plus(replayed.longValueExact(), ChronoUnit.MICROS);
  }
}
