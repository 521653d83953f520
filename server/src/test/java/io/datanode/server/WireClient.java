package io.datanode.server;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.wire.ExecuteRequest;
import io.datanode.jdbc.wire.FetchRequest;
import io.datanode.jdbc.wire.Frame;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Speaks the binary format frame by frame. */
final class WireClient {
  private final DataNodeServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String authorization;
  private String session = "none";
  private List<ColumnType> types = List.of();

  /** Numbers in the first column of the rows received, in order. */
  final List<Long> numbers = new ArrayList<>();

  WireClient(DataNodeServer server) {
    this(server, "none");
  }

  private WireClient(DataNodeServer server, String authorization) {
    this.server = server;
    this.authorization = authorization;
  }

  static WireClient open(DataNodeServer server, Map<String, String> settings) throws Exception {
    return open(new WireClient(server), settings);
  }

  /** A session of a user of {@link Users}. */
  static WireClient open(DataNodeServer server, Map<String, String> settings, String user)
      throws Exception {
    return open(new WireClient(server, Users.authorization(user)), settings);
  }

  private static WireClient open(WireClient client, Map<String, String> settings) throws Exception {
    FrameReader frame = client.only(WireFormat.OPEN, WireFormat.settings(settings));
    client.session = frame.opened().sessionId();
    return client;
  }

  /** Another user who knows the id of this session. */
  WireClient as(String user) {
    WireClient thief = new WireClient(server, Users.authorization(user));
    thief.session = session;
    return thief;
  }

  static byte[] execute(String id, String sql, long credit) {
    return WireFormat.execute(
        new ExecuteRequest(new StatementCall(id, sql, List.of(), 0, 0), credit));
  }

  static byte[] fetch(String id, long credit) {
    return WireFormat.fetch(new FetchRequest(id, credit));
  }

  HttpResponse<byte[]> post(String path, byte[] body) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.httpUrl() + path))
            .header("Content-Type", WireFormat.MEDIA_TYPE)
            .header(WireFormat.SESSION_HEADER, session)
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Sends a request and reads frames to the last one, which is given back. */
  FrameReader send(String path, byte[] body) throws Exception {
    InputStream in = new ByteArrayInputStream(post(path, body).body());
    FrameReader reader = new FrameReader();
    while (in.available() > 0) {
      Frame kind = reader.read(in);
      if (kind == Frame.HEADER) {
        types = reader.columns().stream().map(ResultColumn::type).toList();
      } else if (kind == Frame.BATCH) {
        take(reader);
      }
    }
    return reader;
  }

  private FrameReader only(String path, byte[] body) throws Exception {
    FrameReader reader = send(path, body);
    if (reader.kind() == Frame.ERROR) {
      throw reader.error();
    }
    return reader;
  }

  private void take(FrameReader reader) throws SQLException {
    ColumnBatch batch = ColumnBatch.of(types, 1024);
    reader.batch(types, batch);
    for (int i = 0; i < batch.rowCount(); i++) {
      numbers.add(((LongVector) batch.column(0)).get(i));
    }
  }

  /** Sends a request on a socket of its own, whose answer nobody has read yet. */
  Socket start(String path, byte[] body) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + WireFormat.SESSION_HEADER
            + ": "
            + session
            + "\r\nAuthorization: "
            + authorization
            + "\r\n"
            + WireFormat.CLIENT_HEADER
            + ": "
            + socket.getLocalAddress().getHostAddress()
            + ":"
            + socket.getLocalPort()
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
    return socket;
  }
}
