package io.datanode.jdbc.wire;

import io.datanode.jdbc.session.MetadataCall;
import java.util.Objects;

/** A question about the catalog, and how much of its result to send at once. Immutable. */
public final class MetadataRequest {
  private final String statementId;
  private final MetadataCall call;
  private final long credit;

  /**
   * A question about the catalog.
   *
   * @param statementId names the result in fetch and close-statement
   * @param credit bytes of batches after which the response ends with {@link Frame#MORE}
   */
  public MetadataRequest(String statementId, MetadataCall call, long credit) {
    this.statementId = Objects.requireNonNull(statementId);
    this.call = Objects.requireNonNull(call);
    this.credit = credit;
  }

  public String statementId() {
    return statementId;
  }

  public MetadataCall call() {
    return call;
  }

  public long credit() {
    return credit;
  }
}
