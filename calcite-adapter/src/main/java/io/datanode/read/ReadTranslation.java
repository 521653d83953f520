package io.datanode.read;

import io.datanode.DataNodeException;
import io.datanode.engine.ParameterValues;
import io.datanode.engine.RelationalCall;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Nearest;
import io.datanode.read.FixedQuery.Answer;
import io.datanode.read.FixedQuery.Bound;
import io.datanode.read.FixedQuery.Edge;
import io.datanode.read.FixedQuery.OneOf;
import io.datanode.read.FixedQuery.Shape;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.ResolvedNode;
import io.datanode.search.InvalidSearchException;
import io.datanode.search.OrderedRows;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the query of a fixed read: its structure, and apart from it the values, checked and in the
 * types of the columns they are compared with.
 */
final class ReadTranslation {
  /** So many values are compared one by one, which storages look up best; more are an array. */
  private static final int FEW = 8;

  /** Types whose order storages do not agree on, or have none for. */
  private static final Set<ColumnType.Kind> UNORDERED =
      EnumSet.of(
          ColumnType.Kind.JSON,
          ColumnType.Kind.ARRAY,
          ColumnType.Kind.VARBINARY,
          ColumnType.Kind.YEAR_MONTH,
          ColumnType.Kind.DAY_TIME,
          ColumnType.Kind.OTHER);

  private final ResolvedNode node;
  private final FixedRead read;
  private final ParameterValues values;
  private final @Nullable NodeColumn time;
  private final List<ColumnType> types = new ArrayList<>();
  private final List<@Nullable Object> bound = new ArrayList<>();

  /**
   * Translation of one read.
   *
   * @param values converts values, times without zone in UTC
   */
  ReadTranslation(ResolvedNode node, FixedRead read, ParameterValues values) {
    this.node = node;
    this.read = read;
    this.values = values;
    this.time = node.timeIndex() == null ? null : node.column(node.timeIndex()).orElseThrow();
  }

  /** The rows asked for, of which the read wants a page. */
  FixedRows rows() {
    List<String> columns = shown();
    List<String> index = columns.subList(0, node.identity().size() + (time == null ? 0 : 1));
    boolean rowsDiffer = node.enforcesUnique(index, List.of());
    List<String> order = rowsDiffer || isWhole() ? index : ordered(columns);
    Answer answer = read.pick() == FixedRead.Pick.ROWS ? Answer.ROWS : Answer.LAST_OBSERVATION;
    FixedQuery query = query(answer, columns, order);
    List<ColumnType> orderTypes = order.stream().map(name -> column("", name).type()).toList();
    // Windows, coordinates and the pick of the last rows would be worked out for each portion.
    boolean plain =
        answer == Answer.ROWS && query.windows().isEmpty() && query.coordinates().isEmpty();
    return new FixedRows(
        node.node(), query, types, bound, orderTypes, rowsDiffer, plain ? portion() : 0);
  }

  /** How far each identity has come, of the rows that meet the conditions. */
  RelationalCall statistics(String id) {
    return new RelationalCall(id, query(Answer.STATISTICS, List.of(), List.of()), bound, 0, 0);
  }

  private FixedQuery query(Answer answer, List<String> columns, List<String> order) {
    if (time == null && answer != Answer.ROWS) {
      throw new InvalidSearchException(
          SqlState.NOT_SUPPORTED, "", nodeHas("no time index, so nothing in it is the last"));
    }
    Bound start = null;
    Bound end = null;
    boolean startIncluded = read.interval().startIncluded();
    boolean endIncluded = read.interval().endIncluded();
    if (read.start() != null) {
      TimeBounds bounds = bounds("/start_date");
      start =
          new Bound(
              startIncluded,
              add(timeType(), bounds.start(exact("/start_date", read.start()), startIncluded)));
    }
    if (read.end() != null) {
      TimeBounds bounds = bounds("/end_date");
      end =
          new Bound(
              endIncluded,
              add(timeType(), bounds.end(exact("/end_date", read.end()), endIncluded)));
    }
    List<OneOf> filters = new ArrayList<>();
    read.dimensionFilters().forEach((name, list) -> filters.add(filter(name, list)));
    List<Shape> coordinates =
        shapes(
            "/index_coordinates",
            read.indexCoordinates().stream()
                .map(each -> new Window(each, null, null, Interval.CLOSED))
                .toList());
    List<Shape> windows = shapes("/dimension_range_map", read.dimensionRangeMap());
    return new FixedQuery(
        node.node().name(),
        answer,
        time == null ? null : time.name(),
        node.identity(),
        columns,
        order,
        start,
        end,
        filters,
        coordinates,
        windows,
        null,
        null,
        null,
        List.copyOf(types));
  }

  private int add(ColumnType type, @Nullable Object value) {
    types.add(type);
    bound.add(value);
    return types.size() - 1;
  }

  private List<String> shown() {
    Set<String> shown = new LinkedHashSet<>();
    if (time != null) {
      shown.add(time.name());
    }
    shown.addAll(node.identity());
    List<String> asked = read.columns();
    if (asked == null) {
      node.columns().forEach(column -> shown.add(column.name()));
    } else {
      for (int i = 0; i < asked.size(); i++) {
        shown.add(column("/columns/" + i, asked.get(i)).name());
      }
    }
    return List.copyOf(shown);
  }

  private int portion() {
    return OrderedRows.portion(node.storage().dialect().firstRows());
  }

  private boolean isWhole() {
    return read.limit() == 0 && read.offset() == 0;
  }

  /**
   * Those columns that have an order. A page whose rows may have the same index is ordered by all
   * of them: pages must not depend on how a storage happens to order such rows.
   */
  private List<String> ordered(List<String> columns) {
    return columns.stream()
        .filter(name -> !UNORDERED.contains(column("", name).type().kind()))
        .toList();
  }

  private NodeColumn column(String pointer, String name) {
    List<String> known = node.columns().stream().map(NodeColumn::name).toList();
    return node.column(name)
        .orElseThrow(
            () ->
                new InvalidSearchException(
                    SqlState.UNDEFINED_COLUMN,
                    pointer,
                    "There is no column '"
                        + name
                        + "' in node '"
                        + node.node().name()
                        + "'"
                        + Nearest.hint(name, "its columns", known)));
  }

  private NodeColumn dimension(String pointer, String name) {
    for (String dimension : node.identity()) {
      if (dimension.equalsIgnoreCase(name)) {
        return column(pointer, dimension);
      }
    }
    throw InvalidSearchException.rule(
        pointer,
        "Unknown identity dimension '" + name + "'; expected one of " + listed(node.identity()));
  }

  /** Names as Python shows a list of them. */
  static String listed(List<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
  }

  private static String key(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private @Nullable Object value(String pointer, @Nullable Object value, ColumnType type) {
    try {
      return values.convert("The value", value, type);
    } catch (InvalidSearchException e) {
      throw e;
    } catch (DataNodeException e) {
      throw new InvalidSearchException(pointer, e);
    }
  }

  private OneOf filter(String name, List<@Nullable Object> list) {
    String pointer = "/dimension_filters" + key(name);
    NodeColumn column = dimension(pointer, name);
    List<@Nullable Object> converted = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      converted.add(value(pointer + "/" + i, list.get(i), column.type()));
    }
    if (converted.isEmpty() || converted.size() > FEW) {
      return new OneOf(column.name(), add(ColumnType.array(column.type()), converted), 0);
    }
    int first = types.size();
    converted.forEach(each -> add(column.type(), each));
    return new OneOf(column.name(), first, converted.size());
  }

  private TimeBounds bounds(String pointer) {
    if (time == null) {
      throw new InvalidSearchException(
          SqlState.NOT_SUPPORTED, pointer, nodeHas("no time index to be bounded"));
    }
    if (!TimeBounds.takes(time.type())) {
      throw new InvalidSearchException(
          SqlState.NOT_SUPPORTED,
          pointer,
          nodeHas(
              "a time index of type "
                  + time.type()
                  + "; only a date or a timestamp can be bounded"));
    }
    return new TimeBounds(time.type());
  }

  private String nodeHas(String what) {
    return "Node '" + node.node().name() + "' has " + what;
  }

  private ColumnType timeType() {
    return column("", String.valueOf(node.timeIndex())).type();
  }

  private Temporal exact(String pointer, Object given) {
    Object exact = value(pointer, given, bounds(pointer).exact());
    return (Temporal) java.util.Objects.requireNonNull(exact);
  }

  /** The windows by what they name. */
  private List<Shape> shapes(String pointer, List<Window> windows) {
    Map<String, Entries> shapes = new LinkedHashMap<>();
    for (int i = 0; i < windows.size(); i++) {
      Window window = windows.get(i);
      String place = pointer + "/" + i;
      String coordinate = pointer.equals("/dimension_range_map") ? place + "/coordinate" : place;
      Map<NodeColumn, @Nullable Object> named = new LinkedHashMap<>();
      window
          .coordinate()
          .forEach(
              (name, value) -> {
                String at = coordinate + key(name);
                NodeColumn column = dimension(at, name);
                named.put(column, value(at, value, column.type()));
              });
      Entries entries = shapes.computeIfAbsent(shapeOf(named), none -> new Entries(named));
      entries.add(named);
      entries.starts.add(first(place, window));
      entries.ends.add(last(place, window));
    }
    return shapes.values().stream().map(Entries::shape).toList();
  }

  private String shapeOf(Map<NodeColumn, @Nullable Object> named) {
    StringBuilder shape = new StringBuilder();
    for (String dimension : node.identity()) {
      char mark = '-';
      for (Map.Entry<NodeColumn, @Nullable Object> each : named.entrySet()) {
        if (each.getKey().name().equals(dimension)) {
          mark = each.getValue() == null ? '0' : '=';
        }
      }
      shape.append(mark);
    }
    return shape.toString();
  }

  private @Nullable Temporal first(String place, Window window) {
    return window.start() == null
        ? null
        : edge(place + "/start_date", window.start(), window.interval().startIncluded(), true);
  }

  private @Nullable Temporal last(String place, Window window) {
    return window.end() == null
        ? null
        : edge(place + "/end_date", window.end(), window.interval().endIncluded(), false);
  }

  private Temporal edge(String pointer, Object given, boolean included, boolean first) {
    TimeBounds bounds = bounds(pointer);
    Temporal exact = exact(pointer, given);
    try {
      return first ? bounds.first(exact, included) : bounds.last(exact, included);
    } catch (DataNodeException e) {
      throw new InvalidSearchException(pointer + "_operand", e);
    }
  }

  /** Coordinates and windows of one shape, column by column. */
  private final class Entries {
    private final Map<NodeColumn, List<Object>> columns = new LinkedHashMap<>();
    private final List<String> nulls = new ArrayList<>();
    private final List<@Nullable Temporal> starts = new ArrayList<>();
    private final List<@Nullable Temporal> ends = new ArrayList<>();

    Entries(Map<NodeColumn, @Nullable Object> named) {
      for (String dimension : node.identity()) {
        named.forEach(
            (column, value) -> {
              if (column.name().equals(dimension)) {
                if (value == null) {
                  nulls.add(dimension);
                } else {
                  columns.put(column, new ArrayList<>());
                }
              }
            });
      }
    }

    void add(Map<NodeColumn, @Nullable Object> named) {
      named.forEach(
          (column, value) -> {
            if (value != null) {
              columns.get(column).add(value);
            }
          });
    }

    Shape shape() {
      List<String> names = new ArrayList<>();
      List<Integer> arrays = new ArrayList<>();
      columns.forEach(
          (column, list) -> {
            names.add(column.name());
            arrays.add(ReadTranslation.this.add(ColumnType.array(column.type()), list));
          });
      return new Shape(names, arrays, List.copyOf(nulls), edge(starts, -1), edge(ends, 1));
    }

    private @Nullable Edge edge(List<@Nullable Temporal> all, int sign) {
      Temporal extreme = null;
      boolean open = false;
      for (Temporal each : all) {
        open |= each == null;
        if (each != null && (extreme == null || compare(each, extreme) * sign > 0)) {
          extreme = each;
        }
      }
      if (extreme == null) {
        return null;
      }
      int array = ReadTranslation.this.add(ColumnType.array(timeType()), all);
      Integer bound = open ? null : (Integer) ReadTranslation.this.add(timeType(), extreme);
      return new Edge(array, !open, bound);
    }
  }

  @SuppressWarnings("unchecked")
  private static int compare(Temporal one, Temporal other) {
    return ((Comparable<Object>) one).compareTo(other);
  }
}
