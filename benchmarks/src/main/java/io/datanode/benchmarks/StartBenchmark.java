package io.datanode.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;

/** New JVMs and large catalogs. */
public final class StartBenchmark {
  private static final int JVMS = 7;
  private static final int NODES = 10_000;
  private static final String QUERY =
      "SELECT time_index, close FROM prices WHERE asset_identifier = 'ASSET_0007' LIMIT 100";

  private StartBenchmark() {}

  /** Runs all and prints what it finds. */
  public static void main(String[] arguments) throws Exception {
    Path file = MarketData.file();
    firstQuery("DuckDB JDBC", "jdbc:duckdb:" + file, QUERY);
    firstQuery("jdbc:datanode: <file.duckdb>", "jdbc:datanode:" + file, QUERY);
    catalog(file);
  }

  private static void firstQuery(String name, String url, String query) throws Exception {
    double[][] phases = new double[4][JVMS];
    for (int i = 0; i < JVMS; i++) {
      Process jvm =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  FirstQuery.class.getName(),
                  url,
                  query)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
        String[] times = out.readLine().split(" ");
        for (int phase = 0; phase < phases.length; phase++) {
          phases[phase][i] = Double.parseDouble(times[phase]);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "new JVM, %s: main at %.0f ms, connected at %.0f, first query read at %.0f, second at %.0f"
            + " (medians of %d)%n",
        name,
        median(phases[0]),
        median(phases[1]),
        median(phases[2]),
        median(phases[3]),
        JVMS);
  }

  private static void catalog(Path file) throws Exception {
    Path one = write("one", file, 1);
    Path many = write("many", file, NODES);
    double[] listing = new double[JVMS];
    double[] first = new double[JVMS];
    double[] firstOfOne = new double[JVMS];
    double[] ratios = new double[JVMS];
    double[] opening = new double[JVMS];
    for (int i = -2; i < JVMS; i++) {
      double[] small = open(one);
      double[] large = open(many);
      if (i >= 0) {
        opening[i] = large[0];
        listing[i] = large[1];
        first[i] = large[2];
        firstOfOne[i] = small[2];
        ratios[i] = large[2] / small[2];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "catalog of %d nodes: opened in %.0f ms, getTables %.1f ms, first query on one node %.1f ms;"
            + " in a catalog of one node %.1f ms, ratio %.2f%n",
        NODES,
        median(opening),
        median(listing),
        median(first),
        median(firstOfOne),
        median(ratios));
  }

  /** Milliseconds to connect, to list all tables, and for the first query on one of them. */
  private static double[] open(Path catalog) throws Exception {
    double[] times = new double[3];
    long start = System.nanoTime();
    try (Connection connection = DriverManager.getConnection("jdbc:datanode:" + catalog)) {
      times[0] = (System.nanoTime() - start) / 1e6;
      start = System.nanoTime();
      try (ResultSet tables = connection.getMetaData().getTables(null, null, "%", null)) {
        while (tables.next()) {
          tables.getString(3);
        }
      }
      times[1] = (System.nanoTime() - start) / 1e6;
      start = System.nanoTime();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(QUERY.replace("prices", "node_00000"))) {
        while (rows.next()) {
          rows.getObject(1);
        }
      }
      times[2] = (System.nanoTime() - start) / 1e6;
    }
    return times;
  }

  private static Path write(String name, Path file, int nodes) throws IOException {
    StringBuilder yaml = new StringBuilder("storages:\n  desk: { type: duckdb, path: \"");
    yaml.append(file).append("\" }\nnodes:\n");
    for (int i = 0; i < nodes; i++) {
      yaml.append(String.format(Locale.ROOT, "  - identifier: node_%05d%n", i))
          .append("    storage: desk\n    table: main.prices\n    time_index: time_index\n")
          .append("    asset: asset_identifier\n");
    }
    Path folder = file.resolveSibling("catalog-" + name);
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve("catalog.yaml"), yaml.toString());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
