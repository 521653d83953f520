package io.datanode.plan.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/** Replaces what a relational expression is made of. */
public final class RelTree {
  private RelTree() {}

  /** The same operator over other inputs, and with other queries in its sub-queries. */
  public static RelNode map(RelNode rel, UnaryOperator<RelNode> mapping) {
    return mapSubQueries(mapInputs(rel, mapping), mapping);
  }

  /** The same operator over other inputs; itself if they are the same. */
  public static RelNode mapInputs(RelNode rel, UnaryOperator<RelNode> mapping) {
    List<RelNode> inputs = new ArrayList<>();
    rel.getInputs().forEach(input -> inputs.add(mapping.apply(input)));
    return inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }

  /** The same operator with other queries in its sub-queries. */
  public static RelNode mapSubQueries(RelNode rel, UnaryOperator<RelNode> mapping) {
    return rel.accept(subQueries(mapping));
  }

  /** The same expression with other queries in its sub-queries. */
  public static RexNode mapSubQueries(RexNode expression, UnaryOperator<RelNode> mapping) {
    return expression.accept(subQueries(mapping));
  }

  private static RexShuttle subQueries(UnaryOperator<RelNode> mapping) {
    return new RexShuttle() {
      @Override
      public RexNode visitSubQuery(RexSubQuery query) {
        RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
        RelNode mapped = mapping.apply(visited.rel);
        return mapped == visited.rel ? visited : visited.clone(mapped);
      }
    };
  }
}
