package io.datanode.server.avatica;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.InvalidProtocolBufferException;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.io.PrintWriter;
import java.sql.SQLException;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error as Avatica sends it: message and SQLSTATE, and never a stack trace.
 *
 * <p>Avatica prints the exception into the response; printing this one gives its message only.
 */
final class AvaticaFailure extends AvaticaRuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Logger LOGGER = LoggerFactory.getLogger(AvaticaFailure.class);

  private AvaticaFailure(String message, int code, String sqlState) {
    super(message, code, sqlState, AvaticaSeverity.ERROR);
  }

  /** The connection is not known here, any more. Avatica clients know this by its code. */
  static AvaticaFailure missingConnection() {
    return new AvaticaFailure(
        "The connection is not open on this server: it was idle for too long, or the server was"
            + " started again; connect again",
        ErrorResponse.MISSING_CONNECTION_ERROR_CODE,
        SqlState.CONNECTION_CLOSED.code());
  }

  static AvaticaFailure of(SqlState state, String message) {
    return new AvaticaFailure(message, 0, state.code());
  }

  /** What a client is told of an exception. */
  static AvaticaFailure of(Throwable e) {
    if (e instanceof AvaticaFailure failure) {
      return failure;
    }
    if (e instanceof SQLException sql) {
      String state = sql.getSQLState() == null ? SqlState.INTERNAL_ERROR.code() : sql.getSQLState();
      return new AvaticaFailure(String.valueOf(sql.getMessage()), 0, state);
    }
    if (e instanceof DataNodeException failure) {
      return new AvaticaFailure(failure.getMessage(), 0, failure.sqlState());
    }
    if (e instanceof JsonProcessingException json) {
      return of(
          SqlState.PROTOCOL_ERROR,
          "The request is not an Avatica message in JSON: "
              // Classes of this server are nobody's business.
              + json.getOriginalMessage()
                  .replaceAll(" \\(class [^)]*\\)|`[\\w.$]*\\.([\\w$]+)`", "$1"));
    }
    if (e instanceof InvalidProtocolBufferException) {
      return of(SqlState.PROTOCOL_ERROR, "The request is not an Avatica message in protobuf");
    }
    LOGGER.error("A request of an Avatica client failed", e);
    return of(
        SqlState.INTERNAL_ERROR,
        "The server failed (" + e.getClass().getSimpleName() + "); its log says more");
  }

  @Override
  public String getMessage() {
    return getErrorMessage();
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  @Override
  public void printStackTrace(PrintWriter writer) {
    writer.print(getErrorMessage());
  }
}
