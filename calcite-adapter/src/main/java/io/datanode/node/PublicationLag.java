package io.datanode.node;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rule for a node whose rows do not say when they became known: so long after their time,
 * {@code time_index + 15m}. There is one version of each row then.
 */
public final class PublicationLag {
  private static final Pattern RULE =
      Pattern.compile("(?i)time_index\\s*\\+\\s*(0s|[1-9][0-9]*(?:s|m|h|d|w))");

  /** What a rule looks like, for error messages. */
  public static final String EXPECTED =
      "a column, or time_index + a count and one of s, m, h, d, w, for example time_index + 15m";

  private PublicationLag() {}

  /**
   * The lag of a rule.
   *
   * @param knowledgeTime as a catalog declares it: a column or a rule
   * @return empty for null or a column. A day is 24 hours
   */
  public static Optional<Duration> of(@Nullable String knowledgeTime) {
    Matcher rule = RULE.matcher(knowledgeTime == null ? "" : knowledgeTime.trim());
    if (!rule.matches()) {
      return Optional.empty();
    }
    String lag = rule.group(1).toLowerCase(Locale.ROOT);
    return lag.equals("0s") ? Optional.of(Duration.ZERO) : Cadence.fixedLength(lag);
  }

  /** True for what can only be meant for a rule, because it is a sum. */
  public static boolean isMeant(String knowledgeTime) {
    return knowledgeTime.toLowerCase(Locale.ROOT).matches("\\s*time_index\\s*\\+.*");
  }
}
