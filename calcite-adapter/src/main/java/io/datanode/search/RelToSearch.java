package io.datanode.search;

import io.datanode.node.NodeView;
import io.datanode.predicate.Condition;
import io.datanode.predicate.F;
import io.datanode.predicate.Op;
import io.datanode.predicate.Predicate;
import io.datanode.schema.NodeTable;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Says a query of SQL as the search request that asks for the same rows. A search gives all columns
 * of its nodes in the order of their index vector, so a query that computes, groups or sorts
 * otherwise has none.
 */
public final class RelToSearch {
  private final SearchValues values;

  private RelToSearch(SearchValues values) {
    this.values = values;
  }

  /**
   * A query as a search.
   *
   * @param request asks for its rows
   * @param columns what the columns of the query are called in the result of the search
   */
  public record Said(SearchRequest request, List<String> columns) {
    public Said {
      columns = List.copyOf(columns);
    }
  }

  /**
   * The search of a query.
   *
   * @param rel as the rules of the session left it: times are instants, nothing is placed yet
   * @param parameters values of its parameters, by place from 0
   * @throws NoSearchException if there is none, saying why
   */
  public static Said of(RelNode rel, IntFunction<@Nullable Object> parameters) {
    return new RelToSearch(new SearchValues(parameters)).said(rel);
  }

  /** What a search lacks if the value of a parameter is not given; {@code number} is from 1. */
  public static NoSearchException unknownParameter(int number) {
    return new NoSearchException("parameter " + number + " has no value");
  }

  /** A column of what is being said; {@code name} is null for one that is computed. */
  private record Column(@Nullable String name, int source, String shown) {}

  /** A node that is scanned. */
  private record Source(ResolvedNode node, String alias) {}

  /** Rows of joined nodes that meet conditions. */
  private record Rows(
      List<Source> sources,
      List<JoinSpec> joins,
      List<Predicate> conditions,
      List<Column> columns) {}

  private Said said(RelNode rel) {
    RelNode top = rel;
    Sort sort = null;
    List<Integer> shown = null;
    if (top instanceof Project project && project.getInput() instanceof Sort) {
      shown = references(project);
      top = project.getInput();
    }
    if (top instanceof Sort found) {
      sort = found;
      top = found.getInput();
    }
    Rows rows = rows(top);
    SearchRequest request =
        new SearchRequest(
            target(rows.sources().get(0).node()),
            rows.joins(),
            conjunction(rows.conditions()),
            sort == null || sort.fetch == null
                ? SearchRequest.MAX_LIMIT
                : values.count(sort.fetch, "LIMIT"),
            sort == null || sort.offset == null ? 0 : values.count(sort.offset, "OFFSET"));
    if (sort != null) {
      checkOrder(sort.getCollation().getFieldCollations(), rows);
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < (shown == null ? rows.columns().size() : shown.size()); i++) {
      columns.add(label(rows.columns().get(shown == null ? i : shown.get(i)), rows));
    }
    return new Said(request, columns);
  }

  private static List<Integer> references(Project project) {
    List<Integer> references = new ArrayList<>();
    for (int i = 0; i < project.getProjects().size(); i++) {
      if (!(project.getProjects().get(i) instanceof RexInputRef reference)) {
        throw computed(project.getRowType().getFieldNames().get(i));
      }
      references.add(reference.getIndex());
    }
    return references;
  }

  private static NoSearchException computed(String column) {
    return new NoSearchException(
        "column '" + column + "' is computed, and a search gives columns of nodes only");
  }

  private static Target target(ResolvedNode node) {
    return Target.node(node.node().name().toString());
  }

  private static @Nullable Predicate conjunction(List<Predicate> conditions) {
    if (conditions.isEmpty()) {
      return null;
    }
    return conditions.size() == 1 ? conditions.get(0) : F.and(conditions.toArray(Predicate[]::new));
  }

  /** A search sorts by the index vector of its base, upwards. */
  private static void checkOrder(List<RelFieldCollation> order, Rows rows) {
    List<String> index = Layout.indexNames(rows.sources().get(0).node());
    for (int i = 0; i < order.size(); i++) {
      RelFieldCollation key = order.get(i);
      Column column = rows.columns().get(key.getFieldIndex());
      boolean same =
          i < index.size()
              && column.source() == 0
              && index.get(i).equalsIgnoreCase(column.name())
              && !key.getDirection().isDescending()
              && key.nullDirection != RelFieldCollation.NullDirection.FIRST;
      if (!same) {
        throw new NoSearchException("it is sorted otherwise than by " + String.join(", ", index));
      }
    }
  }

  private static String label(Column column, Rows rows) {
    String name = column.name();
    if (name == null) {
      throw computed(column.shown());
    }
    boolean key =
        containsIgnoringCase(Layout.indexNames(rows.sources().get(0).node()), name)
            || rows.joins().stream().anyMatch(join -> containsIgnoringCase(join.on(), name));
    if (key && column.source() == 0) {
      return name;
    }
    String alias = rows.sources().get(column.source()).alias();
    return alias + "__" + name;
  }

  private static boolean containsIgnoringCase(List<String> names, String name) {
    return names.stream().anyMatch(each -> each.equalsIgnoreCase(name));
  }

  private Rows rows(RelNode rel) {
    if (rel instanceof TableScan scan) {
      return scanned(scan);
    } else if (rel instanceof Project project) {
      Rows input = rows(project.getInput());
      List<Column> columns = new ArrayList<>();
      for (int i = 0; i < project.getProjects().size(); i++) {
        columns.add(
            project.getProjects().get(i) instanceof RexInputRef reference
                ? input.columns().get(reference.getIndex())
                : new Column(null, 0, project.getRowType().getFieldNames().get(i)));
      }
      return new Rows(input.sources(), input.joins(), input.conditions(), columns);
    } else if (rel instanceof Filter filter) {
      Rows input = rows(filter.getInput());
      List<Predicate> conditions = new ArrayList<>(input.conditions());
      SearchConditions said =
          new SearchConditions(values, index -> field(input.columns().get(index), input));
      conditions.addAll(said.all(RelOptUtil.conjunctions(filter.getCondition())));
      return new Rows(input.sources(), input.joins(), conditions, input.columns());
    } else if (rel instanceof Join join && !(rel instanceof AsofJoin)) {
      return joined(join);
    }
    throw new NoSearchException(why(rel));
  }

  private static String why(RelNode rel) {
    switch (rel.getRelTypeName()) {
      case "LogicalAggregate":
        return "it groups rows";
      case "LogicalSort":
        return "it limits or sorts rows below its top";
      case "AsofMatch":
        return "it has an as-of join";
      case "LogicalValues":
        return "its rows are of no node";
      default:
        return "a search knows no "
            + rel.getRelTypeName().replace("Logical", "").toUpperCase(Locale.ROOT);
    }
  }

  private static Rows scanned(TableScan scan) {
    NodeTable table = scan.getTable().unwrap(NodeTable.class);
    if (table == null) {
      throw new NoSearchException(
          String.join(".", scan.getTable().getQualifiedName()) + " is no node");
    }
    if (table.view() != NodeView.NEWEST) {
      throw new NoSearchException(
          "a search reads no other rows of a node than its newest versions");
    }
    List<Column> columns = new ArrayList<>();
    scan.getRowType().getFieldNames().forEach(name -> columns.add(new Column(name, 0, name)));
    return new Rows(
        List.of(new Source(table.node(), JoinSpec.BASE)), List.of(), List.of(), columns);
  }

  /** How a condition names a column: a plain name is the base's, or that of both sides. */
  private static String field(Column column, Rows rows) {
    String name = column.name();
    if (name == null) {
      throw computed(column.shown());
    }
    if (column.source() > 0) {
      return rows.sources().get(column.source()).alias() + "." + name;
    }
    boolean merged = rows.joins().stream().anyMatch(join -> join.type() == JoinType.FULL);
    return merged ? JoinSpec.BASE + "." + name : name;
  }

  private Rows joined(Join join) {
    Rows left = rows(join.getLeft());
    Rows right = rows(join.getRight());
    if (right.sources().size() > 1) {
      throw new NoSearchException("a join of a search is of one node to the first node");
    }
    JoinType type = type(join.getJoinType());
    if (!right.conditions().isEmpty() || (type == JoinType.FULL && !left.conditions().isEmpty())) {
      throw new NoSearchException("a search asks its conditions after all joins");
    }
    List<Source> sources = new ArrayList<>(left.sources());
    Source source = new Source(right.sources().get(0).node(), alias(left, right));
    sources.add(source);
    List<Column> columns = new ArrayList<>(left.columns());
    for (Column column : right.columns()) {
      columns.add(new Column(column.name(), sources.size() - 1, column.shown()));
    }
    List<JoinSpec> joins = new ArrayList<>(left.joins());
    joins.add(
        new JoinSpec(
            source.alias(), target(source.node()), type, keys(join.getCondition(), columns)));
    return new Rows(sources, joins, left.conditions(), columns);
  }

  private static JoinType type(JoinRelType type) {
    switch (type) {
      case INNER:
        return JoinType.INNER;
      case LEFT:
        return JoinType.LEFT;
      case FULL:
        return JoinType.FULL;
      default:
        throw new NoSearchException("a search has no " + type + " join");
    }
  }

  private static String alias(Rows left, Rows right) {
    String name = right.sources().get(0).node().node().name().identifier().replace('.', '_');
    Set<String> taken = new HashSet<>();
    left.sources().forEach(source -> taken.add(source.alias()));
    String alias = name;
    for (int i = 2; taken.contains(alias); i++) {
      alias = name + "_" + i;
    }
    return alias;
  }

  /** The columns that are equal on both sides under the same name. */
  private static List<String> keys(RexNode condition, List<Column> columns) {
    List<String> keys = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(condition)) {
      List<RexNode> sides = term.isA(SqlKind.EQUALS) ? ((RexCall) term).getOperands() : List.of();
      if (sides.size() != 2
          || !(sides.get(0) instanceof RexInputRef one)
          || !(sides.get(1) instanceof RexInputRef other)) {
        throw keysDiffer();
      }
      Column first = columns.get(Math.min(one.getIndex(), other.getIndex()));
      Column second = columns.get(Math.max(one.getIndex(), other.getIndex()));
      String name = first.name();
      if (first.source() != 0 || name == null || !name.equalsIgnoreCase(second.name())) {
        throw keysDiffer();
      }
      keys.add(name);
    }
    if (keys.isEmpty()) {
      throw keysDiffer();
    }
    return Collections.unmodifiableList(keys);
  }

  private static NoSearchException keysDiffer() {
    return new NoSearchException(
        "a search joins where columns of the same name are equal, and in no other way");
  }

  /** Conditions on one field with one operator, if they are all that. */
  static @Nullable String commonField(List<Predicate> items, Op op) {
    String field = null;
    for (Predicate item : items) {
      if (!(item instanceof Condition condition)
          || condition.op() != op
          || (field != null && !field.equals(condition.field()))) {
        return null;
      }
      field = condition.field();
    }
    return field;
  }
}
