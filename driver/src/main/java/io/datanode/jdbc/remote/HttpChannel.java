package io.datanode.jdbc.remote;

import io.datanode.jdbc.ConnectUrl.Address;
import io.datanode.jdbc.wire.WireFormat;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** One socket to a server that carries one POST after the other. Not thread-safe, but for close. */
final class HttpChannel implements Closeable {
  /** The first byte of what a server answers to plain text if it expects TLS (RFC 8446, 5.1). */
  private static final int TLS_ALERT = 0x15;

  private static final int LONGEST_HEAD = 64 * 1024;
  // Holds the first rows of a result whose reader pauses, so that the server need not wait for it.
  private static final int RECEIVE_BUFFER = 256 * 1024;

  /** The connection broke before the server answered with as much as a byte. */
  static final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    NoAnswerException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** The head of a response, and its body to be read. */
  static final class Response {
    private final int status;
    private final boolean ours;
    private final Body body;

    Response(int status, boolean ours, Body body) {
      this.status = status;
      this.ours = ours;
      this.body = body;
    }

    int status() {
      return status;
    }

    /** True if the body is in our format. */
    boolean ours() {
      return ours;
    }

    InputStream body() {
      return body;
    }
  }

  private final Address address;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String ownAddress;
  private Body body;
  private boolean keepAlive = true;
  private boolean used;
  private long lastUsed;

  private HttpChannel(Address address, Socket socket) throws IOException {
    this.address = address;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    this.out = socket.getOutputStream();
    this.ownAddress = socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  /**
   * Connects.
   *
   * @param tls null to speak plain text
   * @param timeoutMillis longest wait; 0 means no limit
   */
  static HttpChannel open(Address address, Tls tls, int timeoutMillis) throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setKeepAlive(true);
      plain.setReceiveBufferSize(RECEIVE_BUFFER);
      plain.connect(new InetSocketAddress(address.host(), address.port()), timeoutMillis);
      if (tls == null) {
        return new HttpChannel(address, plain);
      }
      plain.setSoTimeout(timeoutMillis);
      return new HttpChannel(address, tls.over(plain, address.host(), address.port()));
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  Address address() {
    return address;
  }

  /** True if it carried a request before, so that the server may have closed it meanwhile. */
  boolean used() {
    return used;
  }

  /** How long ago it carried its last request. */
  long idleNanos() {
    return System.nanoTime() - lastUsed;
  }

  /** True if it can carry another request: the last response was read to its end. */
  boolean reusable() {
    return keepAlive && body != null && body.ended() && !socket.isClosed();
  }

  void setReadTimeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** Sends a request and reads the head of its response. */
  Response post(String path, Map<String, String> headers, byte[] content) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(path).append(" HTTP/1.1\r\nHost: ").append(address);
    head.append("\r\nContent-Type: ").append(WireFormat.MEDIA_TYPE);
    head.append("\r\nContent-Length: ").append(content.length);
    head.append("\r\n").append(WireFormat.CLIENT_HEADER).append(": ").append(ownAddress);
    headers.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream request = new ByteArrayOutputStream(start.length + content.length);
    request.writeBytes(start);
    request.writeBytes(content);
    int first;
    try {
      request.writeTo(out);
      out.flush();
      first = in.read();
      if (first < 0) {
        throw new EOFException("the server closed the connection");
      }
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw new NoAnswerException(e);
    } finally {
      used = true;
      lastUsed = System.nanoTime();
    }
    if (first == TLS_ALERT) {
      throw new ProtocolException("the server speaks TLS; add ssl=true to the URL");
    }
    return head(first);
  }

  private Response head(int first) throws IOException {
    String line = (char) first + line();
    while (true) {
      int status = status(line);
      long length = -1;
      boolean chunked = false;
      boolean ours = false;
      keepAlive = line.startsWith("HTTP/1.1");
      for (line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).trim();
        if (name.equals("content-length")) {
          length = length(value);
        } else if (name.equals("transfer-encoding")) {
          chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        } else if (name.equals("connection")) {
          keepAlive &= !value.equalsIgnoreCase("close");
        } else if (name.equals("content-type")) {
          ours = value.toLowerCase(Locale.ROOT).startsWith(WireFormat.MEDIA_TYPE);
        }
      }
      if (status >= 200) {
        keepAlive &= chunked || length >= 0;
        body = chunked ? Body.chunked(in) : Body.ofLength(in, length);
        return new Response(status, ours, body);
      }
      line = line();
    }
  }

  private int status(String line) throws IOException {
    if (line.matches("HTTP/1\\.[01] [1-5][0-9][0-9].*")) {
      return Integer.parseInt(line.substring(9, 12));
    }
    throw new ProtocolException("what answers at " + address + " does not speak HTTP");
  }

  private static long length(String value) throws IOException {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ProtocolException("the server says the length of its answer is '" + value + "'");
    }
  }

  private String line() throws IOException {
    return Body.line(in, LONGEST_HEAD);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // A socket that cannot be closed is gone all the same.
      keepAlive = false;
    }
  }
}
