package io.datanode.jdbc.wire;

import java.util.Objects;

/** A wish for more rows of a result whose credit was used up. Immutable. */
public final class FetchRequest {
  private final String statementId;
  private final long credit;

  /**
   * A wish for more rows.
   *
   * @param credit bytes of batches after which the response ends with {@link Frame#MORE}
   */
  public FetchRequest(String statementId, long credit) {
    this.statementId = Objects.requireNonNull(statementId);
    this.credit = credit;
  }

  public String statementId() {
    return statementId;
  }

  public long credit() {
    return credit;
  }
}
