package io.datanode.server.http;

import io.datanode.jdbc.SqlState;
import io.datanode.server.session.UserMemory;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/** Reads the bodies of requests while they arrive, no larger and no slower than is allowed. */
public final class RequestBodies {
  /** Bytes a second on average, after the time that every body has. */
  public static final int SLOWEST = 1_000;

  private final int maxBytes;
  private final Duration arrival;
  private final InstantSource clock;
  private final Set<Arriving> arriving = ConcurrentHashMap.newKeySet();

  /**
   * A reader.
   *
   * @param maxBytes largest body
   * @param arrival how long every body may take
   */
  public RequestBodies(int maxBytes, Duration arrival, InstantSource clock) {
    this.maxBytes = maxBytes;
    this.arrival = arrival;
    this.clock = clock;
  }

  /**
   * The body of a request as soon as it is there, without waiting. It counts as memory until the
   * request is answered.
   *
   * @return fails with {@link RefusedException} if it is too large or too slow, with {@link
   *     io.datanode.DataNodeException} if the user has no memory left, and with what Jetty says if
   *     the client is gone
   */
  CompletableFuture<byte[]> read(Request request, UserMemory memory) {
    if (request.getLength() > maxBytes) {
      return CompletableFuture.failedFuture(tooLarge());
    }
    Arriving body = new Arriving(request, memory);
    arriving.add(body);
    body.whole.whenComplete((bytes, failure) -> arriving.remove(body));
    body.run();
    return body.whole;
  }

  /** Bodies that have not arrived. */
  public int arriving() {
    return arriving.size();
  }

  /** Refuses what comes too slowly. */
  public void refuseSlow() {
    Instant now = clock.instant();
    arriving.forEach(body -> body.refuseIfSlow(now));
  }

  private RefusedException tooLarge() {
    return new RefusedException(
        HttpError.of(
            413,
            SqlState.LIMIT_EXCEEDED,
            "The request is larger than the " + maxBytes + " bytes this server takes"));
  }

  private final class Arriving implements Runnable {
    private final Request request;
    private final UserMemory memory;
    private final Instant begun = clock.instant();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private boolean over;

    Arriving(Request request, UserMemory memory) {
      this.request = request;
      this.memory = memory;
    }

    /** Takes what is there, and comes again when there is more. */
    @Override
    public void run() {
      while (true) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          fail(chunk.getFailure());
          return;
        }
        try {
          take(chunk);
        } catch (RefusedException | RuntimeException e) {
          fail(e);
          return;
        } finally {
          chunk.release();
        }
        if (chunk.isLast()) {
          succeed();
          return;
        }
      }
    }

    private synchronized void take(Content.Chunk chunk) throws RefusedException {
      int more = chunk.remaining();
      if (over || more == 0) {
        return;
      }
      if (more > maxBytes - bytes.size()) {
        throw tooLarge();
      }
      memory.take(more);
      bytes.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
    }

    private void succeed() {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
      }
      int held = bytes.size();
      Request.addCompletionListener(request, failure -> memory.giveBack(held));
      whole.complete(bytes.toByteArray());
    }

    private void fail(Throwable failure) {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
        memory.giveBack(bytes.size());
      }
      whole.completeExceptionally(failure);
    }

    private void refuseIfSlow(Instant now) {
      double seconds = Duration.between(begun, now).toMillis() / 1e3;
      double free = arrival.toMillis() / 1e3;
      int size;
      synchronized (this) {
        size = bytes.size();
      }
      if (seconds > free && size < (seconds - free) * SLOWEST) {
        fail(
            new RefusedException(
                HttpError.of(
                        408,
                        SqlState.CONNECTION_LOST,
                        "The request came too slowly: "
                            + size
                            + " bytes of its body in "
                            + (long) seconds
                            + " s")
                    .with("Connection", "close")));
      }
    }
  }
}
