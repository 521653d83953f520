package io.datanode.testing;

import io.datanode.testing.MarketNodes.Place;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trades, and quotes to be joined to them as of a time: equal and missing times and keys, NaN,
 * times a microsecond apart, numbers and times of unequal types; and {@code nothing}, quotes
 * without rows. Of the {@link Place places} that are split, trades are in one storage and the
 * others in the other.
 */
public final class AsofNodes {
  private static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE trades (id INTEGER, k TEXT, venue INTEGER, t TIMESTAMPTZ, day DATE,
            n BIGINT, x DOUBLE PRECISION)""",
          """
          INSERT INTO trades VALUES
            (1, 'a', 1, '2024-03-01 10:00:00+00', '2024-03-01', 10, 1.0),
            (2, 'a', 2, '2024-03-01 10:00:05+00', '2024-03-02', 20, 2.5),
            (3, 'b', 1, '2024-03-01 10:00:05+00', '2024-03-02', 25, 'NaN'),
            (4, 'b', 1, '2024-03-01 10:00:05+00', '2024-03-02', 25, 'NaN'),
            (5, 'c', 1, '2024-03-01 10:00:10.000001+00', '2024-03-04', 30, 'Infinity'),
            (6, NULL, 1, '2024-03-01 10:00:20+00', '2024-03-05', 40, NULL),
            (7, 'a', NULL, NULL, NULL, NULL, -1.0)""",
          """
          CREATE TABLE quotes (id INTEGER, k TEXT, venue SMALLINT, t TIMESTAMPTZ, local TIMESTAMP,
            n INTEGER, x DOUBLE PRECISION, d DECIMAL(8, 3), bid INTEGER)""",
          """
          INSERT INTO quotes VALUES
            (1, 'a', 1, '2024-03-01 09:59:59.999999+00', '2024-03-01 00:00:00', 5, 0.5, 9.999, 100),
            (2, 'a', 1, '2024-03-01 10:00:00+00', '2024-03-01 12:00:00', 10, 1.0, 10.000, 101),
            (3, 'a', 2, '2024-03-01 10:00:04+00', '2024-03-02 00:00:00', 18, 2.0, 19.999, 102),
            (4, 'a', 2, '2024-03-01 10:00:04+00', '2024-03-02 00:00:00', 18, 2.0, 19.999, 103),
            (5, 'b', 1, '2024-03-01 10:00:05.000001+00', '2024-03-02 00:00:00.000001', 26, 'NaN', 25.001, 104),
            (6, 'b', 1, '2024-03-01 10:00:01+00', '2024-03-01 23:59:59.999999', 22, 3.0, 24.000, NULL),
            (7, 'c', 2, '2024-03-01 10:00:10+00', '2024-03-04 00:00:00', 30, 1e300, 30.000, 106),
            (8, NULL, 1, '2024-03-01 10:00:19+00', '2024-03-05 00:00:00', 39, 'Infinity', 40.000, 107),
            (9, 'a', 1, NULL, NULL, NULL, NULL, NULL, 108),
            (10, 'b', NULL, '2024-03-01 10:00:05+00', '2024-03-03 00:00:00', 25, -1.5, 25.000, 109)""",
          "CREATE TABLE nothing AS SELECT * FROM quotes WHERE id < 0");

  private static final Map<Place, Path> CATALOGS = new EnumMap<>(Place.class);

  private AsofNodes() {}

  /** A catalog of the nodes in this place. */
  public static synchronized Path catalog(Place place) {
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    nodes.put("trades", List.of("time_index: t"));
    nodes.put("quotes", List.of("time_index: t"));
    nodes.put("nothing", List.of("time_index: t"));
    return CATALOGS.computeIfAbsent(place, where -> OwnNodes.catalog(where, STATEMENTS, nodes));
  }
}
