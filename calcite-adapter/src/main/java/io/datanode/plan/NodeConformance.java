package io.datanode.plan;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/**
 * What SQL here allows beyond the standard: GROUP BY and ORDER BY by number or alias, LIMIT with
 * OFFSET in any order, {@code !=}, {@code %}. Calcite's BABEL conformance would allow more, but
 * reports an unknown column as one that "depends on itself".
 */
final class NodeConformance extends SqlDelegatingConformance {
  static final NodeConformance INSTANCE = new NodeConformance();

  private NodeConformance() {
    super(SqlConformanceEnum.LENIENT);
  }

  @Override
  public boolean isValueAllowed() {
    return true;
  }

  @Override
  public boolean allowNiladicParentheses() {
    return true;
  }

  @Override
  public boolean allowPluralTimeUnits() {
    return true;
  }

  @Override
  public boolean allowLenientCoercion() {
    return false;
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }
}
