package io.datanode.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
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

  private final boolean traces;

  private LogLines(boolean traces) {
    this.traces = traces;
  }

  /** Logs events of this level and above; of libraries, only warnings unless debugging. */
  static void configure(LogLevel level) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setLevel(Level.ALL);
    console.setFormatter(new LogLines(level == LogLevel.DEBUG));
    ROOT.addHandler(console);
    ROOT.setLevel(
        level.level().intValue() < Level.WARNING.intValue() ? Level.WARNING : level.level());
    OURS.setLevel(level.level());
  }

  @Override
  public String format(LogRecord event) {
    StringBuilder line = new StringBuilder();
    line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS));
    line.append(' ').append(name(event.getLevel())).append(' ').append(formatMessage(event));
    Throwable thrown = event.getThrown();
    if (thrown != null && traces) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      line.append('\n').append(trace.toString().strip());
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
