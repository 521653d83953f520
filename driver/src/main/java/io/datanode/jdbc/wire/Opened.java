package io.datanode.jdbc.wire;

import io.datanode.jdbc.session.SessionInfo;
import java.util.Objects;

/** A session the server has opened. Immutable. */
public final class Opened {
  private final String sessionId;
  private final SessionInfo info;

  /**
   * A session the server has opened.
   *
   * @param sessionId hard to guess; sent back in the header {@link WireFormat#SESSION_HEADER}
   */
  public Opened(String sessionId, SessionInfo info) {
    this.sessionId = Objects.requireNonNull(sessionId);
    this.info = Objects.requireNonNull(info);
  }

  public String sessionId() {
    return sessionId;
  }

  public SessionInfo info() {
    return info;
  }
}
