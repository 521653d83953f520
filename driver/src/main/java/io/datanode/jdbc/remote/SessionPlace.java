package io.datanode.jdbc.remote;

import io.datanode.jdbc.ConnectUrl.Address;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.wire.Opened;
import java.util.Objects;

/**
 * A session a server has opened, and where: after the session has moved to another server, results
 * of the one before are still read where they are. Immutable.
 */
final class SessionPlace {
  private final Address address;
  private final Opened opened;

  SessionPlace(Address address, Opened opened) {
    this.address = Objects.requireNonNull(address);
    this.opened = Objects.requireNonNull(opened);
  }

  Address address() {
    return address;
  }

  String sessionId() {
    return opened.sessionId();
  }

  SessionInfo info() {
    return opened.info();
  }
}
