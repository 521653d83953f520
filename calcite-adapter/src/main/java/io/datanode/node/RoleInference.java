package io.datanode.node;

/** Guesses which columns of an undeclared table are its time index, identity and knowledge time. */
public final class RoleInference {
  private RoleInference() {}
}
