package io.datanode.server.avatica;

import com.google.protobuf.InvalidProtocolBufferException;
import io.datanode.jdbc.SqlState;
import io.datanode.server.access.User;
import io.datanode.server.session.Sessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.JsonHandler;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.ProtobufTranslation;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;

/** Decodes Avatica's messages, has them answered, and encodes the answers. */
public final class AvaticaHandlers {
  private static final ProtobufTranslation TRANSLATION = new StrictTranslation();

  private AvaticaHandlers() {}

  /**
   * Answers one message. Errors are answers, too.
   *
   * @param owner who logged in, with an empty name if the server lets everybody in
   * @param server host and port as the client sees them, part of every answer
   * @param clientGone takes what to do if the client goes while its statement runs
   */
  public static Answer answer(
      Sessions sessions,
      Encoding encoding,
      User owner,
      String server,
      Consumer<Runnable> clientGone,
      byte[] message) {
    Service.RpcMetadataResponse metadata = new Service.RpcMetadataResponse(server);
    AvaticaService service = new AvaticaService(sessions, encoding, owner, clientGone);
    service.setRpcMetadata(metadata);
    if (encoding == Encoding.JSON) {
      JsonHandler handler = new QuietJsonHandler(service);
      handler.setRpcMetadata(metadata);
      String text = new String(message, StandardCharsets.UTF_8);
      HandlerResponse<String> response =
          text.stripLeading().startsWith("{")
              ? handler.apply(text)
              : handler.convertToErrorResponse(
                  AvaticaFailure.of(
                      SqlState.PROTOCOL_ERROR, "The request is not an Avatica message in JSON"));
      return new Answer(
          response.getStatusCode(), response.getResponse().getBytes(StandardCharsets.UTF_8));
    }
    ProtobufHandler handler = new QuietProtobufHandler(service);
    handler.setRpcMetadata(metadata);
    HandlerResponse<byte[]> response = handler.apply(message);
    return new Answer(response.getStatusCode(), response.getResponse());
  }

  /**
   * An encoded answer.
   *
   * @param status of HTTP
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, byte[] body) {}

  /** Avatica throws whatever comes of bytes that are no message. */
  private static final class StrictTranslation extends ProtobufTranslationImpl {
    @Override
    public Service.Request parseRequest(byte[] bytes) throws IOException {
      try {
        return super.parseRequest(bytes);
      } catch (RuntimeException e) {
        throw new InvalidProtocolBufferException("not a message of Avatica");
      }
    }
  }

  private static final class QuietJsonHandler extends JsonHandler {
    QuietJsonHandler(Service service) {
      super(service, NoopMetricsSystem.getInstance());
    }

    @Override
    public HandlerResponse<String> convertToErrorResponse(Exception e) {
      return super.convertToErrorResponse(AvaticaFailure.of(e));
    }
  }

  private static final class QuietProtobufHandler extends ProtobufHandler {
    QuietProtobufHandler(Service service) {
      super(service, TRANSLATION, NoopMetricsSystem.getInstance());
    }

    @Override
    public HandlerResponse<byte[]> convertToErrorResponse(Exception e) {
      return super.convertToErrorResponse(AvaticaFailure.of(e));
    }
  }
}
