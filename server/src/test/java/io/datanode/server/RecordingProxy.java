package io.datanode.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between our driver and a server and writes down each request, by the last part of its
 * path: as many round trips there are.
 */
final class RecordingProxy implements AutoCloseable {
  private static final Pattern REQUEST = Pattern.compile("POST /jdbc/v1/(\\S+) HTTP/1.1\r\n");

  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ServerSocket listening;
  private final int port;
  private volatile boolean hanging;

  /** A proxy in front of a server on this machine. */
  RecordingProxy(int port) throws IOException {
    this.port = port;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String url() {
    return "jdbc:datanode://127.0.0.1:" + listening.getLocalPort() + "/";
  }

  String httpUrl() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** Passes requests on no more, as a server that hangs: it takes them and never answers. */
  void hang() {
    hanging = true;
  }

  /** Passes on what comes from now on; what came meanwhile is lost. */
  void recover() {
    hanging = false;
  }

  /** Requests since the last call of this method. */
  List<String> requests() {
    List<String> taken = new ArrayList<>();
    for (String request = requests.poll(); request != null; request = requests.poll()) {
      taken.add(request);
    }
    return taken;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        // Otherwise the kernel holds back the second half of an answer for 40 ms.
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        threads.execute(() -> pipe(client, server, true));
        threads.execute(() -> pipe(server, client, false));
      }
    } catch (IOException e) {
      // Closed, which is how a test ends.
      threads.shutdown();
    }
  }

  private void pipe(Socket from, Socket to, boolean recording) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] bytes = new byte[64 * 1024];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (recording) {
          // The driver sends a request in one piece, and the next only after the answer.
          Matcher request =
              REQUEST.matcher(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
          if (request.lookingAt()) {
            requests.add(request.group(1));
          }
        }
        if (!hanging) {
          out.write(bytes, 0, read);
        }
      }
    } catch (IOException e) {
      // One side is gone; closing the other tells it.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
