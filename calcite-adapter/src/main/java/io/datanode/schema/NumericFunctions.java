package io.datanode.schema;

import static io.datanode.schema.FunctionCatalog.add;
import static io.datanode.schema.FunctionCatalog.basic;
import static io.datanode.schema.FunctionCatalog.named;

import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.util.List;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;

/** Functions of numbers. */
final class NumericFunctions {
  private NumericFunctions() {}

  static void addTo(List<Function> all) {
    Category c = Category.NUMERIC;
    add(all, c, "ABS(x)", "Absolute value.", SqlStdOperatorTable.ABS);
    add(all, c, "ACOS(x)", "Arc cosine, radians.", SqlStdOperatorTable.ACOS);
    add(all, c, "ASIN(x)", "Arc sine, radians.", SqlStdOperatorTable.ASIN);
    add(all, c, "ATAN(x)", "Arc tangent, radians.", SqlStdOperatorTable.ATAN);
    add(all, c, "ATAN2(y, x)", "Angle of a point, radians.", SqlStdOperatorTable.ATAN2);
    add(all, c, "CBRT(x)", "Cube root.", SqlStdOperatorTable.CBRT);
    add(all, c, "CEIL(x)", "Smallest whole number not below x.", SqlStdOperatorTable.CEIL);
    add(all, c, "COS(x)", "Cosine of radians.", SqlStdOperatorTable.COS);
    add(all, c, "COSH(x)", "Hyperbolic cosine.", number("COSH"));
    add(all, c, "COT(x)", "Cotangent of radians.", SqlStdOperatorTable.COT);
    add(all, c, "DEGREES(x)", "Radians to degrees.", SqlStdOperatorTable.DEGREES);
    add(all, c, "EXP(x)", "e to the power of x.", SqlStdOperatorTable.EXP);
    add(all, c, "FLOOR(x)", "Largest whole number not above x.", SqlStdOperatorTable.FLOOR);
    add(
        all,
        c,
        "IS_NAN(x)",
        "True if x is not a number.",
        named("IS_NAN", ReturnTypes.BOOLEAN_NULLABLE, SqlTypeFamily.NUMERIC));
    add(all, c, "LN(x)", "Natural logarithm; NaN below zero.", SqlStdOperatorTable.LN);
    add(
        all,
        c,
        "LOG(x) or LOG(base, x)",
        "Logarithm to base 10, or to a base.",
        basic(
            "LOG",
            ResultTypes.DOUBLE_NULLABLE,
            OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.NUMERIC_NUMERIC)));
    add(all, c, "LOG10(x)", "Logarithm to base 10.", SqlStdOperatorTable.LOG10);
    add(all, c, "LOG2(x)", "Logarithm to base 2.", number("LOG2"));
    add(all, c, "MOD(x, y)", "Remainder of x / y, with the sign of x.", SqlStdOperatorTable.MOD);
    add(all, c, "PI()", "The number π.", SqlStdOperatorTable.PI);
    add(all, c, "POWER(x, y)", "x to the power of y.", SqlStdOperatorTable.POWER);
    add(
        all,
        c,
        "POW(x, y)",
        "x to the power of y.",
        named("POW", ResultTypes.DOUBLE_NULLABLE, SqlTypeFamily.NUMERIC, SqlTypeFamily.NUMERIC));
    add(all, c, "RADIANS(x)", "Degrees to radians.", SqlStdOperatorTable.RADIANS);
    add(all, c, "RANDOM()", "A number from 0 to below 1, another for each row.", random("RANDOM"));
    add(all, c, "RAND()", "The same as RANDOM().", random("RAND"));
    add(
        all,
        c,
        "ROUND(x [, digits])",
        "x rounded to so many digits after the point, half away from zero.",
        SqlStdOperatorTable.ROUND);
    add(all, c, "SIGN(x)", "-1, 0 or 1.", SqlStdOperatorTable.SIGN);
    add(all, c, "SIN(x)", "Sine of radians.", SqlStdOperatorTable.SIN);
    add(all, c, "SINH(x)", "Hyperbolic sine.", number("SINH"));
    add(all, c, "SQRT(x)", "Square root; NaN below zero.", SqlStdOperatorTable.SQRT);
    add(all, c, "TAN(x)", "Tangent of radians.", SqlStdOperatorTable.TAN);
    add(all, c, "TANH(x)", "Hyperbolic tangent.", number("TANH"));
    add(
        all,
        c,
        "TRUNCATE(x [, digits])",
        "x cut towards zero after so many digits.",
        SqlStdOperatorTable.TRUNCATE);
    add(
        all,
        c,
        "TRUNC(x [, digits])",
        "The same as TRUNCATE.",
        basic(
            "TRUNC",
            ReturnTypes.ARG0_NULLABLE,
            OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.NUMERIC_NUMERIC)));
  }

  private static SqlFunction number(String name) {
    return named(name, ResultTypes.DOUBLE_NULLABLE, SqlTypeFamily.NUMERIC);
  }

  private static SqlFunction random(String name) {
    return SqlBasicFunction.create(name, ReturnTypes.DOUBLE, OperandTypes.NILADIC)
        .withDeterministic(false);
  }
}
