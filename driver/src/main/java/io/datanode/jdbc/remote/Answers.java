package io.datanode.jdbc.remote;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import java.io.IOException;
import java.sql.SQLException;

/** Frames a server answers with, and the errors for those that are not what was asked for. */
final class Answers {
  private Answers() {}

  /**
   * Reads the next frame of a response.
   *
   * @throws SQLException the error it tells; 08006 if the session is lost, 08P01 if it is none of
   *     those expected
   */
  static FrameReader expect(Exchange exchange, FrameReader frame, Frame expected)
      throws IOException, SQLException {
    exchange.read(frame);
    check(frame, expected);
    return frame;
  }

  /**
   * Checks the frame that was read last; one with the state of the session may come before a
   * header.
   *
   * @throws SQLException as {@link #expect}
   */
  static void check(FrameReader frame, Frame expected) throws SQLException {
    Frame kind = frame.kind();
    if (kind == Frame.ERROR) {
      throw frame.error();
    }
    if (kind == Frame.UNKNOWN_SESSION) {
      throw SqlState.CONNECTION_LOST.exception("The server lost the session twice in a row");
    }
    if (kind != expected && !(expected == Frame.HEADER && kind == Frame.INFO)) {
      throw unexpected(kind, expected);
    }
  }

  static SQLException unexpected(Frame kind, Frame expected) {
    return SqlState.PROTOCOL_ERROR.exception(
        "The server answered with a frame " + kind + "; expected " + expected);
  }
}
