package io.datanode.differential;

import static java.util.Map.entry;

import io.datanode.differential.Sql.Parameter;
import io.datanode.differential.Sql.Words;
import io.datanode.differential.Term.Range;
import io.datanode.testing.OddNodes;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Constants and parameters: values near those of the data, and at the limits of their types. */
final class Constants {
  private static final Map<Kind, List<String>> VALUES =
      Map.ofEntries(
          entry(Kind.BOOLEAN, List.of("true", "false")),
          entry(Kind.INTEGER, List.of("0", "1", "-1", "3", "7", "-11", "100")),
          entry(Kind.BIGINT, List.of("0", "1", "5", "20", "63", "1000")),
          entry(Kind.DECIMAL, List.of("0.5", "2.5", "-2.5", "0.0001", "12.345", "1.10")),
          entry(Kind.DOUBLE, List.of("0.5", "2.5", "-2.5", "3.5", "0.1", "99.995", "-0.125")),
          entry(Kind.TEXT, OddNodes.TEXTS),
          entry(Kind.DATE, List.of("2024-03-10", "2024-02-29", "1970-01-01", "2024-12-30")),
          entry(Kind.TIMESTAMP, List.of("2024-03-10T02:30:00", "2024-03-10T07:00:00.000001")),
          entry(
              Kind.INSTANT,
              List.of(
                  "2024-03-10T07:00:00Z",
                  "2024-03-10T07:00:00.000001Z",
                  "2024-10-27T00:30:00Z",
                  "1970-01-01T00:00:00Z",
                  "2024-03-31T00:59:59.999999Z")),
          entry(Kind.TIME, List.of("00:00:00", "09:30:00", "23:59:59.999999")),
          entry(Kind.UUID, OddNodes.SESSIONS));

  /** Values at limits, for comparisons only. */
  private static final Map<Kind, List<String>> LIMITS =
      Map.of(
          Kind.INTEGER, List.of("2147483647", "-2147483648"),
          Kind.BIGINT, List.of("9223372036854775807", "-9223372036854775808", "9007199254740993"),
          Kind.DECIMAL, List.of("99999999999999.9999", "-99999999999999.9999"),
          Kind.DOUBLE,
              List.of("NaN", "Infinity", "-Infinity", "-0.0", "0.0", "1.0E300", "4.9E-324"),
          Kind.DATE, List.of("1500-01-01", "9999-12-31"),
          Kind.TIMESTAMP, List.of("1500-01-01T00:00:00", "9999-12-31T23:59:59.999999"),
          Kind.INSTANT, List.of("1500-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"));

  /** Decimals of which a column holds no equal, with more digits than it has. */
  private static final List<String> MORE_DIGITS =
      List.of(
          "0.00014",
          "-0.00005",
          "0.12500000001",
          "99999999999999.99991",
          "12345678901234567890.5",
          "-100000000000000000000000000000000000000",
          "0.00000000000000000000000000000000000001");

  /** One parameter in so many is NULL. */
  private static final int NULLS = 12;

  private final Dice dice;

  Constants(Dice dice) {
    this.dice = dice;
  }

  /** A constant that can be calculated with. */
  Term usual(Kind kind) {
    return term(kind, dice.of(VALUES.get(kind)), false);
  }

  /** A constant to compare with, sometimes a parameter. */
  Term any(Kind kind) {
    List<String> limits = LIMITS.getOrDefault(kind, List.of());
    String value = !limits.isEmpty() && dice.oneIn(3) ? dice.of(limits) : dice.of(VALUES.get(kind));
    return term(kind, value, true);
  }

  private Term term(Kind kind, String value, boolean limit) {
    Range range = range(kind, value, limit);
    String literal = literal(kind, value);
    if (!dice.oneIn(4)) {
      return new Term(kind, Sql.expression(kind, literal), range);
    }
    Parameter parameter =
        dice.oneIn(NULLS)
            ? new Parameter(kind, null, "NULL")
            : new Parameter(kind, value(kind, value), inCast(kind, value));
    return new Term(
        kind, Sql.expression(kind, "CAST(", parameter, " AS " + kind.sql() + ")"), range);
  }

  /** A parameter that takes its type from the column it is compared with, or a longer decimal. */
  Sql bare(Kind kind) {
    if (dice.oneIn(NULLS)) {
      return new Parameter(kind, null, kind.none());
    }
    if (kind == Kind.DECIMAL && dice.oneIn(3)) {
      String value = dice.of(MORE_DIGITS);
      boolean written = new BigDecimal(value).precision() <= 38 && dice.oneIn(2);
      if (written) {
        return new Words(value);
      }
      return new Parameter(kind, new BigDecimal(value), value);
    }
    List<String> limits = LIMITS.getOrDefault(kind, List.of());
    String value = !limits.isEmpty() && dice.oneIn(3) ? dice.of(limits) : dice.of(VALUES.get(kind));
    return new Parameter(kind, value(kind, value), literal(kind, value));
  }

  private static Range range(Kind kind, String value, boolean limit) {
    return switch (kind) {
      case INTEGER, BIGINT -> Range.upTo(Math.abs(Double.parseDouble(value)));
      case DECIMAL -> Range.decimal(18, 4);
      case DOUBLE -> limit ? Range.notFinite(Double.MAX_VALUE) : Range.upTo(100);
      case TEXT -> Range.upTo(value.length());
      default -> limit ? Range.notFinite(0) : Range.NONE;
    };
  }

  private static String literal(Kind kind, String value) {
    return switch (kind) {
      case BOOLEAN -> value.toUpperCase(java.util.Locale.ROOT);
      case INTEGER -> value;
      case BIGINT -> "CAST(" + quoted(value) + " AS BIGINT)";
      case DECIMAL -> "CAST(" + value + " AS DECIMAL(18, 4))";
      case DOUBLE ->
          Character.isDigit(value.charAt(value.length() - 1)) && !value.contains("E")
              ? value + "e0"
              : "CAST(" + quoted(value) + " AS DOUBLE)";
      case TEXT -> quoted(value);
      case DATE -> "DATE " + quoted(value);
      case TIMESTAMP -> "CAST(" + quoted(value.replace('T', ' ')) + " AS TIMESTAMP(6))";
      case INSTANT, TIME, UUID -> "CAST(" + quoted(value) + " AS " + kind.sql() + ")";
    };
  }

  private static String inCast(Kind kind, String value) {
    return kind.isNumber() && !value.matches("[0-9.-]+") || !kind.isNumber()
        ? quoted(value)
        : value;
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  private static @Nullable Object value(Kind kind, String value) {
    return switch (kind) {
      case BOOLEAN -> Boolean.valueOf(value);
      case INTEGER -> Integer.valueOf(value);
      case BIGINT -> Long.valueOf(value);
      case DECIMAL -> new BigDecimal(value);
      case DOUBLE -> Double.valueOf(value);
      case TEXT -> value;
      case DATE -> LocalDate.parse(value);
      case TIMESTAMP -> LocalDateTime.parse(value);
      case INSTANT -> OffsetDateTime.parse(value);
      case TIME -> LocalTime.parse(value);
      case UUID -> UUID.fromString(value);
    };
  }
}
