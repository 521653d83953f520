package io.datanode.server.http;

import io.datanode.jdbc.SqlState;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that Jetty refuses before any endpoint sees them, because their head is not
 * HTTP, too long, or its path ambiguous: with the error every other request is answered with.
 */
public final class UnreadableRequests extends ErrorHandler {
  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    HttpError error =
        HttpError.of(
            code,
            code == 500 ? SqlState.INTERNAL_ERROR : SqlState.PROTOCOL_ERROR,
            code == 500
                ? "The server failed; its log says more"
                : "The request cannot be read: " + message);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    Content.Sink.write(response, true, error.envelope() + "\n", callback);
  }
}
