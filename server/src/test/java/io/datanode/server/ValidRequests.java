package io.datanode.server;

import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.wire.FrameReader;
import io.datanode.jdbc.wire.MetadataRequest;
import io.datanode.jdbc.wire.SetRequest;
import io.datanode.jdbc.wire.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;

/** A right request for each thing that a server over {@link SmallMarket} can be asked. */
final class ValidRequests {
  private static final String JSON = "Content-Type: application/json\r\n";

  private final List<Sample> samples = new ArrayList<>();

  private ValidRequests() {}

  /** A request as HTTP/1.1. */
  record Sample(String method, String path, String headers, byte[] body) {
    Sample with(byte[] other) {
      return new Sample(method, path, headers, other);
    }

    byte[] bytes() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(
          (method
                  + " "
                  + path
                  + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                  + headers
                  + "Content-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(body);
      return out.toByteArray();
    }
  }

  /** Requests of every protocol; opens the sessions that they name. */
  static List<Sample> of(TestServer server) throws Exception {
    ValidRequests requests = new ValidRequests();
    requests.plainHttp();
    requests.avaticaJson();
    requests.avaticaProtobuf();
    byte[] opened =
        new WireClient(server.server()).post(WireFormat.OPEN, WireFormat.settings(Map.of())).body();
    FrameReader frame = new FrameReader();
    frame.read(new ByteArrayInputStream(opened));
    requests.ofOurDriver(frame.opened().sessionId());
    return requests.samples;
  }

  private void plainHttp() throws IOException {
    String query =
        "{\"sql\": \"SELECT * FROM daily_prices WHERE close > ? AND time_index < TIMESTAMP"
            + " '2026-02-01'\", \"parameters\": [101.5], \"max_rows\": 5, \"settings\":"
            + " {\"timeZone\": \"UTC\", \"maxShippedRows\": \"10\"}}";
    json("/v1/query", query);
    add("/v1/query", JSON + "Accept: text/csv\r\n", bytes(query));
    add("/v1/query", JSON + "Accept: application/vnd.apache.arrow.stream\r\n", bytes(query));
    add("/v1/query", JSON + "Content-Encoding: gzip\r\n", gzip(query));
    json("/v1/query", "{\"sql\": \"EXPLAIN PLAN FOR SELECT COUNT(*) FROM daily_prices\"}");
    json("/v1/query", "{\"sql\": \"SELECT * FROM metadata.nodes\"}");
    json(
        "/v1/search",
        "{\"node_identifier\": \"daily_prices\", \"limit\": 3, \"offset\": 0,"
            + " \"filters\": [{\"field\": \"close\", \"op\": \"gt\", \"value\": 101}]}");
    json(
        "/v1/search",
        "{\"node_identifier\": \"daily_prices\", \"joins\": [{\"name\": \"caps\","
            + " \"node_identifier\": \"research.market_caps\", \"type\": \"left\"}],"
            + " \"filters\": {\"and\": [{\"field\": \"asset_identifier\", \"op\": \"in\","
            + " \"value\": [\"AAPL\", \"SAP\"]}]}}");
    json(
        "/v1/nodes/daily_prices/between-dates",
        "{\"start_date\": \"2026-01-03\", \"end_date\": \"2026-01-05\","
            + " \"great_or_equal\": true, \"unique_identifier_list\": [\"AAPL\"]}");
    json("/v1/nodes/daily_prices/last-observation", "{}");
    json("/v1/nodes/research.market_caps/last-observation", "{}");
    json(
        "/v1/nodes/description-search",
        "{\"q\": \"daily price bars\", \"trigram_k\": 5, \"namespace\": \"nodes\"}");
    add(
        "/v1/nodes/daily_prices/last-observation",
        JSON + "As-Of: 2026-01-04T00:00:00Z\r\n",
        bytes("{\"unique_identifier_list\": [\"AAPL\"]}"));
    for (String path :
        List.of(
            "/v1/nodes",
            "/v1/nodes?namespace=research",
            "/v1/nodes/description-search?q=price%20bars&trigram_k=1&namespace=nodes",
            "/v1/nodes/column-search?q=cap&identifier=market_caps",
            "/v1/nodes/daily_prices?x=1",
            "/v1/nodes/research.market_caps",
            "/openapi.json",
            "/health",
            "/ready",
            "/metrics")) {
      samples.add(new Sample("GET", path, "Accept: application/json\r\n", new byte[0]));
    }
  }

  private void avaticaJson() {
    json("/", "{\"request\": \"openConnection\", \"connectionId\": \"c\", \"info\": {}}");
    json("/", "{\"request\": \"createStatement\", \"connectionId\": \"c\"}");
    json(
        "/",
        "{\"request\": \"prepareAndExecute\", \"connectionId\": \"c\", \"statementId\": 1,"
            + " \"sql\": \"SELECT 1\", \"maxRowsInFirstFrame\": 10, \"maxRowCount\": -1}");
    json(
        "/",
        "{\"request\": \"prepare\", \"connectionId\": \"c\","
            + " \"sql\": \"SELECT * FROM daily_prices WHERE close > ?\", \"maxRowCount\": -1}");
    json(
        "/",
        "{\"request\": \"fetch\", \"connectionId\": \"c\", \"statementId\": 1, \"offset\": 0,"
            + " \"fetchMaxRowCount\": 10}");
    json(
        "/",
        "{\"request\": \"connectionSync\", \"connectionId\": \"c\", \"connProps\":"
            + " {\"connProps\": \"connPropsImpl\", \"autoCommit\": true, \"schema\": \"nodes\"}}");
    for (String call :
        List.of(
            "getCatalogs",
            "getSchemas",
            "getTables",
            "getColumns",
            "getTableTypes",
            "getTypeInfo",
            "databaseProperties",
            "closeConnection")) {
      json(
          "/",
          "{\"request\": \"" + call + "\", \"connectionId\": \"c\", \"schemaPattern\": \"%\"}");
    }
  }

  private void avaticaProtobuf() throws IOException {
    for (Service.Request request :
        List.of(
            new Service.OpenConnectionRequest("p", Map.of("schema", "nodes")),
            new Service.CreateStatementRequest("p"),
            new Service.PrepareRequest("p", "SELECT * FROM daily_prices", -1),
            new Service.PrepareAndExecuteRequest("p", 1, "SELECT 1", -1),
            new Service.FetchRequest("p", 1, 0, 100),
            new Service.SchemasRequest("p", null, "%"),
            new Service.TablesRequest("p", null, "nodes", "%", List.of("TABLE")),
            new Service.ColumnsRequest("p", null, "nodes", "daily_prices", "%"),
            new Service.CatalogsRequest("p"),
            new Service.TypeInfoRequest("p"),
            new Service.DatabasePropertyRequest("p"),
            new Service.CloseStatementRequest("p", 1),
            new Service.CommitRequest("p"),
            new Service.RollbackRequest("p"),
            new Service.CloseConnectionRequest("p"))) {
      add(
          "/",
          "Content-Type: application/x-google-protobuf\r\n",
          new ProtobufTranslationImpl().serializeRequest(request));
    }
  }

  private void ofOurDriver(String session) {
    ours(session, WireFormat.OPEN, WireFormat.settings(Map.of("schema", "nodes")));
    ours(session, WireFormat.EXECUTE, WireClient.execute("s", "SELECT 1 AS one", 1_000));
    ours(
        session,
        WireFormat.EXECUTE,
        WireClient.execute("t", "SELECT * FROM daily_prices a, daily_prices b", 1_000));
    ours(session, WireFormat.EXECUTE, WireClient.execute("u", "SET time_zone = 'UTC'", 1_000));
    ours(session, WireFormat.FETCH, WireClient.fetch("t", 1_000));
    ours(session, WireFormat.PREPARE, WireFormat.text("SELECT * FROM daily_prices"));
    ours(session, WireFormat.SET, WireFormat.set(new SetRequest("schema", "nodes")));
    ours(session, WireFormat.PING, WireFormat.text("1"));
    ours(session, WireFormat.CANCEL, WireFormat.text("s"));
    ours(session, WireFormat.CLOSE_STATEMENT, WireFormat.text("s"));
    for (MetadataCall.Method method : MetadataCall.Method.values()) {
      List<Object> arguments = Arrays.asList(null, "%", "%", null, null, null);
      ours(
          session,
          WireFormat.METADATA,
          WireFormat.metadata(
              new MetadataRequest("m", new MetadataCall(method, arguments), 1_000)));
    }
    ours(
        session,
        WireFormat.METADATA,
        WireFormat.metadata(
            new MetadataRequest(
                "m",
                new MetadataCall(MetadataCall.Method.SCHEMAS, Arrays.asList("", "%")),
                1_000)));
  }

  private void json(String path, String body) {
    add(path, JSON, bytes(body));
  }

  private void add(String path, String headers, byte[] body) {
    samples.add(new Sample("POST", path, headers, body));
  }

  private void ours(String session, String path, byte[] body) {
    add(
        path,
        "Content-Type: "
            + WireFormat.MEDIA_TYPE
            + "\r\n"
            + WireFormat.SESSION_HEADER
            + ": "
            + session
            + "\r\n",
        body);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes(text));
    }
    return out.toByteArray();
  }
}
