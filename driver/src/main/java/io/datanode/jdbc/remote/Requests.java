package io.datanode.jdbc.remote;

import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sends requests over the channels of a session, with its login.
 *
 * <p>What answers at one address may be several servers behind a load balancer, which leads a
 * connection, or each request, to any of them. A server that does not know the session has done
 * nothing with the request, so it is tried again over other connections before the session is taken
 * for lost. Thread-safe.
 */
final class Requests {
  /** How often a request is sent on before its session is taken for lost. */
  static final int DETOURS = 4;

  private final Channels channels;
  private final String authorization;
  private final boolean compressed;

  private Requests(Channels channels, String authorization, boolean compressed) {
    this.channels = channels;
    this.authorization = authorization;
    this.compressed = compressed;
  }

  /**
   * Requests with the login of a URL.
   *
   * @throws SQLException 22023 if the login cannot be sent
   */
  static Requests of(ConnectUrl url, Channels channels) throws SQLException {
    return new Requests(
        channels, authorization(url), WireFormat.DEFLATE.equals(url.value(Setting.COMPRESSION)));
  }

  private static String authorization(ConnectUrl url) throws SQLException {
    String token = url.value(Setting.TOKEN);
    String user = url.value(Setting.USER);
    if (!token.isEmpty()) {
      if (!token.matches("[!-~]+")) {
        throw SqlState.INVALID_PARAMETER.exception(
            "Setting 'token' has characters that no token has; expected visible ASCII");
      }
      return "Bearer " + token;
    }
    if (user.isEmpty() && url.value(Setting.PASSWORD).isEmpty()) {
      return null;
    }
    if (user.indexOf(':') >= 0) {
      throw SqlState.INVALID_PARAMETER.exception("Setting 'user' has a ':', which HTTP forbids");
    }
    byte[] login = (user + ":" + url.value(Setting.PASSWORD)).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  /**
   * Sends a request and reads the first frame of its response into {@code frame}, which is
   * UNKNOWN_SESSION only if no server that can be reached knows the session.
   *
   * @param timeoutMillis longest wait for bytes; 0 means for ever
   */
  Exchange ask(String path, SessionPlace at, byte[] body, FrameReader frame, int timeoutMillis)
      throws IOException, SQLException {
    for (int detours = 0; ; detours++) {
      Exchange exchange = send(path, at, body, timeoutMillis);
      boolean done = false;
      try {
        Frame kind = exchange.read(frame);
        done = kind != Frame.UNKNOWN_SESSION || detours == DETOURS;
      } finally {
        if (!done) {
          // Its socket leads to a server that does not have the session.
          exchange.abandon();
        }
      }
      if (done) {
        return exchange;
      }
    }
  }

  private Exchange send(String path, SessionPlace at, byte[] body, int timeoutMillis)
      throws IOException, SQLException {
    HttpChannel channel = channels.take(at.address(), true);
    channel.setReadTimeout(timeoutMillis);
    if (channel.used()) {
      try {
        return send(path, at, body, channel);
      } catch (HttpChannel.NoAnswerException e) {
        // A server closes idle connections; the request did not reach it.
        channel = channels.take(at.address(), false);
        channel.setReadTimeout(timeoutMillis);
      }
    }
    return send(path, at, body, channel);
  }

  /**
   * Sends a request over a channel, once; no byte of the response's body is read.
   *
   * @param at null for one that needs no session
   */
  Exchange send(String path, SessionPlace at, byte[] body, HttpChannel channel)
      throws IOException, SQLException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (at != null) {
      headers.put(WireFormat.SESSION_HEADER, at.sessionId());
    }
    if (authorization != null) {
      headers.put("Authorization", authorization);
    }
    if (compressed) {
      headers.put(WireFormat.COMPRESSION_HEADER, WireFormat.DEFLATE);
    }
    boolean answered = false;
    try {
      HttpChannel.Response response = channel.post(path, headers, body);
      if (!response.ours()) {
        throw Channels.refusal(response.status(), channel.address());
      }
      answered = true;
      return new Exchange(channels, channel, response.body());
    } finally {
      if (!answered) {
        channel.close();
        channels.release(channel);
      }
    }
  }
}
