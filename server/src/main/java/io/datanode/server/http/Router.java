package io.datanode.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.server.access.Login;
import io.datanode.server.access.User;
import io.datanode.server.metrics.ServerMetrics;
import io.datanode.server.session.Holdings;
import io.datanode.server.session.RequestRate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests and hands each to the endpoint of its method and path. */
public final class Router extends Handler.Abstract.NonBlocking {
  private static final Logger LOGGER = LoggerFactory.getLogger(Router.class);
  private static final Pattern IP_ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");

  private static final String CHALLENGE =
      "Basic realm=\"DataNode SQL\", charset=\"UTF-8\", Bearer realm=\"DataNode SQL\"";
  private static final User NOBODY = User.named("");

  private static final List<String> METHODS = List.of("GET", "HEAD", "POST");

  private final Map<String, Endpoint> endpoints;
  private final Map<Endpoint.Lane, Executor> executors;
  private final Login login;
  private final RequestRate rate;
  private final ServerMetrics metrics;
  private final ClientWatches watches;
  private final RequestBodies bodies;
  private final SlowHeads heads;
  private final Holdings holdings;
  private final boolean onlyLocal;

  /**
   * A router.
   *
   * @param endpoints by method and path, for example {@code GET /health}; a path that ends with
   *     {@code /*} takes all below it
   * @param login finds out who sends a request
   * @param rate how many requests each user, or else each address, may send
   * @param metrics counts requests
   * @param watches watches clients that wait for their answers
   * @param bodies reads requests
   * @param heads told of requests that arrive
   * @param holdings whose memory requests and answers take
   * @param onlyLocal true if the server can only be reached from this machine; then requests that
   *     name another host are refused, because a browser was led here by a foreign page
   */
  public Router(
      Map<String, Endpoint> endpoints,
      Map<Endpoint.Lane, Executor> executors,
      Login login,
      RequestRate rate,
      ServerMetrics metrics,
      ClientWatches watches,
      RequestBodies bodies,
      SlowHeads heads,
      Holdings holdings,
      boolean onlyLocal) {
    this.endpoints = new LinkedHashMap<>(endpoints);
    this.executors = Map.copyOf(executors);
    this.login = login;
    this.rate = rate;
    this.metrics = metrics;
    this.watches = watches;
    this.bodies = bodies;
    this.heads = heads;
    this.holdings = holdings;
    this.onlyLocal = onlyLocal;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long started = System.nanoTime();
    heads.arrived(request);
    Request.addCompletionListener(
        request,
        failure ->
            metrics.answered(
                name(request),
                response.getStatus(),
                Duration.ofNanos(System.nanoTime() - started),
                Response.getContentBytesWritten(response)));
    Exchange empty = exchange(request, response, callback, new byte[0], NOBODY);
    if (foreign(request)) {
      empty.fail(
          403,
          SqlState.INSUFFICIENT_PRIVILEGE,
          "This server answers to localhost only, not to pages of other sites");
      return true;
    }
    Endpoint endpoint = find(request.getMethod(), empty.path());
    if (!login.required() || (endpoint != null && endpoint.open())) {
      read(endpoint, request, response, callback, NOBODY);
      return true;
    }
    login
        .user(request.getHeaders().get("Authorization"), Request.getRemoteAddr(request))
        .whenComplete(
            (user, failure) -> {
              if (failure == null) {
                read(endpoint, request, response, callback, user);
              } else {
                refuse(
                    empty, failure instanceof CompletionException ? failure.getCause() : failure);
              }
            });
    return true;
  }

  /** The endpoint of a request as metrics show it: one of few, whatever clients ask for. */
  private String name(Request request) {
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    String path = String.valueOf(request.getHttpURI().getCanonicalPath());
    if (endpoints.containsKey(method + " " + path)) {
      return method + " " + path;
    }
    for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
      String below = method + " " + path.substring(0, slash) + "/*";
      if (endpoints.containsKey(below)) {
        return below;
      }
    }
    return "none";
  }

  // Only after the login: strangers cannot make the server hold what they send.
  private void read(
      @Nullable Endpoint endpoint,
      Request request,
      Response response,
      Callback callback,
      User user) {
    Exchange empty = exchange(request, response, callback, new byte[0], user);
    boolean counted = endpoint == null || !endpoint.open();
    String client = user.name().isEmpty() ? Request.getRemoteAddr(request) : user.name();
    if (counted && !rate.take(client)) {
      empty.fail(
          HttpError.of(
                  429, SqlState.TOO_MANY_CONNECTIONS, "There are too many requests; send fewer")
              .with("Retry-After", "1"));
      return;
    }
    if (endpoint == null) {
      nothingHere(empty, request.getMethod());
      return;
    }
    bodies
        .read(request, empty.memory())
        .whenComplete(
            (body, failure) -> {
              if (failure == null) {
                dispatch(endpoint, exchange(request, response, callback, body, user));
              } else if (failure instanceof RefusedException refused) {
                empty.fail(refused.error());
              } else if (failure instanceof DataNodeException full) {
                empty.fail(HttpError.of(full));
              } else {
                // Nobody to blame but the client, so nothing for the log.
                empty.fail(400, SqlState.PROTOCOL_ERROR, "The request broke off before its end");
              }
            });
  }

  private static void refuse(Exchange exchange, Throwable failure) {
    if (!(failure instanceof SQLException)) {
      failed(exchange, failure);
      return;
    }
    HttpError error = HttpError.of((SQLException) failure);
    if (error.status() == 401) {
      // In this order: browsers and stock Avatica clients take the first they know.
      error = error.with("WWW-Authenticate", CHALLENGE);
    }
    exchange.fail(error);
  }

  private Exchange exchange(
      Request request, Response response, Callback callback, byte[] body, User user) {
    return new Exchange(request, response, callback, body, user, watches, holdings);
  }

  private void dispatch(Endpoint endpoint, Exchange exchange) {
    try {
      executors
          .get(endpoint.lane(exchange))
          .execute(
              () -> {
                try {
                  endpoint.answer(exchange);
                } catch (Exception | Error e) {
                  failed(exchange, e);
                }
              });
    } catch (RejectedExecutionException e) {
      // 500, because stock Avatica clients repeat a 503 for ever.
      exchange.fail(500, SqlState.LIMIT_EXCEEDED, "The server is busy or shutting down; try later");
    }
  }

  private static void failed(Exchange exchange, Throwable e) {
    // What Jetty finds wrong only when a header is asked for.
    if (e instanceof HttpException malformed && malformed.getCode() < 500) {
      exchange.fail(
          malformed.getCode(),
          SqlState.PROTOCOL_ERROR,
          "The request is malformed: " + malformed.getReason());
      return;
    }
    LOGGER.error("{} failed", exchange.path(), e);
    exchange.fail(
        500,
        SqlState.INTERNAL_ERROR,
        "The server failed (" + e.getClass().getSimpleName() + "); its log says more");
  }

  private @Nullable Endpoint find(String asked, String path) {
    // Jetty leaves the body out of the answer to HEAD.
    String method = asked.equals("HEAD") ? "GET" : asked;
    Endpoint exact = endpoints.get(method + " " + path);
    if (exact != null) {
      return exact;
    }
    for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
      Endpoint below = endpoints.get(method + " " + path.substring(0, slash) + "/*");
      if (below != null && below.serves(path)) {
        return below;
      }
    }
    return null;
  }

  private void nothingHere(Exchange exchange, String method) {
    String path = exchange.path();
    String allowed =
        METHODS.stream().filter(each -> find(each, path) != null).collect(Collectors.joining(", "));
    if (!allowed.isEmpty()) {
      exchange.fail(
          HttpError.of(
                  405, SqlState.PROTOCOL_ERROR, path + " is for " + allowed + ", not for " + method)
              .with("Allow", allowed));
      return;
    }
    HttpError error =
        HttpError.of(404, SqlState.PROTOCOL_ERROR, "There is nothing at " + method + " " + path);
    ObjectNode envelope = error.envelope();
    ArrayNode known = envelope.putArray("endpoints");
    endpoints.keySet().forEach(known::add);
    exchange.fail(error, envelope);
  }

  /** True if a page of another site made a browser send this. */
  private boolean foreign(Request request) {
    String host = Request.getServerName(request);
    if (onlyLocal && !loopback(host)) {
      return true;
    }
    String origin = request.getHeaders().get("Origin");
    if (origin == null) {
      return false;
    }
    String ownHost = request.getHeaders().get("Host");
    return ownHost == null || !origin.replaceFirst("^https?://", "").equals(ownHost);
  }

  private static boolean loopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      // Only literal addresses: a name could be looked up differently in a moment.
      return IP_ADDRESS.matcher(host).matches() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
