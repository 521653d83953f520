package io.datanode.engine;

import io.datanode.DataNodeException;

/** A value that makes no sense for a setting of a session; the message names the setting too. */
public final class InvalidSettingException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  private final String setting;

  InvalidSettingException(String setting, DataNodeException refusal) {
    super(refusal.sqlState(), refusal.getMessage(), refusal);
    this.setting = setting;
  }

  /** The key of the setting, as {@link io.datanode.jdbc.Setting#key} has it or as it was given. */
  public String setting() {
    return setting;
  }
}
