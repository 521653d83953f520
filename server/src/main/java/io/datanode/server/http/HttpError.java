package io.datanode.server.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datanode.DataNodeException;
import io.datanode.engine.InvalidParameterException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.MisplacedSqlException;
import io.datanode.search.InvalidSearchException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as plain HTTP clients get it: a status, and {@code {"error": {"kind", "code", "message",
 * "sqlstate", …}}} in JSON. The first three members are those of Main Sequence's services; its
 * client raises {@code [kind:code] message} of them.
 *
 * @param status of HTTP, 400 or greater
 * @param sqlState five characters
 * @param message what is wrong, where, and what would be right
 * @param pointer JSON pointer (RFC 6901) to what is wrong in the request, or null
 * @param line of what is wrong in the SQL text or, with no SQL, in the request; from 1, or null
 * @param column in that line, from 1, or null
 * @param headers what else the response says
 */
public record HttpError(
    int status,
    String sqlState,
    String message,
    @Nullable String pointer,
    @Nullable Integer line,
    @Nullable Integer column,
    Map<String, String> headers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public HttpError {
    headers = Map.copyOf(headers);
  }

  /** An error of the request as a whole. */
  public static HttpError of(int status, SqlState state, String message) {
    return new HttpError(status, state.code(), message, null, null, null, Map.of());
  }

  /** The error a statement ended with; the status follows from its SQLSTATE. */
  public static HttpError of(SQLException error) {
    String state = error.getSQLState();
    HttpError plain =
        new HttpError(
            status(state),
            state == null ? SqlState.INTERNAL_ERROR.code() : state,
            String.valueOf(error.getMessage()),
            null,
            null,
            null,
            Map.of());
    if (plain.sqlState().equals(SqlState.MISSING_PARAMETER.code())) {
      return plain.at("/parameters");
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof MisplacedSqlException misplaced) {
        return plain.at("/sql").at(misplaced.line(), misplaced.column());
      } else if (cause instanceof InvalidSearchException invalid) {
        return plain.at(invalid.pointer());
      } else if (cause instanceof InvalidParameterException invalid) {
        return plain.at("/parameters/" + (invalid.position() - 1));
      }
    }
    return plain;
  }

  /** The same, as the engine raises it. */
  public static HttpError of(DataNodeException error) {
    return of(error.toSqlException());
  }

  /** The same with a place in the request. */
  public HttpError at(String newPointer) {
    return new HttpError(status, sqlState, message, newPointer, line, column, headers);
  }

  /** The same with a place in a text. */
  public HttpError at(int newLine, int newColumn) {
    return new HttpError(status, sqlState, message, pointer, newLine, newColumn, headers);
  }

  /** The same with another status. */
  public HttpError withStatus(int newStatus) {
    return new HttpError(newStatus, sqlState, message, pointer, line, column, headers);
  }

  /** The same with a header of the response. */
  public HttpError with(String header, String value) {
    return new HttpError(status, sqlState, message, pointer, line, column, Map.of(header, value));
  }

  /** What kind of error it is: one word for each status. */
  public String kind() {
    return switch (status) {
      case 401 -> "unauthenticated";
      case 403 -> "forbidden";
      case 404 -> "not_found";
      case 405 -> "method_not_allowed";
      case 406 -> "not_acceptable";
      case 413 -> "too_large";
      case 415 -> "unsupported_media_type";
      case 429 -> "too_many_requests";
      case 503 -> "unavailable";
      case 504 -> "timeout";
      case 505 -> "http_version_not_supported";
      default -> status < 500 ? "invalid_request" : "server_error";
    };
  }

  /** A name for its SQLSTATE, for example {@code undefined_column}. */
  public String code() {
    SqlState known = SqlState.of(sqlState);
    if (!known.code().equals(sqlState)) {
      // What storages raise beyond our own states.
      known =
          sqlState.startsWith("22")
              ? SqlState.DATA_EXCEPTION
              : sqlState.startsWith("42") ? SqlState.INVALID_SQL : known;
    }
    return known.name().toLowerCase(Locale.ROOT);
  }

  /** The members of {@code error}. */
  public ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("kind", kind()).put("code", code()).put("message", message).put("sqlstate", sqlState);
    if (pointer != null) {
      json.put("pointer", pointer);
    }
    if (line != null) {
      json.put("line", line);
    }
    if (column != null) {
      json.put("column", column);
    }
    return json;
  }

  /** The whole body. */
  ObjectNode envelope() {
    ObjectNode envelope = JSON.createObjectNode();
    envelope.set("error", json());
    return envelope;
  }

  private static int status(@Nullable String sqlState) {
    switch (SqlState.of(sqlState)) {
      case INVALID_AUTHORIZATION:
      case INVALID_PASSWORD:
        return 401;
      case INSUFFICIENT_PRIVILEGE:
        return 403;
      case LIMIT_EXCEEDED:
      case OUT_OF_MEMORY:
      case TOO_MANY_CONNECTIONS:
        return 429;
      case QUERY_CANCELED:
        return 504;
      case INSUFFICIENT_RESOURCES:
      case DISK_FULL:
      case SERVER_SHUTDOWN:
      case CANNOT_CONNECT_NOW:
      case CONNECTION_FAILED:
      case CONNECTION_CLOSED:
      case CONNECTION_LOST:
        return 503;
      case FILE_ERROR:
      case CONFIGURATION_ERROR:
        return 500;
      case INTERNAL_ERROR:
        // Also what storages raise beyond our own states: of class 22 and 42, mostly.
        return sqlState != null && (sqlState.startsWith("22") || sqlState.startsWith("42"))
            ? 400
            : 500;
      default:
        return 400;
    }
  }
}
