package io.datanode.server.session;

/** Holds something in use, so that it does not expire, until it is closed. */
@FunctionalInterface
public interface Lease extends AutoCloseable {
  @Override
  void close();
}
