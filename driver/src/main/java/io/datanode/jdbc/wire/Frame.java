package io.datanode.jdbc.wire;

/** The kinds of frames a response is made of, each with the byte that stands for it. */
public enum Frame {
  /** Session id and {@code SessionInfo}: the answer to open. */
  OPENED('O'),
  /** {@code SessionInfo}: the answer to set, and before the header of a statement without rows. */
  INFO('I'),
  /** {@code StatementShape}: the answer to prepare. */
  SHAPE('S'),
  /** Columns and zone of a result; its batches follow. */
  HEADER('H'),
  /** Rows. */
  BATCH('B'),
  /** The content of a {@link #BATCH}, compressed; only for requests that allow it. */
  PACKED('Z'),
  /** The result is complete. */
  END('E'),
  /** The credit is used up; the rest is fetched by statement id. */
  MORE('M'),
  /** Done: the answer to cancel, close-statement, ping and close. */
  DONE('D'),
  /** SQLSTATE and message; nothing follows. */
  ERROR('X'),
  /**
   * The session is not known here, any more, or the server is being stopped and takes no new work;
   * nothing was done and nothing follows.
   */
  UNKNOWN_SESSION('U');

  private final int code;

  Frame(char code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The kind with this byte, or null. */
  static Frame of(int code) {
    for (Frame frame : values()) {
      if (frame.code == code) {
        return frame;
      }
    }
    return null;
  }
}
