package io.datanode.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The log: one line per event on stderr, for example {@code 2026-01-05T12:00:00Z INFO Listening}.
 */
final class LogLines extends Formatter {
  // Loggers that nobody else holds are collected, and their levels with them.
  private static final Logger OURS = Logger.getLogger("io.datanode");
  private static final Logger ROOT = Logger.getLogger("");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LogFormat format;
  private final boolean traces;

  LogLines(LogFormat format, boolean traces) {
    this.format = format;
    this.traces = traces;
  }

  /** Logs events of this level and above; of libraries, only warnings unless debugging. */
  static void configure(LogLevel level, LogFormat format) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setLevel(Level.ALL);
    console.setFormatter(new LogLines(format, level == LogLevel.DEBUG));
    ROOT.addHandler(console);
    ROOT.setLevel(
        level.level().intValue() < Level.WARNING.intValue() ? Level.WARNING : level.level());
    OURS.setLevel(level.level());
  }

  @Override
  public String format(LogRecord event) {
    return format == LogFormat.JSON ? json(event) : text(event);
  }

  private String json(LogRecord event) {
    ObjectNode line = JSON.createObjectNode();
    line.put("time", event.getInstant().truncatedTo(ChronoUnit.MICROS).toString());
    line.put("level", name(event.getLevel()).toLowerCase(Locale.ROOT));
    line.put("logger", event.getLoggerName());
    line.put("thread", Thread.currentThread().getName());
    Object[] parameters = event.getParameters();
    if (parameters != null && parameters.length == 1 && parameters[0] instanceof Map<?, ?> fields) {
      line.put("message", event.getMessage().replace(" {0}", ""));
      fields.forEach((key, value) -> line.putPOJO(String.valueOf(key), value));
    } else {
      line.put("message", formatMessage(event));
    }
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      line.put("error", traces ? trace(thrown) : thrown.toString());
    }
    return line + "\n";
  }

  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString().strip();
  }

  private String text(LogRecord event) {
    StringBuilder line = new StringBuilder();
    line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS));
    line.append(' ').append(name(event.getLevel())).append(' ').append(formatMessage(event));
    Throwable thrown = event.getThrown();
    if (thrown != null && traces) {
      line.append('\n').append(trace(thrown));
    } else if (thrown != null) {
      line.append(": ").append(thrown);
    }
    return line.append('\n').toString();
  }

  private static String name(Level level) {
    for (LogLevel known : LogLevel.values()) {
      if (known.level().equals(level)) {
        return known.name();
      }
    }
    return level.getName();
  }
}
