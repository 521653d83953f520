package io.datanode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Nodes full of values that are easily mangled, the same rows in every storage: NaN, infinities,
 * both zeros, NULL, limits of every type, instants a microsecond apart around changes of summer
 * time, times without end, text that differs by case, blanks, accents and by characters beyond 16
 * bits, duplicates, a node of one row and one without rows.
 *
 * <p>Three things are kept simple on purpose, so that an answer is defined: {@code id} is unique;
 * within an asset the times of a node are unique; {@code ratio} and {@code eps} are multiples of
 * 1/8, so that sums of them do not depend on the order.
 */
public final class OddNodes {
  /** Where the rows of a node are. */
  public enum Place {
    /** A table of a DuckDB file. */
    DUCKDB,
    /** A Parquet file read by DuckDB. */
    PARQUET,
    /** A table of PostgreSQL. */
    POSTGRESQL
  }

  /** Names of the nodes. */
  public static final List<String> NODES =
      List.of("ticks", "fundamentals", "assets", "nothing", "single", "spans", "restated");

  /** Nodes stitched from {@code ticks} and the same rows elsewhere; all have the rows of ticks. */
  public static final List<String> STITCHED_TICKS =
      List.of("ticks_until_march", "ticks_by_end", "ticks_of_history", "ticks_of_live");

  private static final String STITCHED =
      """
        - identifier: ticks_until_march
          stitch: { parts: [ticks, later_ticks], boundary: "2024-03-10T07:00:00Z" }
        - identifier: ticks_by_end
          stitch: { parts: [ticks, later_ticks], boundary: history_end }
        - identifier: ticks_of_history
          identity: [id]
          stitch: { parts: [ticks, later_ticks], overlap: history }
        - identifier: ticks_of_live
          identity: [id]
          stitch: { parts: [ticks, later_ticks], overlap: live }
      """;

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE ticks (id BIGINT NOT NULL, asset_identifier TEXT,
            time_index TIMESTAMPTZ NOT NULL, price DOUBLE PRECISION, ratio DOUBLE PRECISION,
            extreme DOUBLE PRECISION, amount NUMERIC(18, 4), wide NUMERIC(38, 10), size INTEGER,
            whole INTEGER, volume BIGINT, flag BOOLEAN, label TEXT, day DATE, moment TIMESTAMP,
            seen_at TIMESTAMPTZ)""",
          """
          CREATE TABLE fundamentals (id BIGINT NOT NULL, asset_identifier TEXT,
            time_index TIMESTAMPTZ NOT NULL, published_at TIMESTAMPTZ NOT NULL,
            eps DOUBLE PRECISION, revenue NUMERIC(18, 2), rating INTEGER, source TEXT)""",
          """
          CREATE TABLE assets (asset_identifier TEXT NOT NULL, name TEXT, category TEXT,
            currency TEXT, listed_on DATE, lot INTEGER, active BOOLEAN)""",
          """
          CREATE TABLE nothing (id BIGINT, asset_identifier TEXT, time_index TIMESTAMPTZ,
            price DOUBLE PRECISION, label TEXT, size INTEGER)""",
          """
          CREATE TABLE single (id BIGINT, asset_identifier TEXT, time_index TIMESTAMPTZ,
            price DOUBLE PRECISION, label TEXT, size INTEGER)""",
          """
          CREATE TABLE spans (id BIGINT NOT NULL, asset_identifier TEXT,
            time_index TIMESTAMPTZ NOT NULL, opens TIME, session UUID, marks INTEGER[],
            valid_from TIMESTAMPTZ, valid_to TIMESTAMPTZ)""",
          """
          INSERT INTO single VALUES
            (7, 'SAP', TIMESTAMPTZ '2024-03-10 07:00:00+00', 2.5, 'x', 3)""");

  /** Texts that are easily taken for each other. */
  public static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "A",
          "a ",
          " a",
          "ab",
          "aB",
          "á",
          "a\u0301",
          "ß",
          "SS",
          "ss",
          "İ",
          "ı",
          "ﬁ",
          "😀",
          "\uFFFD",
          "👩\u200D👧",
          "Ａ",
          "zebra",
          "Zebra",
          "%",
          "_",
          "a_b",
          "a%b",
          "\\",
          "it's",
          "\"q\"",
          "x\ty",
          "0",
          "10",
          "9",
          "null",
          "NaN",
          "东京",
          "a\u00A0");

  private static final List<String> ASSETS =
      List.of("AAPL", "aapl", "SAP", "SAP ", "Ärzte", "", "Z😀", "JPM");

  private static final List<String> INSTANTS =
      List.of(
          "2024-03-10 06:59:59.999999",
          "2024-03-10 07:00:00",
          "2024-03-10 07:00:00.000001",
          "2024-03-31 00:59:59.999999",
          "2024-03-31 01:00:00",
          "2024-10-27 00:30:00",
          "2024-10-27 01:30:00",
          "2024-11-03 05:30:00",
          "2024-11-03 06:30:00",
          "1969-12-31 23:59:59.999999",
          "1970-01-01 00:00:00",
          "1999-12-31 23:59:59.5",
          "2000-02-29 12:00:00",
          "2024-01-01 00:00:00",
          "2024-12-31 23:59:59.999999",
          "1500-01-01 00:00:00",
          "9999-12-31 23:59:59.999999",
          "2038-01-19 03:14:08");

  /** Those of {@link #INSTANTS} to which years can be added. */
  private static final List<String> RECENT = INSTANTS.subList(0, 15);

  private static final List<String> PRICES =
      List.of(
          "'NaN'",
          "'Infinity'",
          "'-Infinity'",
          "'-0'",
          "'0'",
          "'0.1'",
          "'0.30000000000000004'",
          "'1'",
          "'1'",
          "'-1'",
          "'2.5'",
          "'-2.5'",
          "'3.5'",
          "'99.995'",
          "'100.25'",
          "'-17.375'",
          "'1e-7'",
          "'12345.678'",
          "NULL");

  private static final List<String> EXTREMES =
      List.of(
          "'1e300'",
          "'-1e300'",
          "'5e-324'",
          "'1.7976931348623157e308'",
          "'-1.7976931348623157e308'",
          "'9007199254740993'",
          "'123456789.12345679'",
          "'1e15'",
          "'1e16'",
          "'1e-5'",
          "'0.0001'",
          "'1.5'",
          "NULL");

  private static final List<String> AMOUNTS =
      List.of(
          "99999999999999.9999",
          "-99999999999999.9999",
          "0.0001",
          "-0.0001",
          "0",
          "0.5",
          "1.5",
          "2.5",
          "-2.5",
          "100",
          "0.125",
          "12.3450",
          "NULL");

  private static final List<String> WIDES =
      List.of(
          "9999999999999999999999999999.9999999999",
          "-9999999999999999999999999999.9999999999",
          "0.0000000001",
          "0",
          "1",
          "9007199254740993",
          "NULL");

  private static final List<String> VOLUMES =
      List.of(
          "9223372036854775807",
          "-9223372036854775808",
          "9007199254740993",
          "9007199254740992",
          "0",
          "-1",
          "1000",
          "1000",
          "NULL");

  private static final List<String> WHOLES =
      List.of("2147483647", "-2147483648", "0", "1", "-1", "NULL");

  private static final List<String> DAYS =
      List.of(
          "1500-01-01",
          "9999-12-31",
          "2024-02-29",
          "1970-01-01",
          "1969-12-31",
          "2024-03-10",
          "2024-03-31",
          "2024-12-30",
          "2000-01-01",
          "2024-03-10");

  private static final List<String> MOMENTS =
      List.of(
          "2024-03-10 02:30:00",
          "2024-03-10 07:00:00.000001",
          "2024-11-03 01:30:00",
          "2024-03-31 02:30:00",
          "1970-01-01 00:00:00",
          "1500-01-01 00:00:00",
          "9999-12-31 23:59:59.999999");

  private static final List<String> OPENINGS =
      List.of("00:00:00", "09:30:00", "09:30:00.000001", "23:59:59.999999", "12:00:00.5");

  /** Texts of sessions, of which the least as signed bits is not the least as text. */
  public static final List<String> SESSIONS =
      List.of(
          "00000000-0000-0000-0000-000000000000",
          "7fffffff-ffff-ffff-ffff-ffffffffffff",
          "80000000-0000-0000-0000-000000000000",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
          "123e4567-e89b-12d3-a456-426614174000");

  private static final List<String> MARKS =
      List.of(
          "CAST(ARRAY[1, 2, 3] AS INTEGER[])",
          "CAST(ARRAY[] AS INTEGER[])",
          "CAST(ARRAY[NULL, -5] AS INTEGER[])",
          "NULL");

  private static final Map<MarketNodes.Place, Path> SHARED = new EnumMap<>(MarketNodes.Place.class);

  private OddNodes() {}

  /** Statements that make the tables and fill them, for DuckDB as for PostgreSQL. */
  private static List<String> statements() {
    List<String> all = new ArrayList<>(TABLES);
    all.add(insert("ticks", 64, OddNodes::tick));
    all.add(insert("fundamentals", 28, OddNodes::fundamental));
    all.add(insert("assets", ASSETS.size(), OddNodes::asset));
    all.add(insert("spans", 24, OddNodes::span));
    all.addAll(RestatedRows.statements());
    return all;
  }

  private interface Row {
    String values(int i);
  }

  private static String insert(String table, int rows, Row row) {
    StringJoiner insert = new StringJoiner(",\n", "INSERT INTO " + table + " VALUES ", "");
    for (int i = 0; i < rows; i++) {
      insert.add(row.values(i));
    }
    return insert.toString();
  }

  private static String tick(int i) {
    return row(
        "" + i,
        i % 9 == 8 ? "NULL" : text(of(ASSETS, i % 9)),
        // Within an asset no instant occurs twice.
        instant(of(INSTANTS, i / 9 + 2 * (i % 9)), i % 9),
        typed("DOUBLE PRECISION", of(PRICES, i * 7)),
        i % 10 == 0 ? "NULL" : "" + (i * 37 % 129 - 64) / 8.0,
        typed("DOUBLE PRECISION", of(EXTREMES, i * 5)),
        of(AMOUNTS, i * 3),
        of(WIDES, i * 3),
        i % 11 == 5 ? "NULL" : "" + (i * 17 % 23 - 11),
        of(WHOLES, i * 5 + i / 6),
        of(VOLUMES, i * 2 + i / 9),
        i % 5 == 4 ? "NULL" : i % 3 == 0 ? "TRUE" : "FALSE",
        i % 13 == 7 ? "NULL" : text(of(TEXTS, i)),
        i % 8 == 7 ? "NULL" : "DATE '" + of(DAYS, i * 3) + "'",
        i % 7 == 6 ? "NULL" : "TIMESTAMP '" + of(MOMENTS, i) + "'",
        i % 6 == 5 ? "NULL" : instant(of(RECENT, i * 4), 0));
  }

  private static String fundamental(int i) {
    return row(
        "" + i,
        i % 9 == 8 ? "NULL" : text(of(ASSETS, i % 9)),
        instant(of(INSTANTS, i / 4), 0),
        // Shifted by asset, as the times of ticks are.
        instant(of(RECENT, i / 9 + i % 9), i % 9),
        i % 7 == 3 ? "NULL" : "" + (i * 29 % 97 - 48) / 8.0,
        i % 6 == 5 ? "NULL" : "" + (i * 1234567 % 9999 - 4000) / 100.0,
        i % 5 == 2 ? "NULL" : "" + i % 4,
        i % 8 == 1 ? "NULL" : text(of(TEXTS, i * 5)));
  }

  private static String asset(int i) {
    return row(
        text(ASSETS.get(i)),
        i == 3 ? "NULL" : text("Name " + of(TEXTS, i + 8)),
        text(i % 3 == 0 ? "equity" : "Equity"),
        i == 5 ? "NULL" : text(i % 2 == 0 ? "EUR" : "USD"),
        "DATE '" + of(DAYS, 2 + i) + "'",
        i == 6 ? "NULL" : "" + i * 10,
        i == 2 ? "NULL" : i % 2 == 0 ? "TRUE" : "FALSE");
  }

  private static String span(int i) {
    return row(
        "" + i,
        i % 9 == 8 ? "NULL" : text(of(ASSETS, i % 9)),
        instant(of(INSTANTS, i / 9 + 2 * (i % 9)), i % 9),
        i % 7 == 5 ? "NULL" : "TIME '" + of(OPENINGS, i) + "'",
        i % 8 == 6 ? "NULL" : "CAST('" + of(SESSIONS, i * 3) + "' AS UUID)",
        of(MARKS, i),
        i % 4 == 0 ? "TIMESTAMPTZ '-infinity'" : instant(of(RECENT, i), 0),
        i % 3 == 0 ? "TIMESTAMPTZ 'infinity'" : instant(of(RECENT, i + 3), 0));
  }

  private static <T> T of(List<T> values, int i) {
    return values.get(i % values.size());
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  private static String typed(String type, String value) {
    return "CAST(" + value + " AS " + type + ")";
  }

  /** An instant, or one some microseconds earlier. */
  private static String instant(String text, int earlier) {
    return earlier == 0
        ? "TIMESTAMPTZ '" + text + "+00'"
        : "TIMESTAMPTZ '" + text + "+00' - INTERVAL '0.00000" + earlier + " seconds'";
  }

  private static String row(String... values) {
    return "(" + String.join(", ", values) + ")";
  }

  /**
   * Writes {@code odd.duckdb} and a Parquet file for each node into a folder.
   *
   * @param changes statements that change the rows before
   */
  public static void writeFiles(Path folder, String... changes) {
    try (Connection duckdb =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("odd.duckdb"));
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String sql : statements()) {
        statement.execute(sql);
      }
      for (String sql : changes) {
        statement.execute(sql);
      }
      for (String node : NODES) {
        statement.execute(
            "COPY " + node + " TO '" + folder.resolve(node + ".parquet") + "' (FORMAT parquet)");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Makes the tables in a database of PostgreSQL and gives its URL.
   *
   * @param changes statements that change the rows before
   */
  public static String inPostgreSql(String... changes) {
    String url = PostgreSql.newDatabase();
    List<String> all = new ArrayList<>(List.of("SET TIME ZONE 'UTC'"));
    all.addAll(statements());
    all.addAll(List.of(changes));
    all.add("ANALYZE");
    PostgreSql.run(url, all.toArray(String[]::new));
    return url;
  }

  /** The catalog of the nodes at a place, written once per JVM and only read. */
  public static synchronized Path catalog(MarketNodes.Place place) {
    return SHARED.computeIfAbsent(place, OddNodes::written);
  }

  private static Path written(MarketNodes.Place place) {
    if (place == MarketNodes.Place.OTHER_CATALOG) {
      return ofOtherCatalog(
          TemporaryFolders.create("odd-nodes").resolve("catalog.yaml"),
          catalog(MarketNodes.Place.DUCKDB));
    }
    Path folder = TemporaryFolders.create("odd-nodes");
    writeFiles(folder);
    Map<String, Place> places = new LinkedHashMap<>();
    for (String node : NODES) {
      boolean prices = node.equals("ticks") || node.equals("nothing");
      boolean postgreSql =
          switch (place) {
            case DUCKDB -> false;
            case POSTGRESQL -> true;
            case SPLIT -> !prices;
            case SPLIT_OTHERWISE -> prices;
            case OTHER_CATALOG -> throw new IllegalStateException("it has no tables of its own");
          };
      places.put(node, postgreSql ? Place.POSTGRESQL : Place.DUCKDB);
    }
    return catalog(folder, "catalog.yaml", places, inPostgreSql());
  }

  /** Writes a catalog of the same nodes, read from another catalog of them. */
  public static Path ofOtherCatalog(Path file, Path other) {
    try {
      return Files.writeString(file, MarketNodes.ofOtherCatalog(Files.readString(other), other));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a catalog of the nodes.
   *
   * @param folder holds the files of {@link #writeFiles}
   * @param name of the catalog file
   * @param places where each node is
   * @param postgreSql URL of the database, if a node is there
   */
  public static Path catalog(
      Path folder, String name, Map<String, Place> places, String postgreSql) {
    StringBuilder yaml = new StringBuilder("storages:\n");
    if (places.containsValue(Place.DUCKDB)) {
      yaml.append("  book: { type: duckdb, path: ./odd.duckdb }\n");
    }
    if (places.containsValue(Place.PARQUET)) {
      yaml.append("  lake: { type: duckdb, path: . }\n");
    }
    if (places.containsValue(Place.POSTGRESQL)) {
      yaml.append("  desk: { type: postgresql, url: \"")
          .append(postgreSql)
          .append("\", user: postgres }\n");
    }
    yaml.append("nodes:\n");
    places.forEach((node, place) -> yaml.append(node(node, node, place)));
    if (places.containsKey("ticks") && places.containsKey("fundamentals")) {
      yaml.append(node("later_ticks", "ticks", places.get("fundamentals"))).append(STITCHED);
    }
    try {
      return Files.writeString(folder.resolve(name), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String node(String identifier, String table, Place place) {
    return "  - identifier: "
        + identifier
        + switch (place) {
          case DUCKDB -> "\n    storage: book\n    table: " + table;
          case PARQUET -> "\n    storage: lake\n    files: " + table + ".parquet";
          case POSTGRESQL -> "\n    storage: desk\n    table: public." + table;
        }
        + switch (table) {
          case "assets" -> "";
          case "restated" -> RestatedRows.DECLARED;
          default -> "\n    time_index: time_index";
        }
        + "\n    asset: asset_identifier\n";
  }
}
