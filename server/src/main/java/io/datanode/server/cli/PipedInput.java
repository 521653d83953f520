package io.datanode.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Statements from a file or a program, each as soon as it is complete. */
final class PipedInput implements ShellInput {
  private final BufferedReader lines;
  private final Queue<String> ready = new ArrayDeque<>();
  private String rest = "";

  PipedInput(InputStream input) {
    lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable String next() throws IOException {
    while (ready.isEmpty()) {
      String line = lines.readLine();
      if (line == null) {
        String last = rest.isEmpty() ? null : rest;
        rest = "";
        return last;
      }
      StatementSplitter.Split split = StatementSplitter.split(rest + "\n" + line + "\n");
      ready.addAll(split.complete());
      rest = split.rest();
    }
    return ready.remove();
  }

  @Override
  public boolean goesOnAfterErrors() {
    return false;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
