package io.datanode.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, as users start it: {@code datanode serve} with its defaults.
 */
final class ServerProcess implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("jdbc:datanode:(//\\S+)");
  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  private final Process process;
  private final String address;

  private ServerProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts a server on a free port.
   *
   * @param options of its JVM
   */
  static ServerProcess start(Path catalog, String... options) throws IOException {
    return start(catalog, List.of(), options);
  }

  /**
   * Starts a server on a free port that speaks TLS only, with a certificate and its key, in PEM.
   */
  static ServerProcess startWithTls(Path catalog, Path certificate, Path key) throws IOException {
    return start(
        catalog,
        List.of("--tls-certificate", certificate.toString(), "--tls-key", key.toString()),
        "-Xmx2g");
  }

  private static ServerProcess start(Path catalog, List<String> arguments, String... options)
      throws IOException {
    List<String> command = java(options);
    command.addAll(
        List.of(
            "io.datanode.server.cli.Main",
            "serve",
            "--catalog",
            catalog.toString(),
            "--port",
            "0"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher url = URL.matcher(line);
      if (url.find()) {
        return new ServerProcess(process, url.group(1));
      }
    }
    throw new IOException("The server ended before it listened");
  }

  /** The beginning of a command that runs a class of this class path. */
  static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  String jdbcUrl() {
    return "jdbc:datanode:" + address;
  }

  String httpUrl() {
    return "http:" + address;
  }

  /** Bytes of its heap that are reachable now. */
  long liveBytes() throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process counting =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
            .start();
    String histogram = new String(counting.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IOException("jcmd does not say how large the heap is: " + histogram);
    }
    return Long.parseLong(total.group(1));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
