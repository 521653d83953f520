package io.datanode.server.http;

import io.datanode.jdbc.SqlState;

/** A request that cannot be done, with what the client is told. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient HttpError error;

  public RefusedException(HttpError error) {
    super(error.message());
    this.error = error;
  }

  /** A request whose body is wrong at one place. */
  public static RefusedException at(String pointer, SqlState state, String message) {
    return new RefusedException(HttpError.of(400, state, message).at(pointer));
  }

  /** What the client is told. */
  public HttpError error() {
    return error;
  }
}
