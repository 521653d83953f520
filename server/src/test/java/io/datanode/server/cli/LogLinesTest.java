package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** The lines of the log. */
class LogLinesTest {
  private static LogRecord event(String message, Object... parameters) {
    LogRecord event = new LogRecord(Level.INFO, message);
    event.setInstant(Instant.parse("2026-01-05T12:00:00.123456Z"));
    event.setLoggerName("io.datanode.x");
    event.setParameters(parameters);
    return event;
  }

  @Test
  void textIsForPeople() {
    assertEquals(
        "2026-01-05T12:00:00.123Z INFO Listening on 8765\n",
        new LogLines(LogFormat.TEXT, false).format(event("Listening on {0}", "8765")));
  }

  @Test
  void jsonKeepsFieldsApartAndLinesWhole() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("statement", "s1");
    fields.put("user", "a\"b\nc");
    fields.put("rows", 5L);
    String thread = Thread.currentThread().getName();
    assertEquals(
        "{\"time\":\"2026-01-05T12:00:00.123456Z\",\"level\":\"info\",\"logger\":\"io.datanode.x\","
            + "\"thread\":\""
            + thread
            + "\",\"message\":\"Statement ended\",\"statement\":\"s1\","
            + "\"user\":\"a\\\"b\\nc\",\"rows\":5}\n",
        new LogLines(LogFormat.JSON, false).format(event("Statement ended {0}", fields)));
  }
}
