package io.datanode.plan.bars;

import static io.datanode.testing.SqlFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.testing.BarNodes;
import io.datanode.testing.BarNodes.Moment;
import io.datanode.testing.MarketNodes.Place;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Grids against those that Java's calendar lays, over days on which clocks change. */
class GridTest {
  private static final String ROWS =
      "(SELECT asset, time_index, SUM(id) AS total FROM moments GROUP BY asset, time_index)";

  static Stream<Arguments> grids() {
    List<Arguments> all = new ArrayList<>();
    for (Place place : Place.values()) {
      for (String zone : List.of("America/New_York", "Australia/Lord_Howe", "America/Havana")) {
        for (String fill : List.of("'null'", "'previous'", "'linear'", "-1")) {
          all.add(Arguments.of(place, zone, fill, "'1' DAY"));
          all.add(Arguments.of(place, zone, fill, "'1' MONTH"));
        }
      }
      all.add(Arguments.of(place, "Asia/Tehran", "'previous'", "'7' HOUR"));
      all.add(Arguments.of(place, "Asia/Tehran", "'linear'", "'1' WEEK"));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void everyStepOfEachSeriesHasARow(Place place, String zone, String fill, String width) {
    List<String> expected = new ArrayList<>();
    series()
        .forEach(
            (asset, rows) ->
                labels(rows.firstKey(), rows.lastKey(), ZoneId.of(zone), width)
                    .forEach(
                        label ->
                            expected.add(asset + "|" + label + "|" + value(rows, label, fill))));
    List<String> rows =
        sql("SELECT asset, EPOCH_US(time_index), total FROM TABLE(GRID("
                + ROWS
                + ", DESCRIPTOR(time_index), INTERVAL "
                + width
                + ", fill => "
                + fill
                + ", zone => '"
                + zone
                + "')) ORDER BY asset, time_index")
            .over(BarNodes.catalog(place))
            .rows();
    assertEquals(String.join("\n", expected), String.join("\n", rows));
  }

  private static Map<String, NavigableMap<Long, Long>> series() {
    Map<String, NavigableMap<Long, Long>> series = new TreeMap<>();
    for (Moment moment : BarNodes.moments()) {
      if (moment.time() != null) {
        series
            .computeIfAbsent(moment.asset(), asset -> new TreeMap<>())
            .merge(ChronoUnit.MICROS.between(Instant.EPOCH, moment.time()), moment.id(), Long::sum);
      }
    }
    return series;
  }

  private static List<Long> labels(long first, long last, ZoneId zone, String width) {
    Instant begin = Instant.EPOCH.plus(first, ChronoUnit.MICROS);
    LocalDateTime clock = LocalDateTime.ofInstant(begin, zone);
    LongFunction<Instant> step =
        switch (width) {
          case "'1' DAY" -> n -> shown(clock, Period.ofDays(1).multipliedBy((int) n), zone);
          case "'1' WEEK" -> n -> shown(clock, Period.ofWeeks(1).multipliedBy((int) n), zone);
          case "'1' MONTH" -> n -> shown(clock, Period.ofMonths(1).multipliedBy((int) n), zone);
          default -> n -> begin.plus(7 * n, ChronoUnit.HOURS);
        };
    List<Long> labels = new ArrayList<>();
    for (long n = 0; micros(step.apply(n)) <= last; n++) {
      labels.add(micros(step.apply(n)));
    }
    return labels;
  }

  private static Instant shown(LocalDateTime clock, TemporalAmount later, ZoneId zone) {
    return clock
        .plus(later)
        .atZone(zone)
        .withLaterOffsetAtOverlap()
        .toInstant()
        .atOffset(ZoneOffset.UTC)
        .toInstant();
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static String value(NavigableMap<Long, Long> rows, long label, String fill) {
    Map.Entry<Long, Long> before = rows.floorEntry(label);
    Map.Entry<Long, Long> after = rows.ceilingEntry(label);
    switch (fill) {
      case "'previous'":
        return before == null ? "null" : String.valueOf(before.getValue());
      case "'linear'":
        if (before == null || after == null) {
          return "null";
        }
        if (before.getKey() == label) {
          return String.valueOf(before.getValue());
        }
        double share =
            (double) (label - before.getKey()) / (double) (after.getKey() - before.getKey());
        double line = before.getValue() + (after.getValue() - before.getValue()) * share;
        return String.valueOf(Math.round(line));
      default:
        return String.valueOf(
            rows.containsKey(label) ? rows.get(label) : fill.equals("-1") ? "-1" : null);
    }
  }
}
