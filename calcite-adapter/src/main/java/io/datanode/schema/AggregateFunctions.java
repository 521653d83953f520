package io.datanode.schema;

import static io.datanode.schema.FunctionCatalog.add;

import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlFirstLastValueAggFunction;
import org.apache.calcite.sql.fun.SqlLeadLagAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.Optionality;

/** Aggregate and window functions. */
public final class AggregateFunctions {
  private static final SqlReturnTypeInference FIRST_ARGUMENT =
      ReturnTypes.ARG0.andThen(SqlTypeTransforms.FORCE_NULLABLE);
  private static final SqlReturnTypeInference NUMBER =
      ReturnTypes.explicit(SqlTypeName.DOUBLE).andThen(SqlTypeTransforms.FORCE_NULLABLE);

  /** The quantile: DOUBLE of numbers, where Calcite's has the type of x and cuts 2.5 to 2. */
  public static final SqlAggFunction PERCENTILE_CONT =
      SqlBasicAggFunction.create(
              SqlKind.PERCENTILE_CONT,
              binding -> {
                RelDataTypeFactory types = binding.getTypeFactory();
                RelDataType x = binding.getCollationType();
                return types.createTypeWithNullability(
                    SqlTypeUtil.isNumeric(x) ? types.createSqlType(SqlTypeName.DOUBLE) : x, true);
              },
              OperandTypes.UNIT_INTERVAL_NUMERIC_LITERAL)
          .withFunctionType(SqlFunctionCategory.SYSTEM)
          .withGroupOrder(Optionality.MANDATORY)
          .withPercentile(true)
          .withAllowsFraming(false);

  /** The text of all values. With FILTER, the type of Calcite's own cannot be told. */
  public static final SqlAggFunction STRING_AGG =
      SqlBasicAggFunction.create(
              SqlKind.STRING_AGG,
              ReturnTypes.ARG0,
              OperandTypes.STRING.or(OperandTypes.STRING_STRING))
          .withFunctionType(SqlFunctionCategory.SYSTEM)
          .withSyntax(SqlSyntax.ORDERED_FUNCTION);

  private AggregateFunctions() {}

  static void addTo(List<Function> all) {
    Category c = Category.AGGREGATE;
    add(all, c, "ANY_VALUE(x)", "Some value that is not NULL.", SqlStdOperatorTable.ANY_VALUE);
    add(
        all,
        c,
        "APPROX_COUNT_DISTINCT(x)",
        "About how many different values there are.",
        SqlStdOperatorTable.APPROX_COUNT_DISTINCT);
    add(
        all,
        c,
        "ARG_MAX(x, t)",
        "x of the row with the greatest t; rows with NULL in either are left out.",
        by("ARG_MAX"));
    add(
        all,
        c,
        "ARG_MIN(x, t)",
        "x of the row with the least t; rows with NULL in either are left out.",
        by("ARG_MIN"));
    add(
        all,
        c,
        "ARRAY_AGG(x [ORDER BY …])",
        "All values as an array.",
        SqlLibraryOperators.ARRAY_AGG);
    add(all, c, "AVG(x)", "Mean, as DOUBLE.", SqlStdOperatorTable.AVG);
    add(all, c, "BIT_AND(x)", "Bitwise and.", SqlStdOperatorTable.BIT_AND);
    add(all, c, "BIT_OR(x)", "Bitwise or.", SqlStdOperatorTable.BIT_OR);
    add(all, c, "BIT_XOR(x)", "Bitwise exclusive or.", SqlStdOperatorTable.BIT_XOR);
    add(all, c, "BOOL_AND(x)", "True if all are true.", SqlLibraryOperators.BOOL_AND);
    add(all, c, "BOOL_OR(x)", "True if some is true.", SqlLibraryOperators.BOOL_OR);
    add(all, c, "CORR(y, x)", "Correlation.", pair("CORR"));
    add(
        all,
        c,
        "COUNT(*), COUNT(x, …)",
        "Rows, or rows where no argument is NULL.",
        SqlStdOperatorTable.COUNT);
    add(
        all,
        c,
        "COUNT_IF(c)",
        "Rows where c is true.",
        aggregate("COUNT_IF", ReturnTypes.BIGINT, OperandTypes.BOOLEAN));
    add(all, c, "COVAR_POP(y, x)", "Covariance of the population.", pair("COVAR_POP"));
    add(all, c, "COVAR_SAMP(y, x)", "Covariance of the sample.", pair("COVAR_SAMP"));
    add(all, c, "EVERY(x)", "The same as BOOL_AND.", SqlStdOperatorTable.EVERY);
    add(
        all,
        c,
        "FIRST(x, t)",
        "x at the earliest t; rows with NULL in either are left out.",
        by("FIRST"));
    add(all, c, "KURTOSIS(x)", "Excess kurtosis of the sample.", single("KURTOSIS"));
    add(
        all,
        c,
        "LAST(x, t)",
        "x at the latest t; rows with NULL in either are left out.",
        by("LAST"));
    add(
        all,
        c,
        "LISTAGG(x [, separator]) [WITHIN GROUP (ORDER BY …)]",
        "Values as one text.",
        SqlStdOperatorTable.LISTAGG);
    add(all, c, "MAX(x)", "Greatest; NaN is greater than every number.", SqlStdOperatorTable.MAX);
    add(all, c, "MAX_BY(x, t)", "The same as ARG_MAX.", by("MAX_BY"));
    add(all, c, "MEDIAN(x)", "The middle value, interpolated.", single("MEDIAN"));
    add(all, c, "MIN(x)", "Least.", SqlStdOperatorTable.MIN);
    add(all, c, "MIN_BY(x, t)", "The same as ARG_MIN.", by("MIN_BY"));
    add(all, c, "MODE(x)", "The most frequent value.", SqlStdOperatorTable.MODE);
    add(
        all,
        c,
        "PERCENTILE_CONT(f) WITHIN GROUP (ORDER BY x)",
        "Quantile, interpolated.",
        PERCENTILE_CONT);
    add(
        all,
        c,
        "PERCENTILE_DISC(f) WITHIN GROUP (ORDER BY x)",
        "Quantile, a value that occurs.",
        SqlStdOperatorTable.PERCENTILE_DISC);
    add(
        all,
        c,
        "OHLCV(price, volume [, time]) or OHLCV(open, high, low, close, volume [, time])",
        "In a select list, the columns open, high, low, close and volume of a bar; NULL and NaN are"
            + " left out. The time is that of RESAMPLE in FROM, else time_index.",
        aggregate("OHLCV", FIRST_ARGUMENT, OperandTypes.VARIADIC));
    add(all, c, "PRODUCT(x)", "Product, as DOUBLE.", single("PRODUCT"));
    for (String name :
        List.of(
            "REGR_AVGX",
            "REGR_AVGY",
            "REGR_INTERCEPT",
            "REGR_R2",
            "REGR_SLOPE",
            "REGR_SXX",
            "REGR_SXY",
            "REGR_SYY")) {
      add(
          all,
          c,
          name + "(y, x)",
          "Linear regression of y on x, as the SQL standard defines it.",
          pair(name));
    }
    add(
        all,
        c,
        "REGR_COUNT(y, x)",
        "Rows where neither is NULL.",
        aggregate("REGR_COUNT", ReturnTypes.BIGINT, OperandTypes.NUMERIC_NUMERIC));
    add(all, c, "SKEWNESS(x)", "Skewness of the sample.", single("SKEWNESS"));
    add(all, c, "SOME(x)", "The same as BOOL_OR.", SqlStdOperatorTable.SOME);
    add(all, c, "STDDEV(x)", "Standard deviation of the sample.", single("STDDEV"));
    add(all, c, "STDDEV_POP(x)", "Standard deviation of the population.", single("STDDEV_POP"));
    add(all, c, "STDDEV_SAMP(x)", "Standard deviation of the sample.", single("STDDEV_SAMP"));
    add(all, c, "STRING_AGG(x, separator [ORDER BY …])", "Values as one text.", STRING_AGG);
    add(all, c, "SUM(x)", "Sum; of BIGINT as DECIMAL(38, 0).", SqlStdOperatorTable.SUM);
    add(
        all,
        c,
        "TWAP(price)",
        "Mean of prices at regular times, as DOUBLE; NULL and NaN are left out.",
        single("TWAP"));
    add(all, c, "VAR_POP(x)", "Variance of the population.", single("VAR_POP"));
    add(all, c, "VAR_SAMP(x)", "Variance of the sample.", single("VAR_SAMP"));
    add(all, c, "VARIANCE(x)", "Variance of the sample.", single("VARIANCE"));
    add(
        all,
        c,
        "VWAP(price, volume)",
        "Sum of price times volume over the sum of volume, as DOUBLE; rows where either is NULL or"
            + " NaN are left out, and of no volume it is NULL.",
        pair("VWAP"));
    windows(all);
  }

  private static void windows(List<Function> all) {
    Category c = Category.WINDOW;
    add(all, c, "CUME_DIST()", "Share of rows not after this one.", SqlStdOperatorTable.CUME_DIST);
    add(all, c, "DENSE_RANK()", "Rank without gaps.", SqlStdOperatorTable.DENSE_RANK);
    add(
        all,
        c,
        "FIRST_VALUE(x) [IGNORE NULLS]",
        "x of the first row of the frame.",
        edge(SqlKind.FIRST_VALUE));
    add(
        all,
        c,
        "LAG(x [, n [, default]]) [IGNORE NULLS]",
        "x of the n-th row before.",
        neighbour(SqlKind.LAG));
    add(
        all,
        c,
        "LAST_VALUE(x) [IGNORE NULLS]",
        "x of the last row of the frame.",
        edge(SqlKind.LAST_VALUE));
    add(
        all,
        c,
        "LEAD(x [, n [, default]]) [IGNORE NULLS]",
        "x of the n-th row after.",
        neighbour(SqlKind.LEAD));
    add(
        all,
        c,
        "NTH_VALUE(x, n)",
        "x of the n-th row of the frame.",
        SqlStdOperatorTable.NTH_VALUE);
    add(all, c, "NTILE(n)", "Number of the tile of n equal ones.", SqlStdOperatorTable.NTILE);
    add(all, c, "PERCENT_RANK()", "Rank from 0 to 1.", SqlStdOperatorTable.PERCENT_RANK);
    add(all, c, "RANK()", "Rank with gaps.", SqlStdOperatorTable.RANK);
    add(all, c, "ROW_NUMBER()", "Number of the row from 1.", SqlStdOperatorTable.ROW_NUMBER);
  }

  // A frame can be empty, and IGNORE NULLS can find nothing: Calcite promises a value of a column
  // that is not null, then finds its plan at odds with the promise.
  private static SqlAggFunction edge(SqlKind kind) {
    return new SqlFirstLastValueAggFunction(kind) {
      @Override
      public RelDataType inferReturnType(SqlOperatorBinding call) {
        return nullable(call, super.inferReturnType(call));
      }
    };
  }

  private static SqlAggFunction neighbour(SqlKind kind) {
    return new SqlLeadLagAggFunction(kind) {
      @Override
      public RelDataType inferReturnType(SqlOperatorBinding call) {
        return nullable(call, super.inferReturnType(call));
      }
    };
  }

  private static RelDataType nullable(SqlOperatorBinding call, RelDataType type) {
    return call.getTypeFactory().createTypeWithNullability(type, true);
  }

  private static SqlAggFunction by(String name) {
    return aggregate(name, FIRST_ARGUMENT, OperandTypes.ANY_ANY);
  }

  private static SqlAggFunction pair(String name) {
    return aggregate(name, NUMBER, OperandTypes.NUMERIC_NUMERIC);
  }

  private static SqlAggFunction single(String name) {
    return aggregate(name, NUMBER, OperandTypes.NUMERIC);
  }

  private static SqlAggFunction aggregate(
      String name, SqlReturnTypeInference type, SqlOperandTypeChecker arguments) {
    return SqlBasicAggFunction.create(name, SqlKind.OTHER_FUNCTION, type, arguments)
        .withAllowsNullTreatment(true)
        .withAllowsFraming(true);
  }
}
