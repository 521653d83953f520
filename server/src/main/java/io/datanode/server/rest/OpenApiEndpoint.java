package io.datanode.server.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.datanode.server.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code GET /openapi.json}: these endpoints for programs, in OpenAPI 3.1. */
final class OpenApiEndpoint extends RestEndpoint {
  private final byte[] document;

  OpenApiEndpoint() {
    try (InputStream yaml = OpenApiEndpoint.class.getResourceAsStream("openapi.yaml")) {
      document = new ObjectMapper().writeValueAsBytes(new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void reply(Exchange exchange) throws IOException {
    respond(exchange, document);
  }
}
