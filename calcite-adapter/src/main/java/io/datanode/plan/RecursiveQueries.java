package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Types of the columns of WITH RECURSIVE. Calcite finds them from where the query begins and one
 * step; what grows with each step would be cut to that.
 */
final class RecursiveQueries {
  private RecursiveQueries() {}

  /** Gives text with which a recursive query begins no greatest length. */
  static void rewrite(SqlWithItem item) {
    if (item.recursive.booleanValue() && item.query.getKind() == SqlKind.UNION) {
      begin(((SqlCall) item.query).operand(0));
    }
  }

  private static void begin(SqlNode query) {
    if (query instanceof SqlSelect) {
      SqlNodeList items = ((SqlSelect) query).getSelectList();
      for (int i = 0; i < items.size(); i++) {
        SqlNode item = items.get(i);
        if (item.getKind() == SqlKind.AS) {
          ((SqlCall) item).setOperand(0, longText(((SqlCall) item).operand(0)));
        } else {
          items.set(i, longText(item));
        }
      }
    } else if (query.getKind() == SqlKind.UNION || query.getKind() == SqlKind.VALUES) {
      ((SqlCall) query).getOperandList().forEach(RecursiveQueries::begin);
    } else if (query.getKind() == SqlKind.ROW) {
      SqlCall row = (SqlCall) query;
      for (int i = 0; i < row.operandCount(); i++) {
        row.setOperand(i, longText(row.operand(i)));
      }
    }
  }

  private static SqlNode longText(SqlNode item) {
    SqlNode value = SqlUtil.stripAs(item);
    boolean cast =
        value.getKind() == SqlKind.CAST
            && ((SqlCall) value).operand(1) instanceof SqlDataTypeSpec
            && isText(((SqlCall) value).operand(1));
    boolean text =
        value instanceof SqlCharStringLiteral
            || cast
            || value instanceof SqlCall
                && ((SqlCall) value).getOperator() == SqlStdOperatorTable.CONCAT;
    if (!text) {
      return item;
    }
    SqlParserPos pos = item.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        pos, item, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, pos), pos));
  }

  private static boolean isText(SqlDataTypeSpec type) {
    String name = type.getTypeName().getSimple();
    return name.equalsIgnoreCase("CHAR") || name.equalsIgnoreCase("VARCHAR");
  }

  /**
   * Checks that a step gives what the query begins with.
   *
   * @throws DataNodeException 42804 if a column is of another type after each step
   */
  static void check(RelNode rel) {
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        if (node instanceof RepeatUnion) {
          check((RepeatUnion) node);
        }
        super.visit(node, ordinal, parent);
      }
    }.go(rel);
  }

  private static void check(RepeatUnion recursion) {
    List<RelDataTypeField> begin = recursion.getSeedRel().getRowType().getFieldList();
    List<RelDataTypeField> step = recursion.getIterativeRel().getRowType().getFieldList();
    for (int i = 0; i < begin.size(); i++) {
      boolean grows =
          SqlTypeUtil.isDecimal(step.get(i).getType())
              && !SqlTypeUtil.equalSansNullability(begin.get(i).getType(), step.get(i).getType());
      if (grows) {
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            "Column "
                + (i + 1)
                + " of a recursive query has more digits after each step: "
                + begin.get(i).getType()
                + ", then "
                + step.get(i).getType()
                + "; write CAST(… AS DECIMAL(precision, scale)) around it where the query begins"
                + " and in its step");
      }
    }
  }
}
