package io.datanode.jdbc.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.datanode.jdbc.wire.WireFormat;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A load balancer that takes its servers in turn and does not care who is whose, over connections
 * or over single requests.
 */
final class Balancer implements AutoCloseable {
  private final List<Integer> ports;
  private final AtomicInteger turn = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int port;
  private final Closeable listener;

  private Balancer(List<Integer> ports, boolean requests) throws IOException {
    this.ports = ports;
    if (requests) {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      HttpClient client = HttpClient.newBuilder().executor(threads).build();
      server.createContext("/", exchange -> forward(client, exchange));
      server.setExecutor(threads);
      server.start();
      port = server.getAddress().getPort();
      listener = () -> server.stop(0);
    } else {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      port = socket.getLocalPort();
      listener = socket;
      threads.execute(() -> accept(socket));
    }
  }

  /** Each connection goes to the next server, as with a balancer for TCP. */
  static Balancer ofConnections(int... ports) throws IOException {
    return new Balancer(boxed(ports), false);
  }

  /** Each request goes to the next server, as with a reverse proxy. */
  static Balancer ofRequests(int... ports) throws IOException {
    return new Balancer(boxed(ports), true);
  }

  private static List<Integer> boxed(int... ports) {
    return Arrays.stream(ports).boxed().collect(Collectors.toList());
  }

  String url() {
    return "jdbc:datanode://127.0.0.1:" + port + "/";
  }

  private int next() {
    return ports.get(turn.getAndIncrement() % ports.size());
  }

  private void forward(HttpClient client, HttpExchange exchange) throws IOException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + next() + exchange.getRequestURI().getPath()))
              .POST(
                  HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
      String session = exchange.getRequestHeaders().getFirst(WireFormat.SESSION_HEADER);
      if (session != null) {
        request.header(WireFormat.SESSION_HEADER, session);
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      exchange.getResponseHeaders().set("Content-Type", WireFormat.MEDIA_TYPE);
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      exchange.close();
    }
  }

  private void accept(ServerSocket listening) {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = connect();
        threads.execute(() -> pipe(client, server));
        threads.execute(() -> pipe(server, client));
      }
    } catch (IOException e) {
      // Closed, which is how the test ends.
      threads.shutdown();
    }
  }

  /** The next server that is up. */
  private Socket connect() throws IOException {
    IOException refused = new IOException("no servers");
    for (int i = 0; i < ports.size(); i++) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), next());
      } catch (IOException e) {
        refused = e;
      }
    }
    throw refused;
  }

  private static void pipe(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One side is gone; closing the other tells it.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
