package io.datanode.catalog.postgresql;

import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogChanges;
import io.datanode.catalog.Catalogs;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.StorageInspector;
import io.datanode.node.TableSource;
import io.datanode.testing.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A database of its own for one test, and catalog files to import into it. */
final class TestDatabase {
  /** A file names its nodes itself. */
  private static final StorageInspector NO_STORAGE =
      new StorageInspector() {
        @Override
        public List<TableSource.Table> tables(StorageDeclaration storage) {
          throw new AssertionError("asked for the tables of " + storage);
        }

        @Override
        public List<String> columns(StorageDeclaration storage, TableSource source) {
          throw new AssertionError("asked for the columns of " + source);
        }
      };

  private final Path folder;
  private final String url;
  private Function<String, String> environment = name -> null;

  TestDatabase(Path folder) {
    this(folder, PostgreSql.newDatabase());
  }

  TestDatabase(Path folder, String url) {
    this.folder = folder;
    this.url = url;
  }

  TestDatabase withEnvironment(Map<String, String> values) {
    environment = values::get;
    return this;
  }

  /** The location, for user postgres. */
  String location() {
    return url.substring("jdbc:".length());
  }

  /** The location for another user, in place of postgres. */
  String location(String user) {
    return location().replace("user=postgres", "user=" + user);
  }

  PostgreSqlCatalog catalog() {
    return catalog(location());
  }

  PostgreSqlCatalog catalog(String location) {
    return new PostgreSqlCatalog(
        new CatalogDatabase(Location.parse(location, environment::apply)), environment::apply);
  }

  /** Makes the tables. */
  TestDatabase migrated() {
    try (PostgreSqlCatalog catalog = catalog()) {
      catalog.migrate();
    }
    return this;
  }

  /** Imports a catalog file with this text. */
  CatalogChanges importing(String yaml) {
    return importing(yaml, false);
  }

  CatalogChanges importing(String yaml, boolean dryRun) {
    try (Catalog file = file(yaml);
        PostgreSqlCatalog catalog = catalog()) {
      return catalog.replace(file.declared(), dryRun);
    }
  }

  /** A catalog file with this text. */
  Catalog file(String yaml) {
    try {
      Path file = folder.resolve("catalog.yaml");
      Files.writeString(file, yaml);
      return Catalogs.open(file.toString(), NO_STORAGE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void run(String... statements) {
    PostgreSql.run(url, statements);
  }

  /** The first column of the first row. */
  String ask(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
