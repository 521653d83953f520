package io.datanode.plan.bars;

import static org.apache.calcite.util.Static.RESOURCE;

import io.datanode.schema.InvalidExpression;
import io.datanode.schema.TimeFunctions;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlTableFunction;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.TableCharacteristic;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * A table function of a table and the name of its time column, and of expressions for the ends of a
 * grid. Its other arguments are constants and belong to the operator, so each call has its own.
 */
public final class TimeTable extends SqlFunction implements SqlTableFunction {
  /** Which table function. */
  enum Kind {
    RESAMPLE,
    GRID
  }

  private final Kind kind;
  private final TimeTableArguments arguments;

  TimeTable(Kind kind, TimeTableArguments arguments) {
    super(
        kind.name(),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.CURSOR,
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_TABLE_FUNCTION);
    this.kind = kind;
    this.arguments = arguments;
  }

  Kind kind() {
    return kind;
  }

  TimeTableArguments arguments() {
    return arguments;
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return SqlOperandCountRanges.from(2);
  }

  // With a partition or without: which rows are one series is for the function to say.
  @Override
  public @Nullable TableCharacteristic tableCharacteristic(int ordinal) {
    return ordinal == 0
        ? TableCharacteristic.builder(TableCharacteristic.Semantics.SET).build()
        : null;
  }

  @Override
  public boolean argumentMustBeScalar(int ordinal) {
    return ordinal != 0;
  }

  // Calcite would look the function up by its name again and lose the arguments.
  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    for (SqlNode operand : call.getOperandList()) {
      validator.deriveType(scope, operand);
    }
    return validateOperands(validator, scope, call);
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    RelDataType row = binding.getOperandType(0);
    for (SqlNode column : ((SqlCall) binding.operand(1)).getOperandList()) {
      field(row, (SqlIdentifier) column);
    }
    for (SqlIdentifier key : partition(binding.operand(0))) {
      field(row, key);
    }
    RelDataTypeField time = field(row, time(binding.getCall()));
    arguments.check(time.getName(), time.getType());
    for (int i = 2; i < binding.getOperandCount(); i++) {
      checkBound(binding.operand(i), binding.getOperandType(i));
    }
    return true;
  }

  private static void checkBound(SqlNode bound, RelDataType type) {
    if (!isTime(type) || type.isNullable()) {
      throw InvalidExpression.at(
          bound,
          "start_time and end_time take a date, timestamp or instant that is not NULL, such as"
              + " TIMESTAMP '2024-01-31 09:30:00', ? or CURRENT_TIMESTAMP - INTERVAL '1' DAY, not "
              + (isTime(type) ? "one that can be NULL" : type));
    }
  }

  @Override
  public SqlReturnTypeInference getRowTypeInference() {
    return this::rowType;
  }

  private RelDataType rowType(SqlOperatorBinding binding) {
    RelDataTypeFactory types = binding.getTypeFactory();
    RelDataType input = binding.getOperandType(0);
    RelDataTypeFactory.Builder row = types.builder();
    RelDataTypeField time = field(input, time(((SqlCallBinding) binding).getCall()));
    RelDataType present = types.createTypeWithNullability(time.getType(), false);
    for (RelDataTypeField field : input.getFieldList()) {
      boolean always = field == time;
      RelDataType type =
          kind == Kind.GRID || always
              ? types.createTypeWithNullability(field.getType(), !always)
              : field.getType();
      row.add(field.getName(), type);
    }
    if (kind == Kind.RESAMPLE) {
      row.add("window_start", present).add("window_end", present).add("bucket", present);
    }
    return row.build();
  }

  /** The column that DESCRIPTOR names. */
  static SqlIdentifier time(SqlCall call) {
    return ((SqlCall) call.operand(1)).operand(0);
  }

  /** The query or table of the first argument. */
  static SqlNode table(SqlCall call) {
    SqlNode table = call.operand(0);
    return table.getKind() == SqlKind.SET_SEMANTICS_TABLE ? ((SqlCall) table).operand(0) : table;
  }

  /** The columns of PARTITION BY; empty if there are none. */
  static List<SqlIdentifier> partition(SqlNode table) {
    return table.getKind() == SqlKind.SET_SEMANTICS_TABLE
        ? ((SqlCall) table)
            .<org.apache.calcite.sql.SqlNodeList>operand(1).stream()
                .map(SqlIdentifier.class::cast)
                .toList()
        : List.of();
  }

  /** The column that an identifier means, ignoring case. */
  static RelDataTypeField field(RelDataType row, SqlIdentifier name) {
    String column = name.names.get(name.names.size() - 1);
    RelDataTypeField field = row.getField(column, false, false);
    if (field == null) {
      throw SqlUtil.newContextException(name.getParserPosition(), RESOURCE.columnNotFound(column));
    }
    return field;
  }

  /** True for a date, a timestamp or an instant. */
  static boolean isTime(RelDataType type) {
    SqlTypeName name = type.getSqlTypeName();
    return name == SqlTypeName.DATE
        || name == SqlTypeName.TIMESTAMP
        || name == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  /** The type of instants. */
  static RelDataType instant(RelDataTypeFactory types) {
    return TimeFunctions.instant(types, false);
  }
}
