package io.datanode.jdbc.remote;

import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.ConnectUrl.Address;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.WireFormat;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens sessions at the servers of a URL, with its settings. */
final class SessionOpening {
  private final ConnectUrl url;
  private final Channels channels;
  private final Requests requests;
  private final AtomicBoolean closed;
  private final Map<String, String> settings = new LinkedHashMap<>();

  /**
   * For one connection.
   *
   * @param closed true once nothing may be opened any more
   */
  SessionOpening(ConnectUrl url, Channels channels, Requests requests, AtomicBoolean closed) {
    this.url = url;
    this.channels = channels;
    this.requests = requests;
    this.closed = closed;
    url.settings()
        .forEach(
            (setting, value) -> {
              if (setting.scope() == Setting.Scope.SESSION) {
                settings.put(setting.key(), value);
              }
            });
  }

  /**
   * Opens a session at the first server that answers and takes new ones; the channels lead there
   * from then on.
   *
   * @throws SQLException 08001 if none answers, 28000 if the login is refused, 57P03 if the only
   *     one is being stopped
   */
  SessionPlace open() throws SQLException {
    for (int detours = 0; ; detours++) {
      List<String> failures = new ArrayList<>();
      SQLException stopping = null;
      for (Address address : url.addresses()) {
        try {
          return open(address);
        } catch (IOException e) {
          failures.add(address + ": " + Channels.reason(e));
        } catch (SQLException e) {
          if (!SqlState.CANNOT_CONNECT_NOW.code().equals(e.getSQLState())) {
            throw e;
          }
          // It is being stopped; another may take over.
          stopping = e;
          failures.add(address + ": " + e.getMessage());
        }
      }
      // A load balancer may lead the next connection to another server.
      if (stopping == null || detours == Requests.DETOURS) {
        throw stopping != null && failures.size() == 1
            ? stopping
            : SqlState.CONNECTION_FAILED.exception(
                "No server answers at " + String.join(" or at ", failures));
      }
    }
  }

  private SessionPlace open(Address address) throws IOException, SQLException {
    channels.moveTo(address);
    if (closed.get()) {
      throw SqlState.CONNECTION_CLOSED.exception("Connection is closed");
    }
    Exchange exchange =
        requests.send(WireFormat.OPEN, null, WireFormat.settings(settings), channels.takeToOpen());
    try {
      return new SessionPlace(
          address, Answers.expect(exchange, new FrameReader(), Frame.OPENED).opened());
    } finally {
      exchange.finish();
    }
  }
}
