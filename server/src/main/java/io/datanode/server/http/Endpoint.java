package io.datanode.server.http;

/** Answers the requests of one path. Thread-safe. */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers a request, now or later; called on a thread that may wait.
   *
   * @throws Exception if the request failed; the caller answers with the error
   */
  void answer(Exchange exchange) throws Exception;

  /** False for paths below its own at which there is nothing. */
  default boolean serves(String path) {
    return true;
  }

  /** True for what may be asked without logging in. */
  default boolean open() {
    return false;
  }

  /** Which threads a request takes; decided before {@link #answer}, without waiting. */
  default Lane lane(Exchange exchange) {
    return Lane.SHORT;
  }

  /** Threads are kept apart by how long a request may take. */
  enum Lane {
    /** Answered without running a statement: metadata, cancel, ping, closing, health. */
    SHORT,
    /** Runs a statement or waits for its rows. */
    STATEMENT
  }
}
