package io.datanode.server.avatica;

import io.datanode.server.access.User;
import io.datanode.server.session.Sessions;
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
  private static final ProtobufTranslation TRANSLATION = new ProtobufTranslationImpl();

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
      HandlerResponse<String> response = handler.apply(new String(message, StandardCharsets.UTF_8));
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
