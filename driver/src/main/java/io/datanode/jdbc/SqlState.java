package io.datanode.jdbc;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLTimeoutException;

/**
 * The SQLSTATE codes raised by the driver, the engine and the server, each with its reason.
 *
 * @see "ISO/IEC 9075-2, subclause 24.1; codes with a letter in the subclass as PostgreSQL uses
 *     them"
 */
public enum SqlState {
  /** A parameter of a prepared statement has no value. */
  MISSING_PARAMETER("07001"),
  /** The server could not be reached, or nothing answers at the URL. */
  CONNECTION_FAILED("08001"),
  /** The connection is closed. */
  CONNECTION_CLOSED("08003"),
  /** The connection broke while it was in use; a half-read result cannot be continued. */
  CONNECTION_LOST("08006"),
  /** The other side does not speak this protocol, or a message is malformed. */
  PROTOCOL_ERROR("08P01"),
  /** JDBC or SQL that is well formed but not offered, such as DML on a node. */
  NOT_SUPPORTED("0A000"),
  /** A sub-query that stands for one value has several rows. */
  CARDINALITY_VIOLATION("21000"),
  /** A value does not fit the type asked for. */
  NUMERIC_OUT_OF_RANGE("22003"),
  /** Text that is no valid date, time or timestamp. */
  INVALID_DATETIME("22007"),
  /** A datetime outside the supported range, or a zone that does not exist. */
  DATETIME_OVERFLOW("22008"),
  /** Division by zero. */
  DIVISION_BY_ZERO("22012"),
  /** Text that cannot be cast to the type asked for. */
  INVALID_CAST("22018"),
  /** An argument or setting with a value that makes no sense. */
  INVALID_PARAMETER("22023"),
  /** Any other value the storage refuses. */
  DATA_EXCEPTION("22000"),
  /** A NULL where there may be none. */
  NOT_NULL_VIOLATION("23502"),
  /** Rows that have the same key. */
  UNIQUE_VIOLATION("23505"),
  /** A cursor used before its first or after its last row, or closed. */
  INVALID_CURSOR_STATE("24000"),
  /** Writing through a read-only connection. */
  READ_ONLY("25006"),
  /** Wrong or missing credentials. */
  INVALID_AUTHORIZATION("28000"),
  /** A password or token that is wrong. */
  INVALID_PASSWORD("28P01"),
  /** SQL that does not parse. */
  SYNTAX_ERROR("42601"),
  /** SQL that parses but breaks a rule, such as a column neither grouped nor aggregated. */
  INVALID_SQL("42000"),
  /** A name that fits several columns. */
  AMBIGUOUS_COLUMN("42702"),
  /** A column that is not there. */
  UNDEFINED_COLUMN("42703"),
  /** An expression whose types do not fit together. */
  DATATYPE_MISMATCH("42804"),
  /** A function that is not there, or not with these arguments. */
  UNDEFINED_FUNCTION("42883"),
  /** A node that is not there. */
  UNDEFINED_NODE("42P01"),
  /** A catalog that is not there: a name of more parts than schema and node has. */
  UNDEFINED_CATALOG("3D000"),
  /** A node or table that is there already. */
  DUPLICATE_NODE("42P07"),
  /** A schema (namespace) that is not there. */
  UNDEFINED_SCHEMA("3F000"),
  /** Reading is forbidden. */
  INSUFFICIENT_PRIVILEGE("42501"),
  /** A resource of a storage is used up. */
  INSUFFICIENT_RESOURCES("53000"),
  /** The disk is full. */
  DISK_FULL("53100"),
  /** Memory is used up, or what a user may have of it. */
  OUT_OF_MEMORY("53200"),
  /** More requests, logins or connections than a server takes from one client. */
  TOO_MANY_CONNECTIONS("53300"),
  /** A limit of the server is reached. */
  LIMIT_EXCEEDED("53400"),
  /** A statement needs more than a limit for one statement allows, such as rows to ship. */
  STATEMENT_TOO_LARGE("54000"),
  /** The statement was cancelled by its user, its timeout, or the server. */
  QUERY_CANCELED("57014"),
  /** The server is shutting down. */
  SERVER_SHUTDOWN("57P01"),
  /**
   * A storage or a server cannot be used now: it is down, locked, not yet open, or takes nothing
   * new because it is being stopped. PostgreSQL's name and code for a server in that state.
   */
  CANNOT_CONNECT_NOW("57P03"),
  /** A file is missing, unreadable, or not what its name says. */
  FILE_ERROR("58030"),
  /** The catalog or a configuration file is wrong. */
  CONFIGURATION_ERROR("F0000"),
  /** A defect of ours. */
  INTERNAL_ERROR("XX000");

  private final String code;

  SqlState(String code) {
    this.code = code;
  }

  /** The five characters, as {@link SQLException#getSQLState()} gives them. */
  public String code() {
    return code;
  }

  /**
   * The state with this code.
   *
   * @param code five characters, or null
   * @return {@link #INTERNAL_ERROR} for a code that is not among ours
   */
  public static SqlState of(String code) {
    for (SqlState state : values()) {
      if (state.code.equals(code)) {
        return state;
      }
    }
    return INTERNAL_ERROR;
  }

  /** An exception of the JDBC subclass that goes with this state. */
  public SQLException exception(String message) {
    return exception(message, null);
  }

  /**
   * An exception of the JDBC subclass that goes with this state.
   *
   * @param cause what led to it, or null
   */
  public SQLException exception(String message, Throwable cause) {
    return exception(message, code, cause);
  }

  /**
   * An exception of the JDBC subclass that goes with a code, which need not be among ours: a
   * storage may raise others.
   *
   * @param code five characters
   * @param cause what led to it, or null
   */
  public static SQLException exception(String message, String code, Throwable cause) {
    SQLException exception;
    if (NOT_SUPPORTED.code.equals(code)) {
      exception = new SQLFeatureNotSupportedException(message, code);
    } else if (QUERY_CANCELED.code.equals(code)) {
      exception = new SQLTimeoutException(message, code);
    } else if (INVALID_AUTHORIZATION.code.equals(code) || INVALID_PASSWORD.code.equals(code)) {
      exception = new SQLInvalidAuthorizationSpecException(message, code);
    } else {
      exception = new SQLException(message, code);
    }
    if (cause != null) {
      exception.initCause(cause);
    }
    return exception;
  }
}
