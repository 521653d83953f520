package io.datanode.catalog.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes the tables of a catalog, and brings older ones up to date. */
final class Migrations {
  /** The version of the tables that this program reads and writes. */
  static final int TABLES_VERSION = 3;

  static final String FOLDER = "io/datanode/catalog/postgresql/migrations";

  private Migrations() {}

  /**
   * Runs what has not been run yet; others that do the same wait.
   *
   * @return what was done, one line each
   * @throws DataNodeException 42501 if the user may not, F0000 if the tables are of a later version
   */
  static List<String> run(CatalogDatabase database) {
    Location location = database.location();
    PGSimpleDataSource login = new PGSimpleDataSource();
    try {
      login.setURL(location.jdbcUrl());
      for (String key : location.properties().stringPropertyNames()) {
        login.setProperty(key, location.properties().getProperty(key));
      }
      MigrateResult result =
          Flyway.configure(Migrations.class.getClassLoader())
              .dataSource(login)
              .defaultSchema(location.schema())
              .schemas(location.schema())
              .createSchemas(true)
              .table("migrations")
              .locations("classpath:" + FOLDER)
              // ${ENV:NAME} in a script is meant as it stands.
              .placeholderReplacement(false)
              .cleanDisabled(true)
              .load()
              .migrate();
      return result.migrations.stream()
          .map(
              migration ->
                  "Schema \""
                      + location.schema()
                      + "\": version "
                      + migration.version
                      + ", "
                      + migration.description)
          .toList();
    } catch (SQLException e) {
      throw database.explained(e);
    } catch (FlywayException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql) {
          throw database.explained(sql);
        }
      }
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          database.named() + " cannot be migrated: " + e.getMessage(),
          e);
    }
  }
}
