package io.datanode.search;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.node.Nearest;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The nodes of a request, the columns they give together, and what the names in filters mean. */
final class Layout {
  /** Kinds whose values have no order that all storages share. */
  private static final Set<Kind> UNORDERED =
      EnumSet.of(Kind.ARRAY, Kind.JSON, Kind.OTHER, Kind.VARBINARY, Kind.YEAR_MONTH, Kind.DAY_TIME);

  /**
   * A node of the request.
   *
   * @param alias its name in filters and results
   * @param on the columns it is joined on; empty for the base
   */
  record Source(String alias, ResolvedNode node, @Nullable JoinType type, List<String> on) {}

  /** A column of the result. */
  record Output(String label, Field field) {}

  private final List<Source> sources = new ArrayList<>();
  private final List<String> indexNames;
  private final Set<String> keys = new LinkedHashSet<>();
  private final List<Output> outputs = new ArrayList<>();

  /**
   * The layout of a request.
   *
   * @throws InvalidSearchException 42P01, 42703 or 42804 for a node or key that is not there, or
   *     keys that cannot be equal
   */
  Layout(SearchRequest request, Nodes nodes) {
    NodeLookup lookup = new NodeLookup(nodes);
    ResolvedNode base = lookup.find(request.target(), "");
    sources.add(new Source(JoinSpec.BASE, base, null, List.of()));
    List<String> index = indexNames(base);
    keys.addAll(index);
    List<JoinType> types = effectiveTypes(request.joins());
    for (int i = 0; i < request.joins().size(); i++) {
      JoinSpec join = request.joins().get(i);
      String pointer = "/joins/" + i;
      ResolvedNode node = lookup.find(join.target(), pointer);
      List<String> on = new ArrayList<>();
      for (int k = 0; k < join.on().size(); k++) {
        on.add(key(base, node, join.on().get(k), pointer + "/on/" + k));
      }
      keys.addAll(on);
      sources.add(new Source(join.name(), node, types.get(i), List.copyOf(on)));
    }
    this.indexNames =
        !index.isEmpty() ? index : sources.size() > 1 ? sources.get(1).on() : List.of();
    addOutputs();
  }

  /** Time index and identity, the time first. */
  static List<String> indexNames(ResolvedNode node) {
    List<String> names = new ArrayList<>();
    if (node.timeIndex() != null) {
      names.add(node.timeIndex());
    }
    names.addAll(node.identity());
    return names;
  }

  /**
   * The types of joins, a full join before an inner one being a left join: every join is to the
   * base, so the inner one drops the rows without a base that the full one adds.
   */
  private static List<JoinType> effectiveTypes(List<JoinSpec> joins) {
    int lastInner = -1;
    for (int i = 0; i < joins.size(); i++) {
      lastInner = joins.get(i).type() == JoinType.INNER ? i : lastInner;
    }
    List<JoinType> types = new ArrayList<>();
    for (int i = 0; i < joins.size(); i++) {
      JoinType type = joins.get(i).type();
      types.add(type == JoinType.FULL && i < lastInner ? JoinType.LEFT : type);
    }
    return types;
  }

  private static String key(ResolvedNode base, ResolvedNode joined, String name, String pointer) {
    NodeColumn left = column(base, name, pointer);
    NodeColumn right = column(joined, name, pointer);
    Kind leftKind = left.type().kind();
    Kind rightKind = right.type().kind();
    boolean comparable =
        !UNORDERED.contains(leftKind)
            && (leftKind == rightKind || (leftKind.isNumber() && rightKind.isNumber()));
    if (!comparable) {
      throw new InvalidSearchException(
          SqlState.DATATYPE_MISMATCH,
          pointer,
          "Column '"
              + name
              + "' is "
              + left.dtype()
              + " in node '"
              + base.node().name()
              + "' and "
              + right.dtype()
              + " in node '"
              + joined.node().name()
              + "'; keys of a join must have one type");
    }
    return left.name();
  }

  private static NodeColumn column(ResolvedNode node, String name, String pointer) {
    return node.column(name).orElseThrow(() -> unknown(node, name, pointer));
  }

  private static InvalidSearchException unknown(ResolvedNode node, String name, String pointer) {
    return new InvalidSearchException(
        SqlState.UNDEFINED_COLUMN,
        pointer,
        "Column '"
            + name
            + "' is not in node '"
            + node.node().name()
            + "'"
            + Nearest.hint(
                name, "its columns", node.columns().stream().map(NodeColumn::name).toList()));
  }

  private void addOutputs() {
    Map<String, Integer> labels = new HashMap<>();
    Set<String> unprefixed = new LinkedHashSet<>(indexNames);
    unprefixed.addAll(keys);
    unprefixed.forEach(name -> output(name, Field.merged(name), labels));
    for (int source = 0; source < sources.size(); source++) {
      Source each = sources.get(source);
      for (NodeColumn column : each.node().columns()) {
        boolean key =
            source == 0
                ? keys.contains(column.name())
                : each.on().stream().anyMatch(column.name()::equalsIgnoreCase);
        if (!key) {
          output(each.alias() + "__" + column.name(), new Field(source, column.name()), labels);
        }
      }
    }
  }

  private void output(String label, Field field, Map<String, Integer> labels) {
    Integer other = labels.putIfAbsent(label, field.source());
    if (other != null) {
      throw InvalidSearchException.rule(
          "/joins/" + (Math.max(other, field.source()) - 1) + "/name",
          "Two columns of the result would be called '" + label + "'; choose another name");
    }
    outputs.add(new Output(label, field));
  }

  List<Source> sources() {
    return sources;
  }

  /** The index vector of the result. */
  List<String> indexNames() {
    return indexNames;
  }

  List<Output> outputs() {
    return outputs;
  }

  /** The column of a field; that of the base for a merged key. */
  NodeColumn column(Field field) {
    ResolvedNode node = sources.get(Math.max(0, field.source())).node();
    return node.column(field.column()).orElseThrow();
  }

  /**
   * The order of the rows: by the index vector, then, unless the storages see to it that no two
   * rows have the same index, by all other columns that have an order.
   */
  List<Field> order() {
    Set<Field> order = new LinkedHashSet<>();
    indexNames.forEach(name -> order.add(Field.merged(name)));
    if (!indexIsUnique()) {
      outputs.stream()
          .map(Output::field)
          .filter(field -> !UNORDERED.contains(column(field).type().kind()))
          .forEach(order::add);
    }
    return List.copyOf(order);
  }

  /** True if the storages of the nodes allow no two rows with one index. */
  boolean indexIsUnique() {
    boolean unique = sources.get(0).node().enforcesUnique(indexNames, List.of());
    long full = 0;
    for (Source join : sources.subList(1, sources.size())) {
      List<String> on =
          join.on().stream()
              .map(join.node()::column)
              .flatMap(Optional::stream)
              .map(NodeColumn::name)
              .toList();
      unique &= join.node().enforcesUnique(on, List.of());
      if (join.type() == JoinType.FULL) {
        full++;
        // Rows without a base have no other index columns than these.
        unique &= Set.copyOf(join.on()).containsAll(indexNames);
      }
    }
    return unique && full <= 1;
  }

  /**
   * What a name in a filter means: a key of the result, a column of the base, or, after the name of
   * a join and a dot, a column of that join.
   *
   * @throws InvalidSearchException 42703 with the nearest names
   */
  Field field(String name, String pointer) {
    List<Integer> byLength = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      byLength.add(i);
    }
    byLength.sort(Comparator.comparing((Integer i) -> -sources.get(i).alias().length()));
    ResolvedNode base = sources.get(0).node();
    for (int source : byLength) {
      String prefix = sources.get(source).alias() + ".";
      if (name.startsWith(prefix)) {
        ResolvedNode node = sources.get(source).node();
        Optional<NodeColumn> column = node.column(name.substring(prefix.length()));
        if (column.isPresent()) {
          return new Field(source, column.get().name());
        }
        if (base.column(name).isEmpty()) {
          throw unknown(node, name.substring(prefix.length()), pointer);
        }
      }
    }
    Optional<NodeColumn> column = base.column(name);
    if (column.isPresent()) {
      String found = column.get().name();
      return keys.contains(found) ? Field.merged(found) : new Field(0, found);
    }
    throw unknownField(name, pointer);
  }

  private InvalidSearchException unknownField(String name, String pointer) {
    int dot = name.indexOf('.');
    if (dot > 0) {
      List<String> aliases = sources.stream().map(Source::alias).toList();
      return new InvalidSearchException(
          SqlState.UNDEFINED_COLUMN,
          pointer,
          "'"
              + name.substring(0, dot)
              + "' in '"
              + name
              + "' is no join of this request"
              + Nearest.hint(name.substring(0, dot), "names", aliases));
    }
    for (Source join : sources.subList(1, sources.size())) {
      Optional<NodeColumn> column = join.node().column(name);
      if (column.isPresent()) {
        return new InvalidSearchException(
            SqlState.UNDEFINED_COLUMN,
            pointer,
            "Column '"
                + name
                + "' is not in node '"
                + sources.get(0).node().node().name()
                + "'; did you mean '"
                + join.alias()
                + "."
                + column.get().name()
                + "'?");
      }
    }
    return unknown(sources.get(0).node(), name, pointer);
  }
}
