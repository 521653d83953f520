package io.datanode.schema;

import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** What the validator is told of an expression that cannot be, with its place in the SQL. */
public final class InvalidExpression {
  private InvalidExpression() {}

  /**
   * An error at the place of an expression.
   *
   * @param message what is wrong and what would be right
   */
  public static CalciteContextException at(SqlNode node, String message) {
    SqlParserPos pos = node.getParserPosition();
    return new CalciteContextException(
        message,
        new CalciteException(message, null),
        pos.getLineNum(),
        pos.getColumnNum(),
        pos.getEndLineNum(),
        pos.getEndColumnNum());
  }
}
