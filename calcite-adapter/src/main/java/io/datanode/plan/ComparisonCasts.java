package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;

/**
 * The casts that a comparison implies. Calcite casts two exact numbers to one type even if it does
 * not hold all their digits, and a rounded number equals what it is not equal to. Such numbers stay
 * what they are for {@link DecimalComparisons}, and an IN of them is refused.
 */
final class ComparisonCasts extends TypeCoercionImpl {
  private static final Pattern UUID_TEXT =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  ComparisonCasts(RelDataTypeFactory types, SqlValidator validator) {
    super(types, validator);
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    if (binding.getOperandCount() == 2) {
      for (int i = 0; i < 2; i++) {
        if (isUuid(binding.getOperandType(i))
            && SqlTypeUtil.isCharacter(binding.getOperandType(1 - i))) {
          return uuidCoercion(binding, i);
        }
      }
    }
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
      if (isUuid(left) && SqlTypeUtil.isCharacter(compared)) {
        return isConstants(binding.operand(1))
            ? uuidListCoercion(binding)
            : uuidCoercion(binding, 0);
      }
      if (!DecimalComparisons.haveCommonType(left, compared) && isConstants(binding.operand(1))) {
        return false;
      }
      check(left, compared, binding);
    }
    return super.inOperationCoercion(binding);
  }

  private static boolean isUuid(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.UUID;
  }

  /**
   * A text that is written out becomes a UUID, so that its case does not count and an index is
   * used; beside any other text a UUID is text itself. Calcite would cut it to the length of the
   * text.
   *
   * @param uuid place of the operand that is one
   */
  private boolean uuidCoercion(SqlCallBinding binding, int uuid) {
    SqlNode other = binding.operand(1 - uuid);
    return SqlUtil.isLiteral(other)
        ? coerceOperandType(binding.getScope(), binding.getCall(), 1 - uuid, uuid(other))
        : coerceOperandType(
            binding.getScope(),
            binding.getCall(),
            uuid,
            factory.createTypeWithNullability(
                factory.createSqlType(SqlTypeName.VARCHAR),
                binding.getOperandType(uuid).isNullable()));
  }

  private RelDataType uuid(SqlNode text) {
    String value = ((SqlLiteral) text).getValueAs(String.class);
    if (value != null && !UUID_TEXT.matcher(value).matches()) {
      throw new ParsedSqlException(
          SqlState.INVALID_CAST,
          "'" + value + "' is no UUID; expected for example '123e4567-e89b-12d3-a456-426614174000'",
          text.getParserPosition());
    }
    return factory.createSqlType(SqlTypeName.UUID);
  }

  private boolean uuidListCoercion(SqlCallBinding binding) {
    SqlNodeList list = (SqlNodeList) binding.getCall().operand(1);
    RelDataType uuid = factory.createSqlType(SqlTypeName.UUID);
    for (int i = 0; i < list.size(); i++) {
      if (SqlTypeUtil.isCharacter(binding.getValidator().getValidatedNodeType(list.get(i)))) {
        coerceColumnType(binding.getScope(), list, i, uuid(list.get(i)));
      }
    }
    updateInferredType(list, uuid);
    return true;
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
