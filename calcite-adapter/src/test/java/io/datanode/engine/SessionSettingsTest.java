package io.datanode.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {
  private static final List<String> SCHEMAS = List.of("nodes", "desk", "metadata");

  private final SessionSettings initial =
      SessionSettings.of(Map.of("timeZone", "Europe/Paris", "threads", "2"), SCHEMAS, 0);

  @Test
  void noMoreRowsAreShippedThanAServerAllows() {
    SessionSettings limited = SessionSettings.of(Map.of(), SCHEMAS, 1_000);
    assertEquals(1_000, limited.maxShippedRows());
    assertEquals(10, limited.with("maxShippedRows", "10", limited, SCHEMAS).maxShippedRows());
    for (String value : List.of("1001", "0")) {
      DataNodeException refused =
          assertThrows(
              DataNodeException.class,
              () -> limited.with("maxShippedRows", value, limited, SCHEMAS));
      assertEquals("22023", refused.sqlState());
    }
  }

  @Test
  void beginsWithDefaultsAndWhatTheUrlSays() {
    assertEquals(ZoneId.of("Europe/Paris"), initial.timeZone());
    assertEquals("nodes", initial.schema());
    assertEquals(0, initial.queryTimeoutSeconds());
  }

  @Test
  void keysIgnoreCaseAndUnderscores() {
    assertEquals(ZoneId.of("Asia/Tokyo"), set("TIME_ZONE", "asia/tokyo").timeZone());
    assertEquals("desk", set("schema", "DESK").schema());
    assertEquals(7, set("query_timeout", "7").queryTimeoutSeconds());
  }

  @Test
  void resetGoesBackToWhatTheSessionBeganWith() {
    SessionSettings changed = set("timeZone", "Asia/Tokyo");
    assertEquals(
        ZoneId.of("Europe/Paris"), changed.with("timeZone", null, initial, SCHEMAS).timeZone());
  }

  @Test
  void clientInfoIsKeptByName() {
    SessionSettings changed = set("clientInfo.ClientUser", "ann");
    assertEquals(Map.of("ClientUser", "ann"), changed.clientInfo());
    assertEquals(
        Map.of(), changed.with("clientInfo.ClientUser", null, initial, SCHEMAS).clientInfo());
    assertEquals("dashboard", set("clientInfo.ApplicationName", "dashboard").applicationName());
  }

  @Test
  void unknownKeyNamesTheNearest() {
    refuses("timezon", "UTC", "22023", "There is no setting 'timezon'; did you mean 'timeZone'?");
    refuses(
        "colour",
        "red",
        "22023",
        "There is no setting 'colour'; a session can change timeZone, schema, applicationName,"
            + " queryTimeout, pushdown, strictPushdown, strictPointInTime, maxShippedRows, asOf, asOfDelay");
  }

  @Test
  void settingsOfTheEngineStay() {
    refuses(
        "threads",
        "4",
        "22023",
        "Setting 'threads' is fixed when the connection is opened; a session can change timeZone,"
            + " schema, applicationName, queryTimeout, pushdown, strictPushdown, strictPointInTime, maxShippedRows, asOf, asOfDelay");
  }

  @Test
  void valuesThatMakeNoSenseAreRefused() {
    refuses(
        "timeZone",
        "Europe/Pariss",
        "22023",
        "timeZone is 'Europe/Pariss'; expected a zone such as Europe/Paris, UTC or +01:00; did you"
            + " mean 'Europe/Paris'?");
    refuses(
        "schema",
        "dessk",
        "3F000",
        "There is no schema 'dessk'; the schemas are nodes, desk, metadata");
    refuses(
        "queryTimeout",
        "soon",
        "22023",
        "queryTimeout is 'soon'; expected seconds as a whole number, 0 for no limit");
    refuses(
        "queryTimeout",
        "-1",
        "22023",
        "queryTimeout is -1; expected seconds from 0, which means no limit");
  }

  @Test
  void snapshotForTheLogHoldsNoPassword() {
    SessionSettings changed =
        set("clientInfo.dbPassword", "secret").with("queryTimeout", "5", initial, SCHEMAS);
    assertEquals(
        Map.of("timeZone", "Europe/Paris", "schema", "nodes", "queryTimeout", "5"),
        changed.changed());
  }

  private SessionSettings set(String key, String value) {
    return initial.with(key, value, initial, SCHEMAS);
  }

  private void refuses(String key, String value, String sqlState, String message) {
    DataNodeException refusal = assertThrows(DataNodeException.class, () -> set(key, value));
    assertEquals(message, refusal.getMessage());
    assertEquals(sqlState, refusal.sqlState());
  }
}
