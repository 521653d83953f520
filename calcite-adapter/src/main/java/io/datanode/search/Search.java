package io.datanode.search;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.DataNode;
import io.datanode.predicate.Logic;
import io.datanode.predicate.Predicate;
import io.datanode.schema.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose nodes and columns are found and whose values are checked: what {@code engine}
 * runs, page by page. Immutable.
 */
public final class Search implements OrderedRows {
  /** More rows than there are; DuckDB refuses to skip many more. */
  private static final long MAX_OFFSET = 1L << 60;

  private final Layout layout;
  private final List<Term> conditions;
  private final List<ColumnType> types;
  private final List<@Nullable Object> values;
  private final List<Field> order;

  private Search(
      Layout layout, List<Term> conditions, List<ColumnType> types, List<@Nullable Object> values) {
    this.layout = layout;
    this.conditions = conditions;
    this.types = types;
    this.values = values;
    this.order = layout.order();
  }

  /**
   * Finds out what a request means.
   *
   * @param nodes asked for the nodes of the request and no others
   * @throws InvalidSearchException with the place in the request: 42P01 for a node and 42703 for a
   *     column that is not there, 42804 for one that cannot be asked this, 22xxx for a value that
   *     cannot be compared with its column
   */
  public static Search of(SearchRequest request, Nodes nodes) {
    Layout layout = new Layout(request, nodes);
    FilterTranslator.Parameters parameters = new FilterTranslator.Parameters();
    List<Term> conditions = new ArrayList<>();
    Predicate filter = request.filter();
    if (filter != null) {
      Term term = new FilterTranslator(layout, parameters).term(filter, "/filter");
      addConjuncts(term, conditions);
    }
    return new Search(
        layout, List.copyOf(conditions), List.copyOf(parameters.types()), parameters.values());
  }

  private static void addConjuncts(Term term, List<Term> all) {
    if (term instanceof Term.Connected connected && connected.logic() == Logic.AND) {
      connected.items().forEach(item -> addConjuncts(item, all));
    } else {
      all.add(term);
    }
  }

  @Override
  public Page page(long rows, long offset) {
    return page(conditions, types, values, order, rows, Math.min(offset, MAX_OFFSET));
  }

  @Override
  public @Nullable Page unordered() {
    if (layout.sources().size() > 1 || layout.sources().get(0).node().stitched()) {
      return null;
    }
    return page(conditions, types, values, List.of(), Long.MAX_VALUE, 0);
  }

  @Override
  public Page page(long rows, Position after) {
    List<Term> all = new ArrayList<>(conditions);
    List<ColumnType> allTypes = new ArrayList<>(types);
    List<@Nullable Object> allValues = new ArrayList<>(values);
    int first = allTypes.size();
    for (int i = 0; i < order.size(); i++) {
      allTypes.add(layout.column(order.get(i)).type());
      allValues.add(after.values().get(i));
    }
    boolean inclusive = after.delivered() > 0;
    Field leading = order.get(0);
    if (after.values().get(0) == null) {
      all.add(new Term.Missing(leading, true));
    } else {
      all.add(new Term.NotBefore(leading, first));
    }
    all.add(new Term.After(order, first, inclusive));
    return page(all, allTypes, allValues, order, rows, after.delivered());
  }

  private Page page(
      List<Term> terms,
      List<ColumnType> parameterTypes,
      List<@Nullable Object> parameterValues,
      List<Field> orderedBy,
      long rows,
      long offset) {
    List<ColumnType> allTypes = new ArrayList<>(parameterTypes);
    List<@Nullable Object> allValues = new ArrayList<>(parameterValues);
    if (offset > 0) {
      allTypes.add(ColumnType.BIGINT);
      allValues.add(offset);
    }
    boolean limited = rows < Long.MAX_VALUE;
    if (limited) {
      allTypes.add(ColumnType.BIGINT);
      allValues.add(rows);
    }
    List<SearchQuery.Joined> sources =
        layout.sources().stream()
            .map(each -> new SearchQuery.Joined(each.node().node().name(), each.type(), each.on()))
            .toList();
    return new Page(
        new SearchQuery(sources, terms, layout.outputs(), orderedBy, offset > 0, limited, allTypes),
        allValues);
  }

  @Override
  public List<Integer> orderColumns() {
    List<Field> shown = layout.outputs().stream().map(Layout.Output::field).toList();
    return order.stream().map(shown::indexOf).toList();
  }

  @Override
  public boolean rowsDiffer() {
    return layout.indexIsUnique();
  }

  /** The index vector of the result, the time first. */
  public List<String> indexNames() {
    return layout.indexNames();
  }

  /** 0 for joins, which would be joined again for each portion. */
  @Override
  public int portion() {
    if (layout.sources().size() > 1) {
      return 0;
    }
    return OrderedRows.portion(layout.sources().get(0).node().storage().dialect().firstRows());
  }

  @Override
  public int valueCount() {
    return values.stream().mapToInt(value -> value instanceof List<?> list ? list.size() : 1).sum();
  }

  @Override
  public List<DataNode> nodes() {
    return layout.sources().stream().map(source -> source.node().node()).toList();
  }

  /**
   * What a client needs to know of the nodes to restore the types of values, by the alias that
   * prefixes their columns: for each {@code identifier}, {@code storage_hash} and, under {@code
   * sourcetableconfiguration}, {@code time_index_name}, {@code index_names} and {@code
   * column_dtypes_map}. Fit to be written as JSON.
   *
   * @see "mainsequence-sdk, mainsequence/client/models_tdag.py at commit bf26dd41"
   */
  public Map<String, Map<String, Object>> dataNodeStorageMap() {
    return StorageMap.of(layout.sources());
  }
}
