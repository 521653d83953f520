package io.datanode.publish;

import io.datanode.node.NodeName;
import io.datanode.publish.PublishRequest.NewNode;
import io.datanode.storage.WriteMode;
import io.datanode.testing.PostgreSql;
import io.datanode.testing.SqlFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A catalog with one storage, to publish to. */
final class PublishingCatalog {
  /** What the storage is. */
  enum Place {
    FOLDER,
    DATABASE_FILE,
    POSTGRESQL
  }

  private final Path folder;
  private final Place place;

  private final String url;
  private final AtomicInteger sources = new AtomicInteger();

  private PublishingCatalog(Path folder, Place place) {
    this.folder = folder;
    this.place = place;
    this.url = place == Place.POSTGRESQL ? PostgreSql.newDatabase() : "";
  }

  /** A catalog without nodes in a folder of its own. */
  static PublishingCatalog at(Place place, Path folder) {
    PublishingCatalog catalog = new PublishingCatalog(folder, place);
    String storage =
        switch (place) {
          case FOLDER -> "type: duckdb, path: ./data";
          case DATABASE_FILE -> "type: duckdb, path: ./lake.duckdb";
          case POSTGRESQL -> "type: postgresql, user: postgres, url: \"" + catalog.url + "\"";
        };
    catalog.write("catalog.yaml", "storages:\n  lake: { " + storage + " }\n");
    return catalog;
  }

  Path file() {
    return folder.resolve("catalog.yaml");
  }

  /** Of the database, if the storage is PostgreSQL. */
  String url() {
    return url;
  }

  String text() {
    try {
      return Files.readString(file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file beside the catalog. */
  Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files in the storage, but for rows to be published and files that are only locked. */
  List<String> files() {
    Path data = place == Place.FOLDER ? folder.resolve("data") : folder;
    if (!Files.exists(data)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(data)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.endsWith(".lock") && !name.endsWith(".csv"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows of prices as CSV, with one line each after the names of the columns. */
  RowSource prices(String... rows) {
    return csv("time_index,asset_identifier,close,note", rows);
  }

  RowSource csv(String names, String... rows) {
    String text = names + "\n" + String.join("\n", rows) + "\n";
    String name = "new" + sources.incrementAndGet() + ".csv";
    return new RowSource.Locations(List.of(write(name, text).toString()));
  }

  /** One price of SAP, with these expressions as the other columns. */
  RowSource query(String values) {
    return new RowSource.Query(
        "SELECT TIMESTAMP WITH LOCAL TIME ZONE '2024-01-02 00:00:00' AS time_index,"
            + " 'SAP' AS asset_identifier, "
            + values);
  }

  Published create(String identifier, RowSource rows) {
    return create(identifier, rows, NewNode.NOTHING);
  }

  Published create(String identifier, RowSource rows, NewNode node) {
    return publish(identifier, rows, WriteMode.CREATE, node, false);
  }

  Published change(WriteMode mode, String identifier, RowSource rows) {
    return publish(identifier, rows, mode, NewNode.NOTHING, false);
  }

  Published publish(
      String identifier, RowSource rows, WriteMode mode, NewNode node, boolean dryRun) {
    NodeName name = new NodeName(NodeName.DEFAULT_NAMESPACE, identifier);
    try {
      return Publisher.publish(
          file().toString(), new PublishRequest(name, rows, mode, false, dryRun, node));
    } catch (SQLException e) {
      throw new AssertionError(e.getSQLState() + " " + e.getMessage(), e);
    }
  }

  /** A question to the catalog. */
  SqlFixture sql(String sql) {
    return SqlFixture.sql(sql).over(file());
  }

  /** What is said of a new node whose index is not that of prices. */
  static NewNode index(@Nullable String knowledgeTime, String... columns) {
    return new NewNode(null, null, List.of(columns), null, knowledgeTime, null, null, List.of());
  }
}
