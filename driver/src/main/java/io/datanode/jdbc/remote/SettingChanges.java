package io.datanode.jdbc.remote;

import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.wire.ExecuteRequest;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings changed since a session was opened, in order, to be changed again in one that takes its
 * place. Not thread-safe.
 */
final class SettingChanges {
  private static final Pattern SETTING_STATEMENT =
      Pattern.compile(
          "\\s*(?:RE)?SET\\s+(?:SESSION\\s+)?\"?(\\w+).*",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  /** Each a SetRequest or StatementCall, by the name of its setting. */
  private final Map<String, Object> changes = new LinkedHashMap<>();

  /** Notes a setting that was changed; one without a value is as it was at first. */
  void set(SetRequest request) {
    put(request.key(), request.value() == null ? null : request);
  }

  /** Notes a statement that changed the session. */
  void run(StatementCall call) {
    Matcher setting = SETTING_STATEMENT.matcher(call.sql());
    put(setting.matches() ? setting.group(1) : call.sql(), call);
  }

  private void put(String key, Object change) {
    // "timeZone" and "time_zone" are one setting.
    String name = key.replace("_", "").toLowerCase(Locale.ROOT);
    changes.remove(name);
    if (change != null) {
      changes.put(name, change);
    }
  }

  /**
   * Makes the changes in another session.
   *
   * @param timeoutMillis longest wait for bytes; 0 means for ever
   * @return what the session is then
   */
  SessionInfo repeat(SessionPlace fresh, Requests requests, int timeoutMillis)
      throws IOException, SQLException {
    SessionInfo info = fresh.info();
    for (Object change : changes.values()) {
      info = repeat(fresh, change, requests, timeoutMillis);
    }
    return info;
  }

  private static SessionInfo repeat(
      SessionPlace fresh, Object change, Requests requests, int timeoutMillis)
      throws IOException, SQLException {
    boolean set = change instanceof SetRequest;
    byte[] body =
        set
            ? WireFormat.set((SetRequest) change)
            : WireFormat.execute(
                new ExecuteRequest((StatementCall) change, RemoteSession.FIRST_CREDIT));
    FrameReader frame = new FrameReader();
    Exchange exchange =
        requests.ask(set ? WireFormat.SET : WireFormat.EXECUTE, fresh, body, frame, timeoutMillis);
    try {
      Answers.check(frame, Frame.INFO);
      SessionInfo changed = frame.info();
      if (!set) {
        Answers.expect(exchange, frame, Frame.HEADER);
        Answers.expect(exchange, frame, Frame.END);
      }
      return changed;
    } finally {
      exchange.finish();
    }
  }
}
