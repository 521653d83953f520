package io.datanode.jdbc.wire;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.SessionInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.SoftReference;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes a result as frames, some now and the rest when the client asks for it.
 *
 * <p>The server calls {@link #writeHeader} and {@link #writeRows} for an execute, keeps the writer
 * by session and statement id while that returns true, and calls {@code writeRows} again for each
 * fetch. The first batch is flushed as soon as it is there; later ones are gathered into frames of
 * up to 65,536 rows or about 1 MiB, but never held back longer than a tenth of a second while rows
 * arrive. What ends a response is not flushed, nor a batch that is known to be the last: so a small
 * result is one write. One thread at a time.
 */
public final class ResultWriter implements AutoCloseable {
  private static final int MOST_ROWS = 65_536;
  private static final int FEWEST_ROWS = 64;
  private static final long FRAME_BYTES = 1 << 20;
  private static final long LONGEST_WAIT_NANOS = 100_000_000;

  private final Result result;
  private final List<ColumnType> types;
  private final PackedBatches packed;
  private Buffers buffers = new Buffers();
  // A client may leave many results half read: what only writing needs must not fill the memory.
  private SoftReference<Buffers> spare;
  private int target = 1;
  private long lastWritten = System.nanoTime();
  private long rows;
  private Throwable failure;

  /** What rows are gathered in until they are written. */
  private static final class Buffers {
    private final ByteWriter frame = new ByteWriter(8192);
    private ColumnBatch pending;
  }

  /**
   * A writer of this result, which it owns.
   *
   * @param compressed true to send large batches compressed
   */
  public ResultWriter(Result result, boolean compressed) {
    this.result = result;
    this.types = WireFormat.types(result.columns());
    this.packed = compressed ? new PackedBatches() : null;
  }

  /**
   * Writes the frames that come before the rows.
   *
   * @param info the session after the statement began; sent only for a statement without rows, as
   *     it may have changed a setting
   */
  public void writeHeader(OutputStream out, SessionInfo info) throws IOException {
    if (types.isEmpty()) {
      WireFormat.writeInfo(out, info);
    }
    WireFormat.writeHeader(out, result.columns(), result.timeZone());
  }

  /**
   * Writes rows until the credit is used up or the result ends, then says which. The caller sends
   * what is not flushed.
   *
   * <p>An error of the result is written as a frame and kept in {@link #failure}.
   *
   * @param credit bytes of batches after which to stop; at least one batch is written
   * @return true if rows remain for another call; false if the result is over and can be closed
   * @throws IOException if the client cannot be written to
   */
  public boolean writeRows(OutputStream out, long credit) throws IOException {
    long left = credit;
    Buffers kept = spare == null ? null : spare.get();
    if (buffers == null) {
      buffers = kept == null ? new Buffers() : kept;
    }
    try {
      while (true) {
        ColumnBatch batch = result.next();
        if (batch == null) {
          writePending(out);
          WireFormat.writeEmpty(out, Frame.END);
          return false;
        }
        left -= take(batch, out);
        if (left <= 0) {
          WireFormat.writeEmpty(out, Frame.MORE);
          // All rows taken so far are written.
          spare = new SoftReference<>(buffers);
          buffers = null;
          return true;
        }
      }
    } catch (SQLException e) {
      fail(out, e, e);
    } catch (RuntimeException e) {
      fail(
          out,
          e,
          SqlState.INTERNAL_ERROR.exception(
              "Rows cannot be sent: " + e.getClass().getSimpleName()));
    }
    return false;
  }

  /** What ended the result early, for the server's log; null if nothing did. */
  public Throwable failure() {
    return failure;
  }

  /** Rows handed over so far. */
  public long rows() {
    return rows;
  }

  /** Closes the result. */
  @Override
  public void close() throws SQLException {
    if (packed != null) {
      packed.close();
    }
    result.close();
  }

  private void fail(OutputStream out, Throwable cause, SQLException error) throws IOException {
    failure = cause;
    WireFormat.writeError(out, error);
  }

  /** Keeps or writes a batch; returns the bytes written. */
  private long take(ColumnBatch batch, OutputStream out) throws IOException {
    if (batch.rowCount() == 0) {
      return 0;
    }
    rows += batch.rowCount();
    ColumnBatch pending = buffers.pending;
    boolean empty = pending == null || pending.rowCount() == 0;
    if (empty && batch.rowCount() >= target) {
      return write(batch, out);
    }
    if (pending == null) {
      // It grows: most results end long before they fill a frame.
      pending = ColumnBatch.of(types, batch.rowCount());
      buffers.pending = pending;
    }
    pending.append(batch);
    if (pending.rowCount() >= target || System.nanoTime() - lastWritten > LONGEST_WAIT_NANOS) {
      return writePending(out);
    }
    return 0;
  }

  private long writePending(OutputStream out) throws IOException {
    ColumnBatch pending = buffers.pending;
    if (pending == null || pending.rowCount() == 0) {
      return 0;
    }
    long written = write(pending, out);
    pending.clear();
    return written;
  }

  private long write(ColumnBatch batch, OutputStream out) throws IOException {
    ByteWriter frame = buffers.frame;
    WireFormat.writeBatch(frame, types, batch);
    ByteWriter sent = packed == null ? frame : packed.pack(frame);
    WireFormat.finish(sent, out);
    if (!result.atEnd()) {
      out.flush();
    }
    lastWritten = System.nanoTime();
    long bytes = frame.size();
    long rowsPerFrame = FRAME_BYTES * batch.rowCount() / Math.max(1, bytes);
    // The first frame is small so that it is quick; the next ones grow eightfold.
    long ramp = Math.min(MOST_ROWS, Math.max(1024L, batch.rowCount() * 8L));
    target = (int) Math.max(FEWEST_ROWS, Math.min(ramp, rowsPerFrame));
    return bytes;
  }
}
