package io.datanode.server.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the shell gets its statements and commands from. */
interface ShellInput extends AutoCloseable {
  /** The next statement without its semicolon, or command; null at the end. */
  @Nullable String next() throws IOException;

  /** True if it goes on after an error: a person sees it, a script may depend on what failed. */
  boolean goesOnAfterErrors();

  @Override
  void close() throws IOException;
}
