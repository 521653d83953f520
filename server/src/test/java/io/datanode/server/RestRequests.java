package io.datanode.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Requests to the endpoints under {@code /v1}, as any HTTP client sends them. */
final class RestRequests {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RestRequests() {}

  /** Posts JSON; the headers may say that it is something else. */
  static HttpResponse<String> post(TestServer server, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request(server, path, body.getBytes(StandardCharsets.UTF_8), headers),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** Runs a query of one row as whom a header says. */
  static HttpResponse<String> selectOne(TestServer server, String authorization)
      throws IOException, InterruptedException {
    return post(
        server, "/v1/query", "{\"sql\": \"SELECT 1 AS one\"}", "Authorization", authorization);
  }

  static HttpResponse<byte[]> postBytes(
      TestServer server, String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request(server, path, body, headers), HttpResponse.BodyHandlers.ofByteArray());
  }

  static HttpResponse<byte[]> getBytes(TestServer server, String path, String encoding)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(server.server().httpUrl() + path))
            .header("Accept-Encoding", encoding)
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** An answer of which nothing is read yet. */
  static HttpResponse<InputStream> open(
      TestServer server, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request(server, path, body.getBytes(StandardCharsets.UTF_8), headers),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  private static HttpRequest request(
      TestServer server, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.server().httpUrl() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  /** Waits until the server works on no request any more. */
  static void awaitRest(TestServer server) throws InterruptedException {
    while (!server.server().atRest()) {
      Thread.sleep(5);
    }
  }
}
