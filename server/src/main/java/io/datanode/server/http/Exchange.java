package io.datanode.server.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.wire.WireFormat;
import io.datanode.server.access.Credentials;
import io.datanode.server.access.User;
import io.datanode.server.session.Holdings;
import io.datanode.server.session.UserMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/** One request with its body, and the way to answer it once. */
public final class Exchange {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CLIENT_SOCKET = Exchange.class.getName();

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final byte[] body;
  private final User user;
  private final ClientWatches watches;
  private final Holdings holdings;
  private @Nullable UserMemory memory;
  private final AtomicBoolean answered = new AtomicBoolean();
  private Runnable watch = () -> {};

  Exchange(
      Request request,
      Response response,
      Callback callback,
      byte[] body,
      User user,
      ClientWatches watches,
      Holdings holdings) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.body = body;
    this.user = user;
    this.watches = watches;
    this.holdings = holdings;
  }

  /** A malformed header is refused where it matters. */
  private String lenientClaim() {
    try {
      return User.named(claimedUser()).shown().name();
    } catch (SQLException e) {
      return "";
    }
  }

  /** The memory this takes. */
  UserMemory memory() {
    UserMemory known = memory;
    if (known == null) {
      known = holdings.memory(user.name().isEmpty() ? lenientClaim() : user.shown().name());
      memory = known;
    }
    return known;
  }

  /** Who logged in; with an empty name if the server lets everybody in. */
  public User user() {
    return user;
  }

  /**
   * Who sends this, for others to see: who logged in, else who the client says it is.
   *
   * @throws SQLException 28000 if the header that says so is malformed
   */
  public User shownUser() throws SQLException {
    return user.name().isEmpty() ? User.named(claimedUser()) : user;
  }

  public byte[] body() {
    return body;
  }

  public String path() {
    return String.valueOf(request.getHttpURI().getCanonicalPath());
  }

  /** What follows a part of the path, decoded; for example the node of {@code /v1/nodes/<node>}. */
  public String pathAfter(String start) {
    return URIUtil.decodePath(path().substring(start.length()));
  }

  /** Parameters of the query string, decoded, with all values of each. */
  public Map<String, List<String>> queryParameters() {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    Request.extractQueryParameters(request)
        .forEach(field -> parameters.put(field.getName(), field.getValues()));
    return parameters;
  }

  /** Address of the client, without port. */
  public String clientAddress() {
    return Request.getRemoteAddr(request);
  }

  /** The connection, if the client says that it is its own and not that of a proxy. */
  Optional<EndPoint> ownConnection() {
    String claimed = header(WireFormat.CLIENT_HEADER);
    ConnectionMetaData connection = request.getConnectionMetaData();
    return claimed != null && claimed.equals(clientSocket(connection))
        ? Optional.of(network(connection.getConnection().getEndPoint()))
        : Optional.empty();
  }

  /** Address and port at the other end, made once for all requests of a connection. */
  private static @Nullable String clientSocket(ConnectionMetaData connection) {
    if (connection.getAttribute(CLIENT_SOCKET) instanceof String known) {
      return known;
    }
    if (!(connection.getRemoteSocketAddress() instanceof InetSocketAddress seen)) {
      return null;
    }
    String made = seen.getAddress().getHostAddress() + ":" + seen.getPort();
    connection.setAttribute(CLIENT_SOCKET, made);
    return made;
  }

  /** What is below the encryption. */
  private static EndPoint network(EndPoint connection) {
    EndPoint below = connection;
    while (below instanceof EndPoint.Wrapper wrapper) {
      below = wrapper.unwrap();
    }
    return below;
  }

  /** False for a client that can only tell by the end of the connection where a body ends. */
  public boolean canStream() {
    return request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0
        && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_0_9;
  }

  /** A request header, or null. */
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** All values of a request header, split at commas outside quotes; empty if it is not there. */
  public List<String> headerValues(String name) {
    return request.getHeaders().getCSV(name, true);
  }

  /**
   * The name in an Authorization header of type Basic, or empty. Shown to others, not checked.
   *
   * @throws SQLException 28000 if the header is malformed
   */
  private String claimedUser() throws SQLException {
    String header = header("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return "";
    }
    return Credentials.ofHeader(header) instanceof Credentials.Password given ? given.user() : "";
  }

  /** Host and port of the server as this client sees it. */
  public String serverAddress() {
    return Request.getServerName(request) + ":" + Request.getServerPort(request);
  }

  /**
   * Watches until something is answered whether the client goes away, if the answer takes a while.
   * Called at most once, by the thread that answers.
   *
   * @param gone run once, on a thread that must not wait, if it does
   */
  public void onClientGone(Runnable gone) {
    watch = watches.watch(request, gone);
  }

  /** Answers with a whole body. */
  public void respond(int status, String contentType, byte[] content) {
    if (answered.compareAndSet(false, true)) {
      watch.run();
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
      UserMemory held = memory();
      held.count(content.length);
      response.write(
          true,
          ByteBuffer.wrap(content),
          Callback.from(() -> held.giveBack(content.length), callback));
    }
  }

  /** Answers with JSON. */
  public void respond(int status, ObjectNode json) {
    byte[] content = (json.toString() + "\n").getBytes(StandardCharsets.UTF_8);
    respond(status, "application/json", content);
  }

  /** Answers with an error as JSON. */
  public void fail(HttpError error) {
    fail(error, error.envelope());
  }

  /** Answers with an error as JSON. */
  public void fail(int status, SqlState state, String message) {
    fail(HttpError.of(status, state, message));
  }

  void fail(HttpError error, ObjectNode envelope) {
    if (!answered.get()) {
      error.headers().forEach(this::responseHeader);
      if (body.length == 0
          && !error.headers().containsKey("Connection")
          && !request.consumeAvailable()) {
        // Jetty closes the connection now, as the rest of the body may still come; a client that is
        // not told would send its next request on it.
        responseHeader("Connection", "close");
      }
    }
    if (path().startsWith(WireFormat.PATH)) {
      respond(error.status(), WireFormat.MEDIA_TYPE, inOurFormat(error));
    } else {
      respond(error.status(), envelope);
    }
  }

  /** Our own driver shows what it is told, instead of guessing from the status. */
  private static byte[] inOurFormat(HttpError error) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      WireFormat.writeError(out, SqlState.exception(error.message(), error.sqlState(), null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Adds a header to the response, which is not begun yet. */
  public void responseHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  static ObjectNode json() {
    return JSON.createObjectNode();
  }

  /** Answers with a body that is still being made. */
  public ResponseStream stream(String contentType) {
    return stream(contentType, false);
  }

  /**
   * Answers with a body that is still being made, and watches the client until its end. Only for
   * clients that send their next request after they have the whole of this answer.
   */
  public ResponseStream watchedStream(String contentType) {
    return stream(contentType, true);
  }

  private ResponseStream stream(String contentType, boolean watched) {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("The request has been answered");
    }
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    return new ResponseStream(response, callback, memory(), watch, watched);
  }

  /** True once an answer has begun. */
  public boolean answered() {
    return answered.get();
  }
}
