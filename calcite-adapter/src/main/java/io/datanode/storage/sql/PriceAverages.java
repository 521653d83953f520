package io.datanode.storage.sql;

import io.datanode.storage.sql.StorageDialect.AggregateText;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * VWAP and TWAP in the aggregates that every storage has.
 *
 * <p>A price that is NULL or NaN is missing: it counts for nothing, and neither does its volume, as
 * in KaizenFlow's resampling of bars.
 */
public final class PriceAverages {
  private final StorageDialect dialect;

  /**
   * Averages written by a dialect.
   *
   * @param dialect of the storage
   */
  public PriceAverages(StorageDialect dialect) {
    this.dialect = dialect;
  }

  /**
   * The sum of price times volume over the sum of volume; NULL where that is zero.
   *
   * @param sum writes a SUM, with the mark for its window
   */
  public String vwap(AggregateText call, Function<AggregateText, String> sum) {
    String price = number(call, 0);
    String volume = number(call, 1);
    String present = and(and(call.filter(), present(call, 0)), present(call, 1));
    RelDataType type = call.type();
    String amount = dialect.arithmetic("*", price, volume, type, type, type);
    return "("
        + sum.apply(as("SUM", amount, present, call))
        + " / NULLIF("
        + sum.apply(as("SUM", volume, present, call))
        + ", 0))";
  }

  /** The mean of the prices, as an AVG. */
  public AggregateText twap(AggregateText call) {
    return new AggregateText(
        "AVG",
        call.arguments(),
        call.argumentTypes(),
        false,
        false,
        List.of(),
        and(call.filter(), present(call, 0)),
        call.type());
  }

  private static AggregateText as(String name, String argument, String filter, AggregateText call) {
    return new AggregateText(
        name,
        List.of(argument),
        List.of(call.type()),
        false,
        false,
        List.of(),
        filter,
        call.type());
  }

  private String number(AggregateText call, int argument) {
    RelDataType type = call.argumentTypes().get(argument);
    String text = call.arguments().get(argument);
    return type.getSqlTypeName() == SqlTypeName.DOUBLE
        ? text
        : "CAST(" + text + " AS " + dialect.typeName(call.type()) + ")";
  }

  private String present(AggregateText call, int argument) {
    String text = call.arguments().get(argument);
    return SqlTypeUtil.isApproximateNumeric(call.argumentTypes().get(argument))
        ? text + " <> " + dialect.floatingPoint(Double.NaN)
        : text + " IS NOT NULL";
  }

  private static String and(@Nullable String filter, String condition) {
    return filter == null ? condition : "(" + filter + ") AND " + condition;
  }
}
