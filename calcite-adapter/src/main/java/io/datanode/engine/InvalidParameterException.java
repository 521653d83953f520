package io.datanode.engine;

import io.datanode.DataNodeException;

/** A value for a parameter that its type does not have; the message names the parameter too. */
public final class InvalidParameterException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  InvalidParameterException(int position, DataNodeException refusal) {
    super(refusal.sqlState(), refusal.getMessage(), refusal);
    this.position = position;
  }

  /** Which parameter of the statement, from 1. */
  public int position() {
    return position;
  }
}
