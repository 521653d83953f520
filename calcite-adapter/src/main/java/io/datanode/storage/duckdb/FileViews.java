package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.Conversion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Views of the embedded database over files, and over tables of which some columns are to be shown
 * as another type. Thread-safe.
 *
 * <p>A view's name comes from what it shows, so a node that is pointed elsewhere gets another view
 * and statements that are running finish on the old one. A view names its columns and their types:
 * files that appear later cannot change the shape of a prepared statement.
 */
final class FileViews {
  private static final String DATABASE = "memory";
  private static final String SCHEMA = "files";

  private final ConnectionPool pool;
  private final Map<TableSource, View> views = new ConcurrentHashMap<>();
  private final Map<TableSource, Object> locks = new ConcurrentHashMap<>();
  private boolean schemaMade;

  FileViews(ConnectionPool pool) {
    this.pool = pool;
  }

  /**
   * The view of a source with the columns it has now; made or changed if need be.
   *
   * @param from what stands after FROM to read the source as it is stored
   * @param hidden columns to leave out
   * @throws DataNodeException 58030 if the files are missing or unreadable
   */
  View define(Introspection introspection, TableSource source, String from, List<String> hidden) {
    List<NativeColumn> stored = introspection.describe("SELECT * FROM " + from);
    List<NativeColumn> shown = new ArrayList<>();
    String select = select(introspection.where(), source, stored, from, hidden, shown);
    synchronized (locks.computeIfAbsent(source, key -> new Object())) {
      View known = views.get(source);
      if (known != null && known.select().equals(select)) {
        return known;
      }
      makeSchema(introspection);
      String name = Names.derived(source.toString(), definition(source));
      List<String> path = List.of(DATABASE, SCHEMA, name);
      introspection.run("CREATE OR REPLACE VIEW " + Names.quoted(path) + " AS " + select);
      View made = new View(path, select, List.copyOf(shown));
      views.put(source, made);
      if (known != null) {
        pool.shapesChanged();
      }
      return made;
    }
  }

  private static String select(
      String where,
      TableSource source,
      List<NativeColumn> columns,
      String from,
      List<String> hidden,
      List<NativeColumn> visible) {
    Set<String> unseen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    unseen.addAll(hidden);
    List<String> shown = new ArrayList<>();
    for (NativeColumn column : columns) {
      if (!unseen.contains(column.name())) {
        String name = Names.quoted(column.name());
        Conversion conversion = source.conversions().get(column.name());
        String expression =
            conversion == null
                ? shown(name, column.type())
                : converted(where, name, column, conversion);
        shown.add(expression.equals(name) ? name : expression + " AS " + name);
        visible.add(
            conversion == null
                ? column
                : new NativeColumn(
                    column.name(), NativeTypes.nativeType(conversion.type()), column.nullable()));
      }
    }
    if (shown.isEmpty()) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR, where + ": " + source + " shows no column");
    }
    return "SELECT " + String.join(", ", shown) + " FROM " + from;
  }

  /** The column with its type written down; DuckDB drops a cast that changes nothing. */
  private static String shown(String name, String type) {
    String other = NativeTypes.shownAs(type);
    if (other != null) {
      return "CAST(" + name + " AS " + other + ")";
    }
    return type.matches("[A-Z_]+( WITH TIME ZONE)?|DECIMAL\\([0-9, ]+\\)")
        ? "CAST(" + name + " AS " + type + ")"
        : name;
  }

  private static String converted(
      String where, String name, NativeColumn column, Conversion conversion) {
    ColumnType type = conversion.type();
    if (conversion.epoch() == null) {
      return "CAST(" + name + " AS " + NativeTypes.nativeType(type) + ")";
    }
    String stored = column.type().toUpperCase(Locale.ROOT);
    boolean fractional =
        stored.equals("DOUBLE") || stored.equals("FLOAT") || stored.startsWith("DECIMAL(");
    if (!fractional && !stored.endsWith("INT") && !stored.endsWith("INTEGER")) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          where
              + ": column '"
              + column.name()
              + "' is declared as "
              + conversion.epoch().token()
              + " since 1970 but is stored as "
              + column.type()
              + "; expected a number");
    }
    String micros;
    switch (conversion.epoch()) {
      case SECONDS:
        micros = scaled(name, fractional, 1_000_000);
        break;
      case MILLISECONDS:
        micros = scaled(name, fractional, 1_000);
        break;
      case MICROSECONDS:
        micros = scaled(name, fractional, 1);
        break;
      default:
        if (type.nanoseconds()) {
          return "CAST(make_timestamp_ns("
              + scaled(name, fractional, 1)
              + ") AS "
              + NativeTypes.nativeType(type)
              + ")";
        }
        micros = "(" + scaled(name, fractional, 1) + " // 1000)";
    }
    String instant = "make_timestamptz(" + micros + ")";
    return type.kind() == ColumnType.Kind.INSTANT && !type.nanoseconds()
        ? instant
        : "CAST(" + instant + " AS " + NativeTypes.nativeType(type) + ")";
  }

  private static String scaled(String name, boolean fractional, long factor) {
    if (fractional) {
      return "CAST(round(" + name + " * " + factor + ") AS BIGINT)";
    }
    String whole = "CAST(" + name + " AS BIGINT)";
    return factor == 1 ? whole : whole + " * " + factor;
  }

  private synchronized void makeSchema(Introspection introspection) {
    if (!schemaMade) {
      introspection.run("CREATE SCHEMA IF NOT EXISTS " + Names.quoted(List.of(DATABASE, SCHEMA)));
      schemaMade = true;
    }
  }

  /** All that makes two sources different, in one order. */
  private static String definition(TableSource source) {
    String conversions = new TreeMap<>(source.conversions()).toString();
    if (source instanceof TableSource.Files files) {
      return files.format()
          + "\n"
          + String.join("\n", files.globs())
          + "\n"
          + files.hivePartitioned()
          + files.hidden()
          + conversions;
    }
    return ((TableSource.Table) source).path() + conversions;
  }

  /**
   * A view over files.
   *
   * @param path its name
   * @param select its definition
   * @param columns its columns
   */
  record View(List<String> path, String select, List<NativeColumn> columns) {}
}
