package io.datanode.jdbc.wire;

import java.util.Objects;

/** A session setting to change. Immutable. */
public final class SetRequest {
  private final String key;
  private final String value;

  /**
   * A session setting to change.
   *
   * @param value the new value, or null for the one the session began with
   */
  public SetRequest(String key, String value) {
    this.key = Objects.requireNonNull(key);
    this.value = value;
  }

  public String key() {
    return key;
  }

  /** The new value, or null for the one the session began with. */
  public String value() {
    return value;
  }
}
