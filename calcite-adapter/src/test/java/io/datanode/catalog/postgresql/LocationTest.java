package io.datanode.catalog.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalogs;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a location may say, and that none of its secrets is shown. */
class LocationTest {
  private static Location parse(String location, String... environment) {
    Map<String, String> values =
        environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]);
    return Location.parse(location, values::get);
  }

  @Test
  void namesHostDatabaseAndKeysOfTheDriver() {
    Location location =
        parse("postgresql://reader:pass%40word@db1:5432,[::1]:5433/mar%20kets?sslmode=require");
    assertEquals("jdbc:postgresql://db1:5432,[::1]:5433/mar%20kets", location.jdbcUrl());
    assertEquals(Optional.of("reader"), location.user());
    assertEquals("pass@word", location.properties().getProperty("password"));
    assertEquals("require", location.properties().getProperty("sslmode"));
    assertEquals("datanode", location.schema());
    assertEquals("postgresql://db1:5432,[::1]:5433/mar%20kets", location.shown());
  }

  @Test
  void theSchemaOfTheTablesMayBeAnother() {
    Location location = parse("postgres://db/markets?catalogSchema=data%20nodes&user=a+b");
    assertEquals("data nodes", location.schema());
    assertEquals(Optional.of("a+b"), location.user());
    assertEquals("postgres://db/markets?catalogSchema=data nodes", location.shown());
  }

  @Test
  void userAndPasswordComeFromTheEnvironmentUnlessGiven() {
    Location location =
        Location.parse(
            "postgresql://db/markets", Map.of("PGUSER", "reader", "PGPASSWORD", "s3cret")::get);
    assertEquals(Optional.of("reader"), location.user());
    assertEquals("s3cret", location.properties().getProperty("password"));
    assertEquals(Optional.of("other"), parse("postgresql://other@db/m", "PGUSER", "reader").user());
  }

  @Test
  void aPasswordMayBeAReference() {
    Location location = parse("postgresql://u:${ENV:DESK}@db/markets", "DESK", "s%3cret");
    assertEquals("s%3cret", location.properties().getProperty("password"));
    assertFalse(location.toString().contains("cret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "postgresql://db | Catalog 'postgresql://db' names no database; expected"
            + " postgresql://host:5432/database",
        "postgresql://u:s3/cret@db/m | Catalog 'postgresql://...' is not well formed; expected"
            + " postgresql://user@host:5432/database?key=value, with %40 for @, %3A for :, %2F for /"
            + " and %3F for ? in names and passwords",
        "postgresql://db/m?slmode=x | Catalog 'postgresql://db/m' has an unknown key 'slmode'; did"
            + " you mean 'sslmode'?",
        "postgresql://db/m?timeZone=UTC | Catalog 'postgresql://db/m' has an unknown key"
            + " 'timeZone'; expected catalogSchema or a key of the PostgreSQL driver",
        "postgresql://db/m?sslmode | Catalog 'postgresql://db/m' has 'sslmode' after '?'; expected"
            + " key=value",
        "postgresql://db/m?user=a&user=b | Catalog 'postgresql://db/m' has the key 'user' twice",
        "postgresql://db/m?catalogSchema= | Catalog 'postgresql://db/m' has an empty catalogSchema;"
            + " expected the name of a schema",
        "postgresql://u:s3cret%4@db/m | Catalog 'postgresql://db/m' has a '%' that is not followed"
            + " by two hexadecimal digits; write %25",
        "postgresql://u:${ENV:NO}@db/m | Catalog 'postgresql://db/m' cannot be opened: Environment"
            + " variable NO is not set"
      })
  void mistakesAreToldWithoutSecrets(String location, String message) {
    DataNodeException e = assertThrows(DataNodeException.class, () -> parse(location));
    assertEquals(message, e.getMessage());
    assertEquals("F0000", e.sqlState());
  }

  @ParameterizedTest
  @ValueSource(strings = {"./postgresql", "postgresql:x", "mysql://db/m", "//db/m"})
  void otherPlacesAreLeftToOthers(String location) {
    assertFalse(Location.accepts(location));
  }

  @Test
  void aUrlOfNoCatalogIsToldWithoutItsPassword() {
    DataNodeException e =
        assertThrows(DataNodeException.class, () -> Catalogs.open("mysql://u:s3cret@db/m", null));
    assertEquals(
        "'mysql://db/m' is no catalog; expected a .yaml, .yml or .json file, or a folder, a"
            + " .parquet, .csv or .csv.gz file, or a .duckdb file, or"
            + " postgresql://host:5432/database, or datanode://host:8765/",
        e.getMessage());
  }
}
