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
import java.util.List;
import java.util.Map;

/** Nodes over tables that a test makes with its own statements, the same rows in every storage. */
public final class OwnNodes {
  private OwnNodes() {}

  /**
   * Makes the tables and a catalog of them.
   *
   * @param place where they are; split places have the first node in one storage and all others in
   *     the other
   * @param statements make and fill the tables, in DuckDB as in PostgreSQL
   * @param nodes by name, the name of their tables too, what the catalog says of them in YAML
   *     beside where they are, such as {@code time_index: t}
   */
  public static Path catalog(
      MarketNodes.Place place, List<String> statements, Map<String, List<String>> nodes) {
    Path folder = TemporaryFolders.create("own-nodes");
    if (place == MarketNodes.Place.OTHER_CATALOG) {
      Path other = catalog(MarketNodes.Place.DUCKDB, statements, nodes);
      try {
        return Files.writeString(
            folder.resolve("catalog.yaml"),
            MarketNodes.ofOtherCatalog(Files.readString(other), other));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    List<String> all = new ArrayList<>(List.of("SET TIME ZONE 'UTC'"));
    all.addAll(statements);
    inDuckDb(folder.resolve("own.duckdb"), all);
    StringBuilder yaml = new StringBuilder("storages:\n");
    yaml.append("  book: { type: duckdb, path: ./own.duckdb }\n");
    if (place != MarketNodes.Place.DUCKDB) {
      String url = PostgreSql.newDatabase();
      all.add("ANALYZE");
      PostgreSql.run(url, all.toArray(String[]::new));
      yaml.append("  desk: { type: postgresql, url: \"")
          .append(url)
          .append("\", user: postgres }\n");
    }
    yaml.append("nodes:\n");
    boolean first = true;
    for (Map.Entry<String, List<String>> node : nodes.entrySet()) {
      boolean postgreSql =
          switch (place) {
            case POSTGRESQL -> true;
            case SPLIT -> !first;
            case SPLIT_OTHERWISE -> first;
            default -> false;
          };
      first = false;
      yaml.append("  - identifier: ").append(node.getKey()).append('\n');
      yaml.append(postgreSql ? "    storage: desk\n" : "    storage: book\n");
      yaml.append("    table: ").append(postgreSql ? "public." : "").append(node.getKey());
      yaml.append('\n');
      node.getValue().forEach(line -> yaml.append("    ").append(line).append('\n'));
    }
    try {
      return Files.writeString(folder.resolve("catalog.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void inDuckDb(Path file, List<String> statements) {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
