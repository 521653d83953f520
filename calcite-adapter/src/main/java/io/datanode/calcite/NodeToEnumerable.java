package io.datanode.calcite;

import io.datanode.storage.sql.BorderFunctions;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.jdbc.JdbcRules;
import org.apache.calcite.adapter.jdbc.JdbcToEnumerableConverter;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the storage as rows of Calcite.
 *
 * <p>Calcite's runtime holds times as numbers. Calcite's own converter reads them with {@code
 * getTimestamp}, which depends on the zone of the JVM, and binds parameters as bare numbers, which
 * DuckDB does not compare with times. Here the storage itself turns one into the other.
 */
final class NodeToEnumerable extends JdbcToEnumerableConverter {
  private NodeToEnumerable(RelOptCluster cluster, RelTraitSet traits, RelNode input) {
    super(cluster, traits, input);
  }

  static RelOptRule rule(NodeConvention convention) {
    return ConverterRule.Config.INSTANCE
        .withConversion(
            RelNode.class, convention, EnumerableConvention.INSTANCE, "NodeToEnumerable")
        .withRuleFactory(Rule::new)
        .toRule();
  }

  private static final class Rule extends ConverterRule {
    private Rule(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      return new NodeToEnumerable(rel.getCluster(), rel.getTraitSet().replace(getOutTrait()), rel);
    }
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new NodeToEnumerable(getCluster(), traits, inputs.get(0));
  }

  /** Rows that leave the storage are what costs, the more so the wider they are. */
  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
    double rows = query.getRowCount(getInput());
    return planner
        .getCostFactory()
        .makeCost(2 * rows + 0.1 * rows * getRowType().getFieldCount(), rows, 0);
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    RelNode bound = forWriting(getInput());
    return new AsNumbers(getCluster(), getTraitSet(), withTimesAsNumbers(bound), this)
        .implement(implementor, prefer);
  }

  /** Reads the first columns of its input, with numbers for times. */
  private static final class AsNumbers extends JdbcToEnumerableConverter {
    private AsNumbers(
        RelOptCluster cluster, RelTraitSet traits, RelNode input, NodeToEnumerable shown) {
      super(cluster, traits, input);
      RelDataTypeFactory.Builder row = cluster.getTypeFactory().builder();
      for (int i = 0; i < shown.getRowType().getFieldCount(); i++) {
        row.add(input.getRowType().getFieldList().get(i));
      }
      this.rowType = row.build();
    }
  }

  private RelNode forWriting(RelNode rel) {
    if (rel instanceof NodeScan scan) {
      return scan.written();
    }
    List<RelNode> inputs = new ArrayList<>();
    rel.getInputs().forEach(input -> inputs.add(forWriting(input)));
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    if (copy instanceof NodeAsofJoin join) {
      return join.written();
    }
    RexBuilder builder = getCluster().getRexBuilder();
    return copy.accept(
        new RexShuttle() {
          @Override
          public RexNode visitDynamicParam(RexDynamicParam parameter) {
            SqlFunction function = ofNumber(parameter.getType());
            if (function == null) {
              return parameter;
            }
            RexNode number =
                builder.makeDynamicParam(
                    getCluster().getTypeFactory().createSqlType(SqlTypeName.BIGINT),
                    parameter.getIndex());
            return builder.makeCall(parameter.getType(), function, List.of(number));
          }
        });
  }

  private RelNode withTimesAsNumbers(RelNode rel) {
    if (rel instanceof Sort sort) {
      return sortedNumbers(sort);
    }
    boolean sums = sumsWholeNumbers(rel);
    List<RexNode> columns = numbers(rel, sums);
    return columns.equals(getCluster().getRexBuilder().identityProjects(rel.getRowType()))
        ? rel
        : project(rel, columns);
  }

  /** The order must be the outermost thing said, and be that of the times as they are stored. */
  private RelNode sortedNumbers(Sort sort) {
    RelNode input = sort.getInput();
    List<RexNode> columns = numbers(input, sumsWholeNumbers(input));
    List<RexNode> stored =
        new ArrayList<>(getCluster().getRexBuilder().identityProjects(input.getRowType()));
    if (columns.equals(stored)) {
      return sort;
    }
    List<RelFieldCollation> keys = new ArrayList<>();
    for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
      RexNode column = stored.get(key.getFieldIndex());
      int place = columns.indexOf(column);
      if (place < 0) {
        place = columns.size();
        columns.add(column);
      }
      keys.add(key.withFieldIndex(place));
    }
    return sort.copy(
        sort.getTraitSet(),
        project(input, columns),
        RelCollations.of(keys),
        sort.offset,
        sort.fetch);
  }

  private RelNode project(RelNode input, List<RexNode> columns) {
    RelDataTypeFactory.Builder row = getCluster().getTypeFactory().builder();
    for (int i = 0; i < columns.size(); i++) {
      String name =
          i < input.getRowType().getFieldCount()
              ? input.getRowType().getFieldNames().get(i)
              : "$key" + i;
      row.add(name, columns.get(i).getType());
    }
    return new JdbcRules.JdbcProject(
        getCluster(), input.getTraitSet(), input, columns, row.build());
  }

  private List<RexNode> numbers(RelNode rel, boolean sums) {
    RexBuilder builder = getCluster().getRexBuilder();
    List<RexNode> columns = new ArrayList<>();
    for (RexNode column : builder.identityProjects(rel.getRowType())) {
      RelDataType type = column.getType();
      SqlFunction function = toNumber(type);
      if (function != null) {
        RelDataType number =
            getCluster()
                .getTypeFactory()
                .createTypeWithNullability(
                    getCluster()
                        .getTypeFactory()
                        .createSqlType(
                            function == BorderFunctions.MILLIS_OF_TIMESTAMP
                                ? SqlTypeName.BIGINT
                                : SqlTypeName.INTEGER),
                    type.isNullable());
        columns.add(builder.makeCall(number, function, List.of(column)));
      } else if (sums && SqlTypeUtil.isIntType(type)) {
        // DuckDB sums to 128 bits, which JDBC cuts without a word; the cast fails instead.
        columns.add(builder.makeAbstractCast(type, column, false));
      } else {
        columns.add(column);
      }
    }
    return columns;
  }

  private static boolean sumsWholeNumbers(RelNode rel) {
    if (rel instanceof Aggregate aggregate
        && aggregate.getAggCallList().stream()
            .anyMatch(call -> SqlTypeUtil.isIntType(call.getType()) && sums(call))) {
      return true;
    }
    return rel.getInputs().stream().anyMatch(NodeToEnumerable::sumsWholeNumbers);
  }

  private static boolean sums(AggregateCall call) {
    switch (call.getAggregation().getKind()) {
      case SUM:
      case SUM0:
        return true;
      default:
        return false;
    }
  }

  private static @Nullable SqlFunction ofNumber(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case TIMESTAMP:
        return BorderFunctions.TIMESTAMP_OF_MILLIS;
      case DATE:
        return BorderFunctions.DATE_OF_DAYS;
      case TIME:
        return BorderFunctions.TIME_OF_MILLIS;
      default:
        return null;
    }
  }

  private static @Nullable SqlFunction toNumber(RelDataType type) {
    switch (type.getSqlTypeName()) {
      case TIMESTAMP:
        return BorderFunctions.MILLIS_OF_TIMESTAMP;
      case DATE:
        return BorderFunctions.DAYS_OF_DATE;
      case TIME:
        return BorderFunctions.MILLIS_OF_TIME;
      default:
        return null;
    }
  }
}
