package io.datanode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Nodes to search: bars and market capitalisations that share an index vector of two and meet on
 * some days only; holdings with an index vector of three; rates with one of another name; ticks
 * with repeated rows and NULL keys; odd columns.
 */
public final class SearchNodes {
  /** Where the rows are. They are the same everywhere. */
  public enum Place {
    /** In Parquet files. */
    DUCKDB(Set.of()),
    /** In PostgreSQL. */
    POSTGRESQL(Set.of("bars", "caps", "holdings", "rates", "ticks", "listings", "odd")),
    /** Bars and ticks in files, the rest in PostgreSQL. */
    SPLIT(Set.of("caps", "holdings", "rates", "listings", "odd"));

    private final Set<String> inPostgreSql;

    Place(Set<String> inPostgreSql) {
      this.inPostgreSql = inPostgreSql;
    }
  }

  private static final Map<String, String> TABLES = new LinkedHashMap<>();

  static {
    TABLES.put(
        "bars",
        """
        (VALUES
          ('2026-01-05 00:00:00+00', 'A', 10.0::DOUBLE, 100, true, '50% off_', DATE '2020-01-01'),
          ('2026-01-05 00:00:00+00', 'B', 20.0, NULL, false, NULL, NULL),
          ('2026-01-06 00:00:00+00', 'A', 11.0, 110, NULL, 'plain', DATE '2020-01-02'),
          ('2026-01-06 00:00:00+00', 'B', NULL, 210, true, '500 off', DATE '2020-01-03'),
          ('2026-01-07 00:00:00+00', 'A', 12.5, 9007199254740993, false, 'Größe "x"', NULL),
          ('2026-01-07 00:00:00.000001+00', 'C', 'NaN'::DOUBLE, 300, true, '', DATE '2020-01-03'))
          AS v(time_index, unique_identifier, close, volume, flag, note, listed)
        REPLACE time_index::TIMESTAMPTZ AS time_index, close::DOUBLE AS close,
          volume::BIGINT AS volume""");
    TABLES.put(
        "caps",
        """
        (VALUES
          ('2026-01-05 00:00:00+00', 'A', 1000.00, 1, '2026-01-04 00:00:00+00'),
          ('2026-01-06 00:00:00+00', 'A', 1100.00, 2, '2026-01-05 00:00:00+00'),
          ('2026-01-06 00:00:00+00', 'D', 4000.50, 3, NULL),
          ('2026-01-08 00:00:00+00', 'A', 1300.00, 4, '2026-01-07 00:00:00+00'))
          AS v(time_index, unique_identifier, market_cap, volume, "asof")
        REPLACE time_index::TIMESTAMPTZ AS time_index, market_cap::DECIMAL(18, 2) AS market_cap,
          "asof"::TIMESTAMPTZ AS "asof", volume::INTEGER AS volume""");
    TABLES.put(
        "holdings",
        """
        (VALUES
          ('2026-01-05 00:00:00+00', 'one', 'A', 5.0, 1),
          ('2026-01-05 00:00:00+00', 'two', 'A', 7.0, 1),
          ('2026-01-05 00:00:00+00', 'two', 'B', 25.0, -1),
          ('2026-01-06 00:00:00+00', 'two', 'B', 45.0, -1))
          AS v(time_index, account_uid, unique_identifier, quantity, direction)
        REPLACE time_index::TIMESTAMPTZ AS time_index, quantity::DOUBLE AS quantity,
          direction::SMALLINT AS direction""");
    TABLES.put(
        "rates",
        """
        (VALUES
          ('2026-01-01 08:00:00', 0.01), ('2026-01-01 16:00:00', 0.02),
          ('2026-01-02 00:00:00', 0.03)) AS v(event_time, rate)
        REPLACE event_time::TIMESTAMP AS event_time, rate::REAL AS rate""");
    TABLES.put(
        "ticks",
        """
        (SELECT CASE WHEN i < 12 THEN TIMESTAMPTZ '2026-01-05 00:00:00+00' + to_seconds(i // 4) END
            AS time_index,
          CASE WHEN i % 2 = 0 THEN 'A' END AS unique_identifier,
          (CASE WHEN i % 4 < 2 THEN 1 END)::DOUBLE AS price FROM range(16) AS r(i)) AS v""");
    TABLES.put(
        "listings",
        """
        (VALUES
          ('2026-01-05 00:00:00+00', 'A', 'infinity', 'infinity', 'infinity'),
          ('2026-01-05 00:00:00+00', 'B', '2026-01-07 00:00:00+00', '2026-01-06',
            '2026-01-06 17:30:00'),
          ('-infinity', 'C', '2026-01-05 00:00:00+00', '-infinity', '-infinity'),
          ('infinity', 'D', NULL, NULL, NULL))
          AS v(time_index, unique_identifier, until, last_day, last_trade)
        REPLACE time_index::TIMESTAMPTZ AS time_index, until::TIMESTAMPTZ AS until,
          last_day::DATE AS last_day, last_trade::TIMESTAMP AS last_trade""");
    TABLES.put(
        "odd",
        """
        (VALUES
          ('2026-01-05 00:00:00+00', UUID '00000000-0000-0000-0000-00000000000a', TIME '09:30:00',
            'x', 'left', ['a'], 2::TINYINT, 'yes'),
          ('2026-01-06 00:00:00+00', UUID '00000000-0000-0000-0000-00000000000b', NULL,
            'y', 'right', NULL, NULL, 'no'))
          AS v(time_index, account, clock, "a.b", bars__note, tags, small, flag)
        REPLACE time_index::TIMESTAMPTZ AS time_index, small::SMALLINT AS small""");
  }

  private static final Map<Place, Path> SHARED = new EnumMap<>(Place.class);

  private SearchNodes() {}

  /** The catalog of the nodes at a place, written once per JVM and only read. */
  public static synchronized Path catalog(Place place) {
    return SHARED.computeIfAbsent(place, SearchNodes::written);
  }

  private static Path written(Place place) {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      Path folder = TemporaryFolders.create("search-nodes");
      StringBuilder catalog = new StringBuilder("storages:\n  lake: { type: duckdb, path: . }\n");
      String url = place.inPostgreSql.isEmpty() ? "" : PostgreSql.newDatabase();
      if (!url.isEmpty()) {
        catalog.append("  desk: { type: postgresql, user: postgres, url: \"" + url + "\" }\n");
      }
      catalog.append("nodes:\n");
      PostgreSqlCopy copy = new PostgreSqlCopy(statement, url, folder);
      for (Map.Entry<String, String> table : TABLES.entrySet()) {
        String name = table.getKey();
        statement.execute("CREATE TABLE " + name + " AS " + select(table.getValue()));
        catalog.append("  - identifier: " + name + "\n    storage_hash: " + name + "_5f1e\n");
        if (place.inPostgreSql.contains(name)) {
          copy.table(name, "FROM " + name);
          catalog.append("    storage: desk\n    table: public." + name + "\n");
        } else {
          statement.execute("COPY " + name + " TO '" + folder.resolve(name + ".parquet") + "'");
          catalog.append("    storage: lake\n    files: " + name + ".parquet\n");
        }
        catalog.append(roles(name));
      }
      Path file = folder.resolve("catalog.yaml");
      Files.writeString(file, catalog);
      return file;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String select(String rows) {
    int replace = rows.indexOf("REPLACE");
    return replace < 0
        ? "SELECT * FROM " + rows
        : "SELECT * REPLACE ("
            + rows.substring(replace + "REPLACE".length())
            + ") FROM "
            + rows.substring(0, replace);
  }

  private static String roles(String name) {
    return switch (name) {
      case "holdings" ->
          "    time_index: time_index\n    identity: [account_uid, unique_identifier]\n";
      case "rates" -> "    time_index: event_time\n    identity: []\n";
      case "odd" -> "    time_index: time_index\n    identity: [account]\n";
      default -> "    time_index: time_index\n    identity: [unique_identifier]\n";
    };
  }
}
