package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.plan.time.NodeVersions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.jspecify.annotations.Nullable;

/**
 * Errors of Calcite's parser and validator, said in the user's words with line, column and
 * SQLSTATE.
 */
final class SqlErrors {
  private static final Pattern COLUMN_NOT_FOUND =
      Pattern.compile("Column '([^']*)' not found in (?:any table|table '([^']*)').*");
  private static final Pattern OBJECT_NOT_FOUND =
      Pattern.compile("Object '([^']*)' not found(?: within '([^']*)')?.*", Pattern.DOTALL);
  private static final Pattern ENCOUNTERED =
      Pattern.compile(
          "(?:Encountered|Incorrect syntax near the keyword) [\"'](.*?)[\"'] at line.*",
          Pattern.DOTALL);

  private SqlErrors() {}

  static DataNodeException syntax(SqlParseException error, SqlText text) {
    SqlParserPos pos = error.getPos();
    String message = String.valueOf(error.getMessage());
    Matcher encountered = ENCOUNTERED.matcher(message);
    String what;
    if (encountered.matches()) {
      String token = encountered.group(1).strip();
      what =
          token.equals("<EOF>") || token.isEmpty()
              ? "The statement ends too early"
              : "Syntax error at '" + token + "'";
    } else {
      what = "Syntax error: " + firstLine(message);
    }
    if (pos == null || pos.getLineNum() < 1) {
      return new DataNodeException(SqlState.SYNTAX_ERROR, what, error);
    }
    int column = text.column(pos.getLineNum(), pos.getColumnNum());
    String hint = SyntaxHints.at(text, pos.getLineNum(), column);
    String told = hint == null ? what : what + ": " + hint;
    return at(SqlState.SYNTAX_ERROR, told, pos.getLineNum(), pos.getColumnNum(), text);
  }

  static DataNodeException invalid(RuntimeException error, SqlText text, Suggestions names) {
    if (error instanceof DataNodeException) {
      return placed((DataNodeException) error, text);
    }
    CalciteContextException context = find(error, CalciteContextException.class);
    SqlValidatorException validator = find(error, SqlValidatorException.class);
    CalciteException calcite = find(error, CalciteException.class);
    Throwable root =
        validator != null
            ? validator
            : context != null && context.getCause() != null ? context.getCause() : error;
    if (context == null && validator == null && calcite == null) {
      DataNodeException inner = find(error, DataNodeException.class);
      if (inner != null) {
        return placed(inner, text);
      }
      NullPointerException missing = find(error, NullPointerException.class);
      if (missing != null && "subQuery".equals(missing.getMessage())) {
        // What Calcite's converter says of a sub-query that it did not look for in GROUP BY.
        return new DataNodeException(
            SqlState.NOT_SUPPORTED,
            "A sub-query inside a larger expression cannot be grouped by; select the expression in a"
                + " query in FROM and group by its column",
            error);
      }
      return new DataNodeException(
          SqlState.INTERNAL_ERROR,
          "This statement could not be planned: " + firstLine(String.valueOf(root.getMessage())),
          error);
    }
    DataNodeException inner = find(error, DataNodeException.class);
    if (inner != null) {
      return placed(inner, text);
    }
    String message = firstLine(String.valueOf(root.getMessage()));
    SqlState state = SqlState.INVALID_SQL;
    Matcher column = COLUMN_NOT_FOUND.matcher(message);
    Matcher object = OBJECT_NOT_FOUND.matcher(message);
    if (column.matches()) {
      state = SqlState.UNDEFINED_COLUMN;
      message = names.column(column.group(1), column.group(2));
    } else if (object.matches()) {
      state = SqlState.UNDEFINED_NODE;
      if (object.group(2) == null && names.isSchemaPosition(object.group(1), text)) {
        state = SqlState.UNDEFINED_SCHEMA;
        message = names.schema(object.group(1));
      } else {
        message = names.node(object.group(1), object.group(2));
      }
    } else if (message.contains("is not a temporal table")) {
      state = SqlState.NOT_SUPPORTED;
      message =
          NodeVersions.undeclared(message.replaceAll("^Table '(.*)' is not a .*$", "Node '$1'"));
    } else if (message.startsWith("Table '")) {
      state = SqlState.UNDEFINED_NODE;
    } else if (message.contains("is ambiguous")) {
      state = SqlState.AMBIGUOUS_COLUMN;
    } else if (message.startsWith("No match found for function signature")) {
      state = SqlState.UNDEFINED_FUNCTION;
      message =
          names.function(
              message.substring("No match found for function signature".length()).strip());
    } else if (message.startsWith("Cannot apply")
        || message.contains("type mismatch")
        || message.startsWith("Cast function cannot")
        || message.contains("Incompatible types")
        || message.contains("not comparable")) {
      state = SqlState.DATATYPE_MISMATCH;
    } else if (message.startsWith("Illegal use of dynamic parameter")) {
      message = "The type of this parameter cannot be told; write CAST(? AS type)";
      state = SqlState.DATATYPE_MISMATCH;
    } else if (message.startsWith("The type of this parameter cannot be told")) {
      state = SqlState.DATATYPE_MISMATCH;
    }
    if (context == null || context.getPosLine() < 1) {
      return new DataNodeException(state, message, error);
    }
    return at(state, message, context.getPosLine(), context.getPosColumn(), text);
  }

  private static DataNodeException placed(DataNodeException error, SqlText text) {
    return error instanceof ParsedSqlException ? ((ParsedSqlException) error).in(text) : error;
  }

  /** An error with its place in the user's text. */
  static DataNodeException at(SqlState state, String what, int line, int column, SqlText text) {
    return new MisplacedSqlException(
        state, what + place(line, column, text), line, text.column(line, column));
  }

  /** An error at a token of the user's text. */
  static DataNodeException at(SqlState state, String what, SqlToken token, SqlText text) {
    int line = text.line(token);
    int column = text.column(token);
    String place = " (line " + line + ", column " + column + ")" + text.pointAt(line, column);
    return new MisplacedSqlException(state, what + place, line, column);
  }

  /** A place in the user's text, as it stands at the end of an error; empty if none is known. */
  static String place(@Nullable SqlParserPos at, @Nullable SqlText text) {
    return at == null || text == null ? "" : place(at.getLineNum(), at.getColumnNum(), text);
  }

  /** A place in the user's text, as it stands at the end of an error. */
  static String place(int line, int column, SqlText text) {
    int userColumn = text.column(line, column);
    return " (line " + line + ", column " + userColumn + ")" + text.pointAt(line, userColumn);
  }

  private static String firstLine(String message) {
    int newline = message.indexOf('\n');
    return newline < 0 ? message : message.substring(0, newline);
  }

  private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
