package io.datanode.jdbc;

import static io.datanode.jdbc.ConnectionTest.assertError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What URLs and settings mean, and how mistakes in them are told. */
class ConnectUrlTest {
  private static ConnectUrl parse(String url) throws SQLException {
    return ConnectUrl.parse(url, null);
  }

  @Test
  void aPlaceMayBeAUrlWithKeysOfItsOwn() throws SQLException {
    ConnectUrl url =
        parse(
            "jdbc:datanode:postgresql://reader@db:5432/markets?sslmode=require&timeZone=Asia/Tokyo"
                + "&connectTimeout=3&catalogSchema=a%20b");
    assertFalse(url.remote());
    assertEquals(
        "postgresql://reader@db:5432/markets?sslmode=require&connectTimeout=3&catalogSchema=a%20b",
        url.path());
    assertEquals("Asia/Tokyo", url.value(Setting.TIME_ZONE));
    assertEquals("jdbc:datanode:postgresql://db:5432/markets", url.shown());
  }

  @Test
  void aLoginIsForTheServerThatThePlaceNames() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "reader");
    login.setProperty("password", "a&b c");
    ConnectUrl url =
        ConnectUrl.parse("jdbc:datanode:postgresql://db/markets?user=other&ssl=true", login);
    assertEquals("postgresql://db/markets?user=reader&ssl=true&password=a%26b%20c", url.path());
    assertEquals("jdbc:datanode:postgresql://db/markets", url.shown());
  }

  @Test
  void noPartOfAPasswordIsShown() {
    for (String place :
        List.of(
            "postgresql://u:s3cret@db/x",
            "postgresql://u:s3/cret@db/x",
            "postgresql://u:s3?cret@db/x",
            "postgresql://u:s3@cret@db/x",
            "postgresql://db/x?password=s3@cret",
            "postgresql://db/x?password=s3cret",
            "mysql://u:s3cret@db")) {
      assertFalse(ConnectUrl.shown(place).contains("s3"), ConnectUrl.shown(place));
      assertFalse(ConnectUrl.shown(place).contains("cret"), ConnectUrl.shown(place));
    }
  }

  @Test
  void pathsAreTakenAsTheyStand() throws SQLException {
    assertEquals("./market-data", parse("jdbc:datanode:./market-data").path());
    assertEquals("/data/a.duckdb", parse("jdbc:datanode:/data/a.duckdb?schema=x").path());
    assertEquals("C:\\data\\catalog.yaml", parse("jdbc:datanode:C:\\data\\catalog.yaml").path());
    assertEquals("/tmp/50% off?/é", parse("jdbc:datanode:/tmp/50%25 off%3F/%C3%A9").path());
    assertFalse(parse("jdbc:datanode:x").remote());
  }

  @Test
  void serversHaveAPortUnlessItIsTheUsualOne() throws SQLException {
    assertEquals("[localhost:8765]", parse("jdbc:datanode://localhost").addresses().toString());
    assertEquals(
        "[a:1, b:8765, [::1]:7]", parse("jdbc:datanode://a:1,b,[::1]:7/?").addresses().toString());
    assertEquals("[[::1]:8765]", parse("jdbc:datanode://[::1]/").addresses().toString());
    assertTrue(parse("jdbc:datanode://h/").remote());
    for (String wrong : new String[] {"", ":5", "h:", "h:0", "h:65536", "h:http", "u:p@h"}) {
      SQLException e =
          org.junit.jupiter.api.Assertions.assertThrows(
              SQLException.class, () -> parse("jdbc:datanode://" + wrong + "/"));
      assertEquals("22023", e.getSQLState());
      assertTrue(e.getMessage().contains("expected host or host:port"), e.getMessage());
    }
    assertError(
        "22023",
        "URL has 'research' after the server; expected nothing, or ?schema=research to choose a"
            + " schema",
        () -> parse("jdbc:datanode://h:1/research"));
  }

  @Test
  void settingsAreDecodedAndPropertiesWin() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("TIMEZONE", "Asia/Tokyo");
    properties.setProperty("user", "");
    ConnectUrl url =
        ConnectUrl.parse(
            "jdbc:datanode:x?timeZone=Europe%2FBerlin&schema=a%26b=c&user=ann", properties);
    assertEquals("Asia/Tokyo", url.value(Setting.TIME_ZONE));
    assertEquals("a&b=c", url.value(Setting.SCHEMA));
    assertEquals("", url.value(Setting.USER));
    assertEquals("PT1M", url.value(Setting.CATALOG_TTL));
    assertEquals(Map.of(Setting.TIME_ZONE, "Asia/Tokyo", Setting.SCHEMA, "a&b=c"), url.settings());
  }

  @Test
  void mistakesAreToldWithWhatWouldBeRight() {
    assertError(
        "22023",
        "There is no setting 'timezon'; the nearest is 'timeZone'",
        () -> parse("jdbc:datanode:x?timezon=UTC"));
    assertError(
        "22023",
        "Setting 'schema' is given twice in the URL",
        () -> parse("jdbc:datanode:x?schema=a&SCHEMA=b"));
    assertError(
        "22023",
        "Setting 'timeZone' is 'Mars/Base'; expected an IANA zone such as Europe/Berlin, or an"
            + " offset",
        () -> parse("jdbc:datanode:x?timeZone=Mars/Base"));
    assertError(
        "22023",
        "Setting 'queryTimeout' is '-1'; expected a whole number, 0 or greater",
        () -> parse("jdbc:datanode:x?queryTimeout=-1"));
    assertError(
        "22023",
        "Setting 'timestampType' is 'x'; expected timestamp or with_time_zone",
        () -> parse("jdbc:datanode:x?timestampType=x"));
    assertError(
        "22023",
        "Setting 'catalogTtl' is '5m'; expected an ISO 8601 duration such as PT5M",
        () -> parse("jdbc:datanode:x?catalogTtl=5m"));
    assertError(
        "22023",
        "URL has 'schema' after '?'; expected key=value",
        () -> parse("jdbc:datanode:x?schema"));
    assertError(
        "22023",
        "Setting 'memoryLimit' is for an engine in this process; a server has its own, set where"
            + " it is started",
        () -> parse("jdbc:datanode://h/?memoryLimit=1GB"));
    assertError(
        "22023",
        "URL has a '%' that does not start a byte of UTF-8 in hexadecimal; write %25 for the"
            + " character itself",
        () -> parse("jdbc:datanode:x?password=50%"));
    assertError(
        "22023",
        "URL names no place; expected jdbc:datanode:<folder, .duckdb file or catalog.yaml>,"
            + " jdbc:datanode:postgresql://host:port/database or jdbc:datanode://host:port/",
        () -> parse("jdbc:datanode:"));
  }

  @Test
  void theDriverLeavesUrlsOfOthersAlone() throws SQLException {
    Driver driver = DriverManager.getDriver("jdbc:datanode:x");
    assertEquals(DataNodeDriver.class, driver.getClass());
    assertFalse(driver.acceptsURL("jdbc:postgresql://h/x"));
    assertFalse(driver.acceptsURL(null));
    assertNull(driver.connect("jdbc:calcite:", new Properties()));
    assertFalse(driver.jdbcCompliant());
    assertNotNull(driver.getParentLogger());
  }

  @Test
  void everySettingIsAPropertyOfTheDriver() throws SQLException {
    Driver driver = new DataNodeDriver();
    DriverPropertyInfo[] properties =
        driver.getPropertyInfo("jdbc:datanode:x?schema=metadata&password=secret", new Properties());
    assertEquals(Setting.values().length, properties.length);
    for (DriverPropertyInfo property : properties) {
      assertNotNull(property.description);
      if (property.name.equals("schema")) {
        assertEquals("metadata", property.value);
      }
      if (property.name.equals("password")) {
        assertNull(property.value);
      }
      if (property.name.equals("ssl")) {
        assertArrayEquals(new String[] {"false", "true"}, property.choices);
      }
    }
  }

  @Test
  void noPlaceInTheUrlThatIsShownHasAPassword() throws SQLException {
    try (Connection connection =
        DriverManager.getConnection("jdbc:datanode:memory-url?user=ann&password=secret")) {
      assertEquals("jdbc:datanode:memory-url", connection.getMetaData().getURL());
      assertEquals("secret", MemorySession.OPENED.get("memory-url").settings().get("password"));
    }
    assertError(
        "58030",
        "There is nothing at './nosuch'",
        () -> DriverManager.getConnection("jdbc:datanode:./nosuch"));
  }

  @Test
  void aDataSourceOpensTheSame() throws SQLException {
    DataNodeDataSource source = new DataNodeDataSource();
    assertError(
        "22023",
        "DataNodeDataSource has no URL; expected one that starts with jdbc:datanode:",
        source::getConnection);
    source.setUrl("jdbc:datanode:memory-source");
    source.setProperty("timeZone", "Asia/Tokyo");
    source.setLoginTimeout(3);
    assertEquals(3, source.getLoginTimeout());
    source.getConnection("ann", "secret").close();
    assertEquals(
        "{connectTimeout=3, password=secret, timeZone=Asia/Tokyo, user=ann}",
        MemorySession.OPENED.get("memory-source").settings().toString());
    assertTrue(source.isWrapperFor(DataNodeDataSource.class));
  }

  @Test
  void everySettingIsInTheReference() throws Exception {
    String page = Files.readString(Path.of("../docs/jdbc.md"));
    for (Setting setting : Setting.values()) {
      assertTrue(
          page.contains("| `" + setting.key() + "` | `" + setting.defaultValue() + "` |")
              || page.contains("| `" + setting.key() + "` | (none) |")
                  && setting.defaultValue().isEmpty(),
          "docs/jdbc.md lacks a row for " + setting.key());
    }
  }
}
