package io.datanode.jdbc.remote;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import java.io.IOException;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows from a server.
 *
 * <p>The first response is read as its rows are asked for; it is small. If it is not the whole
 * result, a {@link Prefetcher} reads on ahead, so that the server never waits for a reader that
 * pauses.
 */
final class RemoteResult implements Result {
  /** How long closing waits for an end that may be on its way. */
  private static final int AT_ONCE_MILLIS = 5;

  private final RemoteSession session;
  private final SessionPlace place;
  private final String statementId;
  private final List<ResultColumn> columns;
  private final List<ColumnType> types = new ArrayList<>();
  private final ZoneId timeZone;
  private final Exchange first;
  private final FrameReader frame;
  private ColumnBatch batch;
  private Prefetcher ahead;
  private boolean ended;
  private boolean closed;

  /** A result whose header was read into {@code header}. */
  RemoteResult(
      RemoteSession session,
      SessionPlace place,
      String statementId,
      Exchange first,
      FrameReader header)
      throws SQLException {
    this.session = session;
    this.place = place;
    this.statementId = statementId;
    this.first = first;
    this.frame = header;
    this.columns = header.columns();
    this.timeZone = header.timeZone();
    columns.forEach(column -> types.add(column.type()));
  }

  /** Where the session was when the statement began. */
  SessionPlace place() {
    return place;
  }

  String statementId() {
    return statementId;
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public ZoneId timeZone() {
    return timeZone;
  }

  @Override
  public ColumnBatch next() throws SQLException {
    if (ended) {
      return null;
    }
    if (ahead != null) {
      return nextAhead();
    }
    try {
      switch (first.read(frame)) {
        case BATCH:
          return decode(frame);
        case MORE:
          first.finish();
          ahead = new Prefetcher(session, place, statementId);
          ahead.start();
          return nextAhead();
        case END:
          end();
          return null;
        case ERROR:
          end();
          throw frame.error();
        default:
          throw Answers.unexpected(frame.kind(), Frame.BATCH);
      }
    } catch (IOException e) {
      first.abandon();
      throw session.lost(e, "statement " + statementId);
    }
  }

  private ColumnBatch nextAhead() throws SQLException {
    FrameReader next = ahead.take();
    if (next == null) {
      end();
      return null;
    }
    ColumnBatch decoded = decode(next);
    ahead.recycle(next);
    return decoded;
  }

  private ColumnBatch decode(FrameReader from) throws SQLException {
    if (batch == null) {
      batch = ColumnBatch.of(types, 0);
    }
    from.batch(types, batch);
    return batch;
  }

  private void end() {
    ended = true;
    first.finish();
    session.forget(this);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!ended && !endsSoon()) {
      abandon();
      session.closeStatement(place, statementId);
    }
    ended = true;
    session.forget(this);
  }

  /**
   * Reads the end of the first response, if it comes at once, as it mostly does: the server sends
   * it behind its rows, and a channel that is dropped must be made again.
   *
   * @return true if it is the end of the result too
   */
  private boolean endsSoon() {
    if (ahead != null) {
      return false;
    }
    try {
      Frame last = first.readToEnd(frame, AT_ONCE_MILLIS);
      first.finish();
      return last != Frame.MORE;
    } catch (IOException | SQLException e) {
      return false;
    }
  }

  /** Drops what is still to come. Any thread may call it. */
  void abandon() {
    first.abandon();
    Prefetcher reader = ahead;
    if (reader != null) {
      reader.stop();
    }
  }
}
