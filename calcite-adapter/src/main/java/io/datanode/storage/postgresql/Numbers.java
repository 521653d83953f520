package io.datanode.storage.postgresql;

import static io.datanode.storage.postgresql.PostgreSqlDialect.bounded;
import static io.datanode.storage.postgresql.PostgreSqlDialect.integer;
import static io.datanode.storage.postgresql.PostgreSqlDialect.notPushed;

import io.datanode.storage.sql.StorageDialect.FunctionText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic and functions of numbers. PostgreSQL fails where IEEE 754 has infinity or NaN; where a
 * comparison tells, it is made.
 */
final class Numbers {
  private static final String NAN = "CAST('NaN' AS DOUBLE PRECISION)";
  private static final String INFINITY = "CAST('Infinity' AS DOUBLE PRECISION)";
  private static final String MINUS_INFINITY = "CAST('-Infinity' AS DOUBLE PRECISION)";

  private final PostgreSqlDialect dialect;

  Numbers(PostgreSqlDialect dialect) {
    this.dialect = dialect;
  }

  String arithmetic(
      String operator,
      String left,
      String right,
      RelDataType leftType,
      RelDataType rightType,
      RelDataType type) {
    if (type.getSqlTypeName() == SqlTypeName.TINYINT) {
      throw notPushed("TINYINT", "PostgreSQL has no TINYINT");
    }
    boolean wide =
        operator.equals("*")
            && SqlTypeUtil.isDecimal(type)
            && SqlTypeUtil.isDecimal(leftType)
            && SqlTypeUtil.isDecimal(rightType)
            && leftType.getScale() + rightType.getScale() > type.getScale();
    if (wide) {
      throw notPushed("*", "a product of more than 38 digits is rounded by other rules");
    }
    if (SqlTypeUtil.isInterval(leftType) && SqlTypeUtil.isNumeric(rightType)) {
      return "(" + left + " " + operator + " " + asDouble(right, rightType) + ")";
    }
    return "(" + left + " " + operator + " " + right + ")";
  }

  /** DOUBLE in any case; of floating point numbers, division by zero is infinity or NaN. */
  String quotient(String dividend, String divisor, RelDataType type, RelDataType divisorType) {
    if (SqlTypeUtil.isInterval(type)) {
      return "(" + dividend + " / " + asDouble(divisor, divisorType) + ")";
    }
    String a = asDouble(dividend, type);
    String b = asDouble(divisor, divisorType);
    boolean exact = SqlTypeUtil.isExactNumeric(type) && SqlTypeUtil.isExactNumeric(divisorType);
    return exact || isNonZeroConstant(divisor)
        ? "(" + a + " / " + b + ")"
        : bounded("/", ieeeQuotient(a, b));
  }

  private static String ieeeQuotient(String a, String b) {
    return "CASE WHEN "
        + b
        + " = 0 THEN "
        + a
        + " * CASE WHEN ATAN2("
        + b
        + ", -1) < 0 THEN "
        + MINUS_INFINITY
        + " ELSE "
        + INFINITY
        + " END ELSE "
        + a
        + " / "
        + b
        + " END";
  }

  private static boolean isNonZeroConstant(String text) {
    String number =
        text.replaceFirst("^CAST\\((.*) AS DOUBLE PRECISION\\)$", "$1").replaceAll("[()]", "");
    try {
      return new BigDecimal(number).signum() != 0;
    } catch (NumberFormatException e) {
      // Not a constant.
      return false;
    }
  }

  String remainder(String dividend, String divisor, RelDataType type, RelDataType divisorType) {
    if (SqlTypeUtil.isApproximateNumeric(type) || SqlTypeUtil.isApproximateNumeric(divisorType)) {
      throw notPushed("MOD", "PostgreSQL has no remainder of floating point numbers");
    }
    return "(" + dividend + " % " + divisor + ")";
  }

  static String asDouble(String text, RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DOUBLE || type.getSqlTypeName() == SqlTypeName.FLOAT
        ? text
        : "CAST(" + text + " AS DOUBLE PRECISION)";
  }

  /** A power of ten as a floating point constant. */
  static String power(int exponent) {
    return "CAST(1e" + exponent + " AS DOUBLE PRECISION)";
  }

  /** A floating point number rounded half away from zero, where PostgreSQL rounds half to even. */
  static String rounded(String x) {
    return "CASE WHEN ABS("
        + x
        + " - TRUNC("
        + x
        + ")) >= 0.5 THEN TRUNC("
        + x
        + ") + SIGN("
        + x
        + ") ELSE TRUNC("
        + x
        + ") END";
  }

  /** A call of one of these functions, or null if it is none. */
  @Nullable String function(FunctionText call) {
    String name = call.name().toUpperCase(Locale.ROOT);
    List<String> a = call.arguments();
    switch (name) {
      case "ABS":
        return "ABS(" + a.get(0) + ")";
      case "ATAN":
      case "CBRT":
      case "COSH":
      case "DEGREES":
      case "RADIANS":
      case "SINH":
      case "TANH":
        return name + "(" + number(call, 0) + ")";
      case "ATAN2":
        return "ATAN2(" + number(call, 0) + ", " + number(call, 1) + ")";
      case "COS":
      case "SIN":
      case "TAN":
        return trigonometric(name, number(call, 0));
      case "COT":
        return "(1 / NULLIF(" + trigonometric("TAN", number(call, 0)) + ", 0))";
      case "ACOS":
      case "ASIN":
        return "CASE WHEN ABS("
            + number(call, 0)
            + ") > 1 THEN "
            + NAN
            + " ELSE "
            + name
            + "("
            + number(call, 0)
            + ") END";
      case "EXP":
        return "CASE WHEN "
            + number(call, 0)
            + " > 709.782712893384 THEN "
            + number(call, 0)
            + " + "
            + INFINITY
            + " WHEN "
            + number(call, 0)
            + " < -745.1332191019411 THEN CAST(0 AS DOUBLE PRECISION) ELSE EXP("
            + number(call, 0)
            + ") END";
      case "LN":
        return logarithm("LN", number(call, 0));
      case "LOG10":
        return logarithm("LOG10", number(call, 0));
      case "LOG":
        return a.size() == 1
            ? logarithm("LOG10", number(call, 0))
            : bounded(
                "LOG",
                ieeeQuotient(
                    logarithm("LOG10", number(call, 1)), logarithm("LOG10", number(call, 0))));
      case "PI":
        return "PI()";
      case "POW":
      case "POWER":
        return power(number(call, 0), number(call, 1));
      case "SQRT":
        return "CASE WHEN "
            + number(call, 0)
            + " < 0 THEN "
            + NAN
            + " ELSE SQRT("
            + number(call, 0)
            + ") END";
      case "RAND":
      case "RANDOM":
        return "RANDOM()";
      case "IS_NAN":
        return "(" + number(call, 0) + " = " + NAN + ")";
      case "SIGN":
        return resultOf("SIGN(" + a.get(0) + ")", call);
      case "CEIL":
      case "FLOOR":
        return isWhole(call, 0) ? a.get(0) : name + "(" + a.get(0) + ")";
      case "ROUND":
        return cut("ROUND", call, Numbers::rounded);
      case "TRUNC":
      case "TRUNCATE":
        return cut("TRUNC", call, x -> "TRUNC(" + x + ")");
      case "MOD":
        return remainder(a.get(0), a.get(1), type(call, 0), type(call, 1));
      case "GREATEST":
      case "LEAST":
        return name + "(" + ordered(call) + ")";
      case "COALESCE":
      case "IFNULL":
      case "NVL":
        return "COALESCE(" + String.join(", ", a) + ")";
      case "NULLIF":
        return "NULLIF(" + String.join(", ", a) + ")";
      case "IF":
      case "IIF":
        return "CASE WHEN " + a.get(0) + " THEN " + a.get(1) + " ELSE " + a.get(2) + " END";
      case "CARDINALITY":
      case "ARRAY_LENGTH":
        return "CARDINALITY(" + a.get(0) + ")";
      default:
        return null;
    }
  }

  private String ordered(FunctionText call) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < call.arguments().size(); i++) {
      list.append(i == 0 ? "" : ", ")
          .append(dialect.ordered(call.arguments().get(i), type(call, i)));
    }
    return list.toString();
  }

  private static RelDataType type(FunctionText call, int argument) {
    return call.operands().get(argument).getType();
  }

  private static boolean isWhole(FunctionText call, int argument) {
    return SqlTypeUtil.isIntType(type(call, argument));
  }

  private static String number(FunctionText call, int argument) {
    return asDouble(call.arguments().get(argument), type(call, argument));
  }

  private String resultOf(String text, FunctionText call) {
    return "CAST(" + text + " AS " + dialect.typeName(call.type()) + ")";
  }

  private static String trigonometric(String name, String x) {
    return "CASE WHEN ABS("
        + x
        + ") = "
        + INFINITY
        + " THEN "
        + NAN
        + " ELSE "
        + name
        + "("
        + x
        + ") END";
  }

  private static String logarithm(String name, String x) {
    return "CASE WHEN "
        + x
        + " < 0 THEN "
        + NAN
        + " WHEN "
        + x
        + " = 0 THEN "
        + MINUS_INFINITY
        + " ELSE "
        + name
        + "("
        + x
        + ") END";
  }

  private static String power(String base, String exponent) {
    return bounded(
        "POWER",
        "CASE WHEN "
            + base
            + " < 0 AND "
            + exponent
            + " <> FLOOR("
            + exponent
            + ") THEN CASE WHEN "
            + base
            + " > "
            + MINUS_INFINITY
            + " THEN "
            + NAN
            + " WHEN "
            + exponent
            + " > 0 THEN "
            + INFINITY
            + " ELSE 0 END"
            + " WHEN "
            + base
            + " = 0 AND "
            + exponent
            + " < 0 THEN "
            + INFINITY
            + " ELSE POWER("
            + base
            + ", "
            + exponent
            + ") END");
  }

  /**
   * A number cut after some digits: ROUND or TRUNC.
   *
   * @param whole how a floating point number is cut after no digits
   */
  private String cut(String name, FunctionText call, UnaryOperator<String> whole) {
    String x = call.arguments().get(0);
    boolean digitsGiven = call.arguments().size() > 1;
    if (isWhole(call, 0)) {
      return digitsGiven
          ? resultOf(name + "(CAST(" + x + " AS NUMERIC), " + digits(call) + ")", call)
          : x;
    }
    if (SqlTypeUtil.isDecimal(type(call, 0))) {
      return name + "(" + x + (digitsGiven ? ", " + digits(call) : "") + ")";
    }
    String number = number(call, 0);
    int digits = digitsGiven ? constantDigits(call) : 0;
    if (digits == 0) {
      return whole.apply(number);
    }
    String power = power(Math.abs(digits));
    if (digits < 0) {
      return "((" + whole.apply("(" + number + " / " + power + ")") + ") * " + power + ")";
    }
    // So great a number has no digits behind its point, and its product could overflow.
    return "CASE WHEN ABS("
        + number
        + ") >= 1e290 THEN "
        + number
        + " ELSE ("
        + whole.apply("(" + number + " * " + power + ")")
        + ") / "
        + power
        + " END";
  }

  private static String digits(FunctionText call) {
    return integer(call.arguments().get(1), type(call, 1));
  }

  private static int constantDigits(FunctionText call) {
    RexNode digits = call.operands().get(1);
    BigDecimal value =
        digits instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
    if (value == null || value.abs().intValue() > 15) {
      throw notPushed(
          call.name(),
          call.name() + " of floating point numbers needs a constant number of digits");
    }
    return value.intValue();
  }
}
