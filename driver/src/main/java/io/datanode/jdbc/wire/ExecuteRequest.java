package io.datanode.jdbc.wire;

import io.datanode.jdbc.session.StatementCall;
import java.util.Objects;

/** A statement to run, and how much of its result to send at once. Immutable. */
public final class ExecuteRequest {
  private final StatementCall call;
  private final long credit;

  /**
   * A statement to run.
   *
   * @param credit bytes of batches after which the response ends with {@link Frame#MORE}
   */
  public ExecuteRequest(StatementCall call, long credit) {
    this.call = Objects.requireNonNull(call);
    this.credit = credit;
  }

  public StatementCall call() {
    return call;
  }

  public long credit() {
    return credit;
  }
}
