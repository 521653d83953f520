package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.Conversion;
import io.datanode.node.TableSource.FileFormat;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
  private boolean schemaMade;

  FileViews(ConnectionPool pool) {
    this.pool = pool;
  }

  /**
   * The view of a source with the columns it has now; made or changed if need be.
   *
   * @param from what stands after FROM to read the source as it is stored
   * @throws DataNodeException 58030 if the files are missing or unreadable
   */
  synchronized View define(String where, TableSource source, String from, List<String> hidden) {
    List<NativeColumn> columns = stored(where, from);
    String select = select(where, source, columns, from, hidden);
    View known = views.get(source);
    if (known != null && known.select().equals(select)) {
      return known;
    }
    makeSchema(where);
    List<String> path =
        List.of(DATABASE, SCHEMA, Names.derived(source.toString(), definition(source)));
    pool.run(where, "CREATE OR REPLACE VIEW " + Names.quoted(path) + " AS " + select);
    View made = new View(path, select, described(where, "DESCRIBE " + Names.quoted(path)));
    views.put(source, made);
    pool.shapesChanged();
    return made;
  }

  /** What stands after FROM to read files. */
  static String reader(TableSource.Files files) {
    StringBuilder call = new StringBuilder();
    call.append(files.format() == FileFormat.PARQUET ? "read_parquet(" : "read_csv(");
    call.append(Names.literals(files.globs()));
    call.append(", union_by_name = true, hive_partitioning = ").append(files.hivePartitioned());
    if (files.format() == FileFormat.CSV) {
      // An empty field is NULL, a quoted empty field is the empty string. Types are found by
      // reading everything: a column whose first letter comes late is text all the same.
      call.append(", allow_quoted_nulls = false, sample_size = -1");
    }
    return call.append(")").toString();
  }

  private List<NativeColumn> stored(String where, String from) {
    return described(where, "DESCRIBE SELECT * FROM " + from);
  }

  private List<NativeColumn> described(String where, String describe) {
    PooledConnection connection = pool.borrow();
    try {
      List<NativeColumn> columns = new ArrayList<>();
      for (List<String> row : connection.rows(describe)) {
        columns.add(new NativeColumn(row.get(0), row.get(1), !"NO".equals(row.get(2))));
      }
      return columns;
    } catch (SQLException e) {
      throw DuckDbErrors.translate(where, e);
    } finally {
      pool.release(connection);
    }
  }

  private static String select(
      String where,
      TableSource source,
      List<NativeColumn> columns,
      String from,
      List<String> hidden) {
    Set<String> unseen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    unseen.addAll(hidden);
    List<String> shown = new ArrayList<>();
    for (NativeColumn column : columns) {
      if (!unseen.contains(column.name())) {
        String name = Names.quoted(column.name());
        Conversion conversion = source.conversions().get(column.name());
        String expression =
            conversion == null
                ? pinned(name, column.type())
                : converted(where, name, column, conversion);
        shown.add(expression.equals(name) ? name : expression + " AS " + name);
      }
    }
    if (shown.isEmpty()) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR, where + ": " + source + " shows no column");
    }
    return "SELECT " + String.join(", ", shown) + " FROM " + from;
  }

  /** The column with its type written down; DuckDB drops a cast that changes nothing. */
  private static String pinned(String name, String type) {
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
    String native_ = column.type().toUpperCase(Locale.ROOT);
    boolean fractional =
        native_.equals("DOUBLE") || native_.equals("FLOAT") || native_.startsWith("DECIMAL(");
    if (!fractional && !native_.endsWith("INT") && !native_.endsWith("INTEGER")) {
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

  private void makeSchema(String where) {
    if (!schemaMade) {
      pool.run(where, "CREATE SCHEMA IF NOT EXISTS " + Names.quoted(List.of(DATABASE, SCHEMA)));
      schemaMade = true;
    }
  }

  /** All that makes two sources different, in one order. */
  private static String definition(TableSource source) {
    String conversions = new java.util.TreeMap<>(source.conversions()).toString();
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

  /**
   * A column as DuckDB describes it.
   *
   * @param type as DESCRIBE prints it
   */
  record NativeColumn(String name, String type, boolean nullable) {}
}
