package io.datanode.server.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.datanode.jdbc.SqlState;
import io.datanode.search.JsonPlace;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: JSON in UTF-8, plain or compressed, within limits. Thread-safe. */
final class RequestBody {
  /** Arrays and objects in each other. */
  static final int DEEPEST = 100;

  /** Values, names and brackets; what memory they take is about fifty times that in bytes. */
  static final int MOST_TOKENS = 2_000_000;

  private static final int LONGEST_NUMBER = 1_000;

  private final int maxBytes;
  private final ObjectMapper mapper;

  /**
   * A reader.
   *
   * @param maxBytes largest body, after it is uncompressed
   */
  RequestBody(int maxBytes) {
    this.maxBytes = maxBytes;
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxTokenCount(MOST_TOKENS)
            .maxNumberLength(LONGEST_NUMBER)
            .maxStringLength(maxBytes)
            .maxNameLength(1_000)
            .build();
    this.mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(limits)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
  }

  /**
   * The body as a JSON object.
   *
   * @throws RefusedException 415, 413 or 400 if it is none, with line and column
   */
  RequestObject object(Exchange exchange) throws RefusedException {
    JsonNode json = tree(exchange);
    if (!json.isObject()) {
      throw RefusedException.at(
          "",
          SqlState.PROTOCOL_ERROR,
          "The body is " + RequestObject.kind(json) + "; expected an object");
    }
    return new RequestObject("", json);
  }

  /**
   * The body as JSON.
   *
   * @throws RefusedException as {@link #object}
   */
  JsonNode tree(Exchange exchange) throws RefusedException {
    return parse(text(bytes(exchange)));
  }

  /**
   * The body as text in UTF-8 that says it is JSON.
   *
   * @throws RefusedException as {@link #object}
   */
  String text(Exchange exchange) throws RefusedException {
    return text(bytes(exchange)).toString();
  }

  private byte[] bytes(Exchange exchange) throws RefusedException {
    requireJson(exchange.header("Content-Type"));
    return uncompressed(exchange);
  }

  private static void requireJson(@Nullable String contentType) throws RefusedException {
    if (contentType == null) {
      return;
    }
    Map<String, String> parameters = new HashMap<>();
    String type;
    try {
      type = HttpField.getValueParameters(contentType, parameters);
    } catch (IllegalArgumentException e) {
      // A quote without its end.
      type = "";
    }
    type = type == null ? "" : type.strip();
    String charset = parameters.getOrDefault("charset", "utf-8");
    if (!type.toLowerCase(Locale.ROOT).equals("application/json")
        || !charset.toLowerCase(Locale.ROOT).replace("\"", "").equals("utf-8")) {
      throw new RefusedException(
          HttpError.of(
                  415,
                  SqlState.PROTOCOL_ERROR,
                  "Content-Type is '" + contentType + "'; expected application/json, in UTF-8")
              .with("Accept", "application/json"));
    }
  }

  private byte[] uncompressed(Exchange exchange) throws RefusedException {
    List<String> encodings = exchange.headerValues("Content-Encoding");
    if (encodings.isEmpty() || encodings.equals(List.of("identity"))) {
      return exchange.body();
    }
    if (encodings.size() > 1 || !encodings.get(0).matches("(?i)(x-)?gzip")) {
      throw new RefusedException(
          HttpError.of(
                  415,
                  SqlState.PROTOCOL_ERROR,
                  "Content-Encoding is '"
                      + String.join(", ", encodings)
                      + "'; expected gzip, or no such header")
              .with("Accept-Encoding", "gzip"));
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(exchange.body()), 8192)) {
      byte[] bytes = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new RefusedException(
            HttpError.of(
                413,
                SqlState.LIMIT_EXCEEDED,
                "The request is larger, uncompressed, than the "
                    + maxBytes
                    + " bytes this server takes"));
      }
      return bytes;
    } catch (EOFException e) {
      throw new RefusedException(
          HttpError.of(
              400,
              SqlState.PROTOCOL_ERROR,
              "The body is no whole gzip stream: its end is missing"));
    } catch (IOException e) {
      throw new RefusedException(
          HttpError.of(
              400, SqlState.PROTOCOL_ERROR, "The body is no whole gzip stream: " + e.getMessage()));
    }
  }

  private static CharBuffer text(byte[] bytes) throws RefusedException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in);
    } catch (CharacterCodingException e) {
      throw new RefusedException(
          HttpError.of(
              400,
              SqlState.PROTOCOL_ERROR,
              "The body is no UTF-8 text: what is at byte " + in.position() + " is no character"));
    }
  }

  private JsonNode parse(CharBuffer text) throws RefusedException {
    try (JsonParser parser =
        mapper.createParser(text.array(), text.arrayOffset() + text.position(), text.remaining())) {
      try {
        JsonNode json = mapper.readTree(parser);
        if (json == null || json.isMissingNode()) {
          throw RefusedException.at("", SqlState.PROTOCOL_ERROR, "The body is empty");
        }
        if (parser.nextToken() != null) {
          throw malformed(parser, "something follows the object", parser.currentTokenLocation());
        }
        return json;
      } catch (StreamConstraintsException e) {
        throw malformed(
            parser,
            "it is too much: at most "
                + DEEPEST
                + " levels, "
                + MOST_TOKENS
                + " values and names, "
                + LONGEST_NUMBER
                + " digits of a number are taken",
            e.getLocation());
      } catch (NumberFormatException e) {
        // Jackson finds some numbers too large only when it makes them.
        throw malformed(
            parser, "a number has too large an exponent", parser.currentTokenLocation());
      } catch (JsonProcessingException e) {
        throw malformed(parser, JsonPlace.reason(e), e.getLocation());
      }
    } catch (IOException e) {
      throw RefusedException.at(
          "", SqlState.PROTOCOL_ERROR, "The body cannot be read: " + e.getMessage());
    }
  }

  private static RefusedException malformed(
      JsonParser parser, String reason, @Nullable JsonLocation location) {
    String pointer = parser.getParsingContext().pathAsPointer().toString();
    HttpError error =
        HttpError.of(400, SqlState.PROTOCOL_ERROR, "The body is no JSON request: " + reason)
            .at(pointer);
    return new RefusedException(
        location == null ? error : error.at(location.getLineNr(), location.getColumnNr()));
  }
}
