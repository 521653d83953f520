package io.datanode.server.http;

import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.wire.ResultWriter;
import io.datanode.server.session.Cursor;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A result that is sent to our own driver piece by piece. */
final class WireCursor implements Cursor {
  private final ResultWriter writer;
  private @Nullable SessionInfo header;
  private boolean atEnd;

  WireCursor(Result result, boolean compressed) {
    writer = new ResultWriter(result, compressed);
  }

  /** Says that the next piece begins with the header. */
  void start(Session session) {
    header = session.info();
  }

  /** Writes the next piece: up to {@code credit} bytes of rows. */
  void write(OutputStream out, long credit) throws IOException {
    SessionInfo info = header;
    if (info != null) {
      header = null;
      writer.writeHeader(out, info);
    }
    atEnd = !writer.writeRows(out, credit);
  }

  /** Gives up what is not sent. */
  void abandon() {
    atEnd = true;
  }

  @Override
  public boolean atEnd() {
    return atEnd;
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
