package io.datanode.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.InvalidProtocolBufferException;
import io.datanode.server.avatica.AvaticaHandlers;
import io.datanode.server.avatica.Encoding;
import io.datanode.server.session.Sessions;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.avatica.proto.Common.WireMessage;

/** {@code POST /}: Avatica's protocol, in protobuf or JSON, for stock Avatica clients. */
public final class AvaticaEndpoint implements Endpoint {
  private static final JsonFactory JSON = new JsonFactory();
  // In lower case, without the package and "Request" that protobuf puts around them.
  private static final Set<String> STATEMENTS =
      Set.of("prepareandexecute", "execute", "fetch", "prepare");

  private final Sessions sessions;

  public AvaticaEndpoint(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Lane lane(Exchange exchange) {
    try {
      String request =
          encoding(exchange) == Encoding.JSON
              ? jsonRequest(exchange.body())
              : protobufRequest(exchange.body());
      return STATEMENTS.contains(request.toLowerCase(Locale.ROOT)) ? Lane.STATEMENT : Lane.SHORT;
    } catch (IOException e) {
      // Not a message; the answer says so.
      return Lane.SHORT;
    }
  }

  @Override
  public void answer(Exchange exchange) {
    Encoding encoding = encoding(exchange);
    AvaticaHandlers.Answer answer =
        AvaticaHandlers.answer(
            sessions,
            encoding,
            exchange.user(),
            exchange.serverAddress(),
            exchange::onClientGone,
            exchange.body());
    exchange.respond(
        answer.status(),
        encoding == Encoding.JSON ? "application/json" : "application/octet-stream",
        answer.body());
  }

  // Avatica's Java client calls both encodings application/octet-stream.
  private static Encoding encoding(Exchange exchange) {
    String type = exchange.header("Content-Type");
    if (type != null && type.contains("json")) {
      return Encoding.JSON;
    }
    if (type != null && type.contains("protobuf")) {
      return Encoding.PROTOBUF;
    }
    for (byte b : exchange.body()) {
      if (!Character.isWhitespace(b)) {
        return b == '{' ? Encoding.JSON : Encoding.PROTOBUF;
      }
    }
    return Encoding.JSON;
  }

  private static String jsonRequest(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          JsonToken value = parser.nextToken();
          if (field.equals("request") && value == JsonToken.VALUE_STRING) {
            return parser.getText();
          }
          parser.skipChildren();
        }
      }
      return "";
    }
  }

  private static String protobufRequest(byte[] body) throws InvalidProtocolBufferException {
    String name = WireMessage.parseFrom(body).getName();
    int simple = name.lastIndexOf('$') + 1;
    return name.endsWith("Request")
        ? name.substring(simple, name.length() - "Request".length())
        : name;
  }
}
