package io.datanode.server.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.jdbc.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request with its body, and the way to answer it once. */
public final class Exchange {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final byte[] body;
  private final AtomicBoolean answered = new AtomicBoolean();
  private Runnable watch = () -> {};

  Exchange(Request request, Response response, Callback callback, byte[] body) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.body = body;
  }

  public byte[] body() {
    return body;
  }

  public String path() {
    return String.valueOf(request.getHttpURI().getCanonicalPath());
  }

  /** A request header, or null. */
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** Host and port of the server as this client sees it. */
  public String serverAddress() {
    return Request.getServerName(request) + ":" + Request.getServerPort(request);
  }

  /**
   * Watches until something is answered whether the client goes away. Called at most once, by the
   * thread that answers.
   *
   * @param gone run once, on a thread that must not wait, if it does
   */
  public void onClientGone(Runnable gone) {
    watch = ClientWatch.start(request, gone);
  }

  /** Answers with a whole body. */
  public void respond(int status, String contentType, byte[] content) {
    if (answered.compareAndSet(false, true)) {
      watch.run();
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
      response.write(true, ByteBuffer.wrap(content), callback);
    }
  }

  /** Answers with JSON. */
  public void respond(int status, ObjectNode json) {
    byte[] content = (json.toString() + "\n").getBytes(StandardCharsets.UTF_8);
    respond(status, "application/json", content);
  }

  /** Answers with an error as JSON. */
  public void fail(int status, SqlState state, String message) {
    respond(status, error(state, message));
  }

  /** An error as this server writes it in JSON. */
  static ObjectNode error(SqlState state, String message) {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("error").put("sqlState", state.code()).put("message", message);
    return json;
  }

  static ObjectNode json() {
    return JSON.createObjectNode();
  }

  /** Answers with a body that is still being made. */
  public ResponseStream stream(String contentType) {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("The request has been answered");
    }
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    return new ResponseStream(response, callback, watch);
  }
}
