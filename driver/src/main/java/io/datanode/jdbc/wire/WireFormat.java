package io.datanode.jdbc.wire;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Version 1 of the binary format between driver and server, with a writer and a reader for each
 * message.
 *
 * <p>Every request is a POST of one of the paths below, with the session in the header {@link
 * #SESSION_HEADER} except for {@link #OPEN}, and with a body of the type {@link #MEDIA_TYPE} that
 * starts with the version. The answer has status 200 and is made of {@link Frame}s, errors
 * included, so that a SQLSTATE always arrives. Only failed authentication has status 401 as well.
 *
 * <table>
 * <caption>Requests and the frames that answer them</caption>
 * <tr><td>{@link #OPEN}</td><td>{@link #settings}</td><td>OPENED</td></tr>
 * <tr><td>{@link #PREPARE}</td><td>{@link #text} of the SQL</td><td>SHAPE</td></tr>
 * <tr><td>{@link #EXECUTE}</td><td>{@link #execute}</td><td>[INFO] HEADER BATCH* (END | MORE)</td></tr>
 * <tr><td>{@link #METADATA}</td><td>{@link #metadata}</td><td>HEADER BATCH* (END | MORE)</td></tr>
 * <tr><td>{@link #FETCH}</td><td>{@link #fetch}</td><td>BATCH* (END | MORE)</td></tr>
 * <tr><td>{@link #CLOSE_STATEMENT}</td><td>{@link #text} of the statement id</td><td>DONE</td></tr>
 * <tr><td>{@link #CANCEL}</td><td>{@link #text} of the statement id</td><td>DONE</td></tr>
 * <tr><td>{@link #SET}</td><td>{@link #set}</td><td>INFO</td></tr>
 * <tr><td>{@link #PING}</td><td>{@link #text} of the seconds to wait</td><td>DONE</td></tr>
 * <tr><td>{@link #CLOSE}</td><td>{@link #text}, empty</td><td>DONE</td></tr>
 * </table>
 *
 * <p>Instead of the last frame, or of any, an ERROR may come; instead of the first, an
 * UNKNOWN_SESSION, whereupon the driver opens a session anew and repeats the request; a server that
 * is being stopped answers so to what would begin something. A driver that lost a connection may
 * repeat an execute under the same statement id; the server then gives up the earlier one. A fetch
 * of a statement that is not known is an ERROR with SQLSTATE 08006.
 */
public final class WireFormat {
  public static final int VERSION = 1;
  public static final String MEDIA_TYPE = "application/vnd.datanode.v1";
  public static final String SESSION_HEADER = "Datanode-Session";

  /**
   * Holds the address and port that the client's end of the connection has, as the client sees
   * them: {@code 192.0.2.7:54321}. A server that sees the same knows that no proxy is between.
   */
  public static final String CLIENT_HEADER = "Datanode-Client";

  /** A request with this header and the value {@code deflate} takes PACKED frames for BATCHes. */
  public static final String COMPRESSION_HEADER = "Datanode-Compression";

  public static final String DEFLATE = "deflate";

  /** What the path of every request begins with. */
  public static final String PATH = "/jdbc/v1/";

  public static final String OPEN = "/jdbc/v1/open";
  public static final String PREPARE = "/jdbc/v1/prepare";
  public static final String EXECUTE = "/jdbc/v1/execute";
  public static final String FETCH = "/jdbc/v1/fetch";
  public static final String CLOSE_STATEMENT = "/jdbc/v1/close-statement";
  public static final String METADATA = "/jdbc/v1/metadata";
  public static final String SET = "/jdbc/v1/set";
  public static final String CANCEL = "/jdbc/v1/cancel";
  public static final String PING = "/jdbc/v1/ping";
  public static final String CLOSE = "/jdbc/v1/close";

  /** Bytes of a frame before its content: its kind and its length. */
  static final int HEAD = 5;

  private static final int DEEPEST_TYPE = 8;

  private WireFormat() {}

  // Requests

  /** Body of {@link #OPEN}: settings by key. User and password travel in Authorization instead. */
  public static byte[] settings(Map<String, String> settings) {
    ByteWriter out = request();
    out.count(settings.size());
    settings.forEach(
        (key, value) -> {
          out.text(key);
          out.text(value);
        });
    return out.toByteArray();
  }

  /** Reads what {@link #settings} wrote. */
  public static Map<String, String> readSettings(byte[] body) throws SQLException {
    ByteReader in = request(body);
    int count = in.countOfItems();
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      settings.put(in.text(), in.text());
    }
    in.expectEnd();
    return settings;
  }

  /** Body of the requests that carry one text. */
  public static byte[] text(String text) {
    ByteWriter out = request();
    out.text(text);
    return out.toByteArray();
  }

  /** Reads what {@link #text} wrote. */
  public static String readText(byte[] body) throws SQLException {
    ByteReader in = request(body);
    String text = in.text();
    in.expectEnd();
    return text;
  }

  /** Body of {@link #EXECUTE}. */
  public static byte[] execute(ExecuteRequest request) {
    ByteWriter out = request();
    StatementCall call = request.call();
    out.text(call.id());
    out.text(call.sql());
    Values.writeList(out, call.parameters());
    out.int64(call.maxRows());
    out.int32(call.timeoutSeconds());
    out.int64(request.credit());
    return out.toByteArray();
  }

  /** Reads what {@link #execute} wrote. */
  public static ExecuteRequest readExecute(byte[] body) throws SQLException {
    ByteReader in = request(body);
    StatementCall call =
        new StatementCall(in.text(), in.text(), Values.readList(in), in.int64(), in.int32());
    ExecuteRequest request = new ExecuteRequest(call, in.int64());
    in.expectEnd();
    return request;
  }

  /** Body of {@link #METADATA}. */
  public static byte[] metadata(MetadataRequest request) {
    ByteWriter out = request();
    out.text(request.statementId());
    out.text(request.call().method().name());
    Values.writeList(out, request.call().arguments());
    out.int64(request.credit());
    return out.toByteArray();
  }

  /** Reads what {@link #metadata} wrote. */
  public static MetadataRequest readMetadata(byte[] body) throws SQLException {
    ByteReader in = request(body);
    String id = in.text();
    MetadataCall.Method method = constant(MetadataCall.Method.class, in.text());
    MetadataCall call = new MetadataCall(method, Values.readList(in));
    MetadataRequest request = new MetadataRequest(id, call, in.int64());
    in.expectEnd();
    return request;
  }

  /** Body of {@link #FETCH}. */
  public static byte[] fetch(FetchRequest request) {
    ByteWriter out = request();
    out.text(request.statementId());
    out.int64(request.credit());
    return out.toByteArray();
  }

  /** Reads what {@link #fetch} wrote. */
  public static FetchRequest readFetch(byte[] body) throws SQLException {
    ByteReader in = request(body);
    FetchRequest request = new FetchRequest(in.text(), in.int64());
    in.expectEnd();
    return request;
  }

  /** Body of {@link #SET}. */
  public static byte[] set(SetRequest request) {
    ByteWriter out = request();
    out.text(request.key());
    out.optionalText(request.value());
    return out.toByteArray();
  }

  /** Reads what {@link #set} wrote. */
  public static SetRequest readSet(byte[] body) throws SQLException {
    ByteReader in = request(body);
    SetRequest request = new SetRequest(in.text(), in.optionalText());
    in.expectEnd();
    return request;
  }

  private static ByteWriter request() {
    ByteWriter out = new ByteWriter(256);
    out.int8(VERSION);
    return out;
  }

  private static ByteReader request(byte[] body) throws SQLException {
    ByteReader in = new ByteReader(body, body.length);
    int version = in.int8();
    if (version != VERSION) {
      throw SqlState.PROTOCOL_ERROR.exception(
          "Request has version "
              + version
              + " of "
              + MEDIA_TYPE
              + "; this server understands version "
              + VERSION);
    }
    return in;
  }

  // Frames

  /** Writes a frame {@link Frame#OPENED}. */
  public static void writeOpened(OutputStream out, Opened opened) throws IOException {
    ByteWriter frame = frame(Frame.OPENED);
    frame.text(opened.sessionId());
    writeInfo(frame, opened.info());
    finish(frame, out);
  }

  static Opened readOpened(ByteReader in) throws SQLException {
    return new Opened(in.text(), readInfo(in));
  }

  /** Writes a frame {@link Frame#INFO}. */
  public static void writeInfo(OutputStream out, SessionInfo info) throws IOException {
    ByteWriter frame = frame(Frame.INFO);
    writeInfo(frame, info);
    finish(frame, out);
  }

  private static void writeInfo(ByteWriter out, SessionInfo info) {
    out.text(info.productName());
    out.text(info.productVersion());
    out.text(info.userName());
    out.text(info.schema());
    out.text(info.timeZone().getId());
  }

  static SessionInfo readInfo(ByteReader in) throws SQLException {
    return new SessionInfo(in.text(), in.text(), in.text(), in.text(), readZone(in));
  }

  /** Writes a frame {@link Frame#SHAPE}. */
  public static void writeShape(OutputStream out, StatementShape shape) throws IOException {
    ByteWriter frame = frame(Frame.SHAPE);
    writeColumns(frame, shape.columns());
    writeColumns(frame, shape.parameters());
    finish(frame, out);
  }

  static StatementShape readShape(ByteReader in) throws SQLException {
    return new StatementShape(readColumns(in), readColumns(in));
  }

  /** Writes a frame {@link Frame#HEADER}. */
  public static void writeHeader(OutputStream out, List<ResultColumn> columns, ZoneId zone)
      throws IOException {
    ByteWriter frame = frame(Frame.HEADER);
    writeColumns(frame, columns);
    frame.text(zone.getId());
    finish(frame, out);
  }

  /** Writes a frame {@link Frame#ERROR}; no stack trace and no cause travels. */
  public static void writeError(OutputStream out, SQLException error) throws IOException {
    ByteWriter frame = frame(Frame.ERROR);
    String state = error.getSQLState();
    frame.text(state == null ? SqlState.INTERNAL_ERROR.code() : state);
    String message = error.getMessage();
    frame.text(message == null ? error.getClass().getSimpleName() : message);
    frame.int32(error.getErrorCode());
    finish(frame, out);
  }

  static SQLException readError(ByteReader in) throws SQLException {
    String state = in.text();
    return SqlState.exception(in.text(), state, null);
  }

  /** Writes a frame that has no content. */
  public static void writeEmpty(OutputStream out, Frame kind) throws IOException {
    finish(frame(kind), out);
  }

  /** Starts a frame; its length is filled in by {@link #finish}. */
  static ByteWriter frame(Frame kind) {
    ByteWriter frame = new ByteWriter(512);
    start(frame, kind);
    return frame;
  }

  static void start(ByteWriter frame, Frame kind) {
    frame.clear();
    frame.int8(kind.code());
    frame.int32(0);
  }

  static void finish(ByteWriter frame, OutputStream out) throws IOException {
    frame.setInt32(1, frame.size() - HEAD);
    frame.writeTo(out);
  }

  private static void writeColumns(ByteWriter out, List<ResultColumn> columns) {
    out.count(columns.size());
    for (ResultColumn column : columns) {
      out.text(column.label());
      writeType(out, column.type());
      out.int8(column.nullable() ? 1 : 0);
      out.text(column.schema());
      out.text(column.table());
      out.text(column.name());
    }
  }

  static List<ResultColumn> readColumns(ByteReader in) throws SQLException {
    int count = in.countOfItems();
    List<ResultColumn> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      columns.add(
          new ResultColumn(
              in.text(), readType(in, 0), in.int8() != 0, in.text(), in.text(), in.text()));
    }
    return columns;
  }

  private static void writeType(ByteWriter out, ColumnType type) {
    out.text(type.kind().name());
    out.count(type.precision());
    out.count(type.scale());
    if (type.kind() == ColumnType.Kind.ARRAY) {
      writeType(out, type.element());
    }
  }

  private static ColumnType readType(ByteReader in, int depth) throws SQLException {
    if (depth > DEEPEST_TYPE) {
      throw ByteReader.malformed("arrays within arrays are too deep");
    }
    ColumnType.Kind kind = constant(ColumnType.Kind.class, in.text());
    int precision = in.count();
    int scale = in.count();
    ColumnType element = kind == ColumnType.Kind.ARRAY ? readType(in, depth + 1) : null;
    return ColumnType.of(kind, precision, scale, element);
  }

  static ZoneId readZone(ByteReader in) throws SQLException {
    String id = in.text();
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      throw SqlState.PROTOCOL_ERROR.exception(
          "The server shows times in zone '" + id + "', which this Java does not know", e);
    }
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name) throws SQLException {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    throw ByteReader.malformed(
        "no " + type.getSimpleName().toLowerCase(java.util.Locale.ROOT) + " " + name);
  }

  static void writeBatch(ByteWriter frame, List<ColumnType> types, ColumnBatch batch) {
    start(frame, Frame.BATCH);
    BatchFormat.write(frame, types, batch);
  }

  /** The types of some columns, in their order. */
  static List<ColumnType> types(List<ResultColumn> columns) {
    List<ColumnType> types = new ArrayList<>(columns.size());
    for (ResultColumn column : columns) {
      types.add(column.type());
    }
    return types;
  }
}
