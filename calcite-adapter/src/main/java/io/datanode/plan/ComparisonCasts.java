package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;

/**
 * The casts that a comparison implies. Calcite casts two exact numbers to one type even if it does
 * not hold all their digits, and a rounded number equals what it is not equal to. Such numbers stay
 * what they are for {@link DecimalComparisons}, and an IN of them is refused.
 */
final class ComparisonCasts extends TypeCoercionImpl {
  ComparisonCasts(RelDataTypeFactory types, SqlValidator validator) {
    super(types, validator);
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    boolean kept =
        binding.getOperandCount() == 2
            && !DecimalComparisons.haveCommonType(
                binding.getOperandType(0), binding.getOperandType(1));
    return !kept && super.binaryComparisonCoercion(binding);
  }

  /**
   * Casts what IN compares to one type, but for a list of constants.
   *
   * @throws DataNodeException 22003 if no type holds all digits of other values
   */
  @Override
  public boolean inOperationCoercion(SqlCallBinding binding) {
    RelDataType left = binding.getOperandType(0);
    RelDataType right = binding.getOperandType(1);
    if (left.isStruct() && right.isStruct() && left.getFieldCount() == right.getFieldCount()) {
      for (RelDataTypeField field : left.getFieldList()) {
        check(field.getType(), right.getFieldList().get(field.getIndex()).getType(), binding);
      }
    } else if (!left.isStruct()) {
      RelDataType compared = right.isStruct() ? right.getFieldList().get(0).getType() : right;
      if (!DecimalComparisons.haveCommonType(left, compared) && isConstants(binding.operand(1))) {
        return false;
      }
      check(left, compared, binding);
    }
    return super.inOperationCoercion(binding);
  }

  private static boolean isConstants(SqlNode list) {
    return list instanceof SqlNodeList
        && ((SqlNodeList) list).stream().allMatch(item -> SqlUtil.isLiteral(item));
  }

  private static void check(RelDataType left, RelDataType right, SqlCallBinding binding) {
    if (!DecimalComparisons.haveCommonType(left, right)) {
      throw noCommonType("IN", left, right, binding.getCall().getParserPosition());
    }
  }

  /** What is wrong with a comparison that can only be made by rounding. */
  static DataNodeException noCommonType(
      String what, RelDataType left, RelDataType right, SqlParserPos place) {
    return new ParsedSqlException(
        SqlState.NUMERIC_OUT_OF_RANGE,
        what
            + " compares "
            + left
            + " with "
            + right
            + ", and no DECIMAL of 38 digits holds both; compare them with =, or CAST one of them",
        place);
  }
}
