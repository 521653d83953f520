package io.datanode.plan;

import io.datanode.jdbc.SqlState;
import io.datanode.schema.FunctionCatalog;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** {@code ~}, {@code RLIKE} and {@code SIMILAR TO}, said by REGEXP_LIKE. */
final class PatternOperators {
  private PatternOperators() {}

  /**
   * The call that an operator stands for, or the call itself.
   *
   * @throws ParsedSqlException 0A000 for operators that storages understand differently
   */
  static SqlNode rewrite(SqlCall call) {
    SqlOperator operator = call.getOperator();
    if (operator == SqlStdOperatorTable.POSIX_REGEX_CASE_SENSITIVE
        || operator == SqlLibraryOperators.RLIKE) {
      return matches(call, call.operand(1), false);
    }
    if (operator == SqlStdOperatorTable.NEGATED_POSIX_REGEX_CASE_SENSITIVE
        || operator == SqlLibraryOperators.NOT_RLIKE) {
      return matches(call, call.operand(1), true);
    }
    if (operator == SqlStdOperatorTable.POSIX_REGEX_CASE_INSENSITIVE
        || operator == SqlStdOperatorTable.NEGATED_POSIX_REGEX_CASE_INSENSITIVE) {
      throw refused(
          call,
          "~* and !~* are not offered; write LOWER(x) ~ 'pattern in lower case', or x ILIKE '…'");
    }
    if (operator.getKind() == SqlKind.SIMILAR) {
      return matches(call, similar(call), operator == SqlStdOperatorTable.NOT_SIMILAR_TO);
    }
    if (operator == SqlStdOperatorTable.BITXOR_OPERATOR) {
      throw refused(call, "The operator ^ is not offered; write POWER(x, y)");
    }
    return call;
  }

  private static SqlNode matches(SqlCall call, SqlNode pattern, boolean negated) {
    SqlParserPos pos = call.getParserPosition();
    SqlNode matches =
        FunctionCatalog.operator("REGEXP_LIKE").createCall(pos, call.operand(0), pattern);
    return negated ? SqlStdOperatorTable.NOT.createCall(pos, matches) : matches;
  }

  private static SqlNode similar(SqlCall call) {
    SqlNode node = call.operand(1);
    String pattern = constant(node, "pattern");
    String escape = call.operandCount() > 2 ? constant(call.operand(2), "escape character") : null;
    return SqlLiteral.createCharString(
        SimilarPattern.toRegularExpression(pattern, escape, node.getParserPosition()),
        node.getParserPosition());
  }

  private static ParsedSqlException refused(SqlNode node, String message) {
    return new ParsedSqlException(SqlState.NOT_SUPPORTED, message, node.getParserPosition());
  }

  private static String constant(SqlNode node, String what) {
    @Nullable Object value = node instanceof SqlLiteral ? ((SqlLiteral) node).getValue() : null;
    if (!(value instanceof NlsString)) {
      throw refused(
          node, "SIMILAR TO takes a constant " + what + "; write REGEXP_LIKE(x, pattern)");
    }
    return ((NlsString) value).getValue();
  }
}
