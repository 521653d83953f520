package io.datanode.server.avatica;

import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.calcite.avatica.proto.Common.WireMessage;
import org.apache.calcite.avatica.proto.Responses;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service.CommitResponse;
import org.apache.calcite.avatica.remote.Service.Response;
import org.apache.calcite.avatica.remote.Service.RollbackResponse;

/**
 * Responses without content. Avatica 1.29 hides their constructors, so they are decoded from empty
 * messages.
 */
final class EmptyResponses {
  static final CommitResponse COMMITTED =
      (CommitResponse) decoded(Responses.CommitResponse.getDefaultInstance());
  static final RollbackResponse ROLLED_BACK =
      (RollbackResponse) decoded(Responses.RollbackResponse.getDefaultInstance());

  private EmptyResponses() {}

  private static Response decoded(Message message) {
    try {
      return new ProtobufTranslationImpl()
          .parseResponse(
              WireMessage.newBuilder()
                  .setName(message.getClass().getName())
                  .setWrappedMessage(message.toByteString())
                  .build()
                  .toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
