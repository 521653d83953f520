package io.datanode.search;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.NodeName;
import io.datanode.plan.QueryBuilder;
import io.datanode.plan.RelationalQuery;
import io.datanode.predicate.Logic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A search without its values: one plan serves all requests that differ only in them.
 *
 * @param sources the base, then what is joined to it
 * @param conditions all must hold
 * @param outputs the columns of the result
 * @param order what rows are sorted by; empty if their order does not matter
 * @param offset true if rows are to be skipped: a parameter behind those of the conditions says how
 *     many
 * @param limit true if the last parameter is the most rows
 */
record SearchQuery(
    List<Joined> sources,
    List<Term> conditions,
    List<Layout.Output> outputs,
    List<Field> order,
    boolean offset,
    boolean limit,
    List<ColumnType> parameters)
    implements RelationalQuery {

  /**
   * A node of the query.
   *
   * @param type null for the base
   */
  record Joined(NodeName node, @Nullable JoinType type, List<String> on) {}

  SearchQuery {
    sources = List.copyOf(sources);
    conditions = List.copyOf(conditions);
    outputs = List.copyOf(outputs);
    order = List.copyOf(order);
    parameters = List.copyOf(parameters);
  }

  @Override
  public RelNode build(QueryBuilder builder) {
    return new Building(builder).build();
  }

  /** The joins that keep rows without a base. */
  private List<Joined> fullJoins() {
    return sources.stream().filter(source -> source.type() == JoinType.FULL).toList();
  }

  /** One building of the expression. */
  private final class Building {
    private final QueryBuilder builder;
    private final RelBuilder rel;
    private final List<List<String>> columns = new ArrayList<>();

    Building(QueryBuilder builder) {
      this.builder = builder;
      this.rel = builder.rel();
    }

    RelNode build() {
      List<Term> above = new ArrayList<>(conditions);
      for (int i = 0; i < sources.size(); i++) {
        scan(i);
        if (i > 0) {
          join(i);
        }
      }
      above.removeIf(this::isWhollyBelow);
      if (!above.isEmpty()) {
        rel.filter(new Term.Connected(Logic.AND, above).rex(this::column, builder));
      }
      rel.project(
          outputs.stream().map(output -> column(output.field())).toList(),
          outputs.stream().map(Layout.Output::label).toList(),
          true);
      return sorted(rel.build());
    }

    /** Scans a node, keeping the rows that the conditions on keys let through. */
    private void scan(int source) {
      builder.scan(sources.get(source).node());
      columns.add(rel.peek().getRowType().getFieldNames());
      Function<Field, RexNode> own = field -> rel.field(index(source, field.column()));
      List<RexNode> below = new ArrayList<>();
      for (Term term : conditions) {
        if (isBelow(term, source)) {
          below.add(term.rex(own, builder));
        }
      }
      if (!below.isEmpty()) {
        rel.filter(below);
      }
    }

    private int index(int source, String column) {
      List<String> names = columns.get(source);
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).equalsIgnoreCase(column)) {
          return i;
        }
      }
      throw new DataNodeException(
          SqlState.UNDEFINED_COLUMN,
          "Column '" + column + "' is no longer in node '" + sources.get(source).node() + "'");
    }

    private void join(int source) {
      Joined joined = sources.get(source);
      List<RexNode> equal = new ArrayList<>();
      for (String key : joined.on()) {
        equal.add(rel.equals(rel.field(2, 0, index(0, key)), rel.field(2, 1, index(source, key))));
      }
      rel.join(
          joined.type() == JoinType.FULL
              ? JoinRelType.FULL
              : joined.type() == JoinType.LEFT ? JoinRelType.LEFT : JoinRelType.INNER,
          equal);
    }

    /** A column above all joins; a merged key is that of the first side that has one. */
    private RexNode column(Field field) {
      if (!field.isMerged()) {
        return at(field.source(), field.column());
      }
      List<RexNode> sides = new ArrayList<>();
      sides.add(at(0, field.column()));
      for (int i = 1; i < sources.size(); i++) {
        if (sources.get(i).type() == JoinType.FULL
            && sources.get(i).on().contains(field.column())) {
          sides.add(at(i, field.column()));
        }
      }
      return first(sides);
    }

    /** The first that is not NULL, as COALESCE in SQL is planned. */
    private RexNode first(List<RexNode> sides) {
      if (sides.size() == 1) {
        return sides.get(0);
      }
      List<RexNode> cases = new ArrayList<>();
      for (RexNode side : sides.subList(0, sides.size() - 1)) {
        cases.add(rel.isNotNull(side));
        cases.add(side);
      }
      cases.add(sides.get(sides.size() - 1));
      return rel.call(SqlStdOperatorTable.CASE, cases);
    }

    private RexNode at(int source, String column) {
      int before = 0;
      for (int i = 0; i < source; i++) {
        before += columns.get(i).size();
      }
      return rel.field(before + index(source, column));
    }

    /** True if a side of the joins may be filtered before it is joined. */
    private boolean isBelow(Term term, int source) {
      Set<String> keys = keysOf(term);
      if (keys.isEmpty() || sources.size() == 1) {
        return false;
      }
      if (source == 0 || sources.get(source).type() == JoinType.FULL) {
        return isWhollyBelow(term);
      }
      // What matches has the keys of the base, of which the condition is asked above.
      return sources.get(source).on().containsAll(keys);
    }

    /**
     * True if filtering each side of the full joins by a condition on merged keys is the same as
     * filtering the rows: rows that match have the same keys, so a side never loses the match of a
     * row that stays.
     */
    private boolean isWhollyBelow(Term term) {
      Set<String> keys = keysOf(term);
      List<Joined> full = fullJoins();
      return !keys.isEmpty()
          && !full.isEmpty()
          && full.stream().allMatch(join -> join.on().containsAll(keys));
    }

    private RelNode sorted(RelNode rows) {
      List<Field> shown = outputs.stream().map(Layout.Output::field).toList();
      List<RelFieldCollation> collations = new ArrayList<>();
      for (Field field : order) {
        collations.add(
            new RelFieldCollation(
                shown.indexOf(field),
                RelFieldCollation.Direction.ASCENDING,
                RelFieldCollation.NullDirection.LAST));
      }
      if (collations.isEmpty() && !offset && !limit) {
        return rows;
      }
      int last = parameters.size() - 1;
      return LogicalSort.create(
          rows,
          RelCollations.of(collations),
          offset ? builder.parameter(limit ? last - 1 : last) : null,
          limit ? builder.parameter(last) : null);
    }
  }

  /** The keys a term is about; empty if it is about other columns too. */
  private static Set<String> keysOf(Term term) {
    Set<Field> fields = new HashSet<>();
    term.fields(fields::add);
    return fields.stream().allMatch(Field::isMerged)
        ? fields.stream().map(Field::column).collect(Collectors.toSet())
        : Set.of();
  }

  /** What the query log shows. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("SEARCH ").append(sources.get(0).node());
    for (Joined join : sources.subList(1, sources.size())) {
      text.append(" ")
          .append(join.type())
          .append(" JOIN ")
          .append(join.node())
          .append(" ON ")
          .append(join.on());
    }
    if (!conditions.isEmpty()) {
      text.append(" WHERE ")
          .append(conditions.stream().map(Term::toString).collect(Collectors.joining(" AND ")));
    }
    if (!order.isEmpty()) {
      text.append(" ORDER BY ").append(order.stream().map(Field::column).toList());
    }
    if (limit) {
      text.append(" LIMIT ?");
    }
    return text.append(offset ? " OFFSET ?" : "").toString();
  }
}
