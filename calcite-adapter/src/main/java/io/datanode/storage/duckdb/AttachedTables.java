package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.TableSource;
import io.datanode.storage.TableDescription;
import io.datanode.storage.TableDescription.StoredForeignKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tables of an attached database. Thread-safe.
 *
 * <p>Keys, comments and sizes are read for all tables at once and remembered: DuckDB goes through
 * all tables anyway when asked for those of one, and what is attached for reading cannot change. So
 * are columns, once those of several tables were asked for, as a tool does that shows them all.
 */
final class AttachedTables {
  /** Separates names in one text; no name has it. */
  private static final String SEPARATOR = "\u001f";

  private static final int DESCRIBED_ONE_BY_ONE = 8;

  private final Introspection introspection;
  private final String database;
  private final AtomicInteger described = new AtomicInteger();
  private @Nullable Facts facts;
  private @Nullable Map<String, List<NativeColumn>> columns;

  AttachedTables(Introspection introspection, String database) {
    this.introspection = introspection;
    this.database = database;
  }

  /** All tables and views, as schema and name. */
  List<TableSource.Table> tables() {
    List<TableSource.Table> tables = new ArrayList<>();
    for (List<String> row :
        introspection.rows(
            "SELECT schema_name, table_name AS name FROM duckdb_tables()"
                + " WHERE database_name = ? AND NOT internal UNION ALL"
                + " SELECT schema_name, view_name FROM duckdb_views()"
                + " WHERE database_name = ? AND NOT internal ORDER BY ALL",
            database,
            database)) {
      tables.add(new TableSource.Table(row));
    }
    return tables;
  }

  TableDescription describe(TableSource.Table table) {
    List<String> path = path(table);
    List<NativeColumn> columns = null;
    if (described.incrementAndGet() > DESCRIBED_ONE_BY_ONE) {
      columns = columnsOfAll().get(key(path));
    }
    if (columns == null) {
      columns = introspection.describe(Names.quoted(path));
    }
    Facts known = facts();
    return new TableDescription(
        path,
        query(path, columns),
        DuckDbStorage.columns(columns, comments(path)),
        known.primaryKeys().getOrDefault(key(path), List.of()),
        known.foreignKeys().getOrDefault(key(path), List.of()),
        known.sizes().getOrDefault(key(path), -1L),
        known.comments().get(key(path)),
        List.of(),
        null,
        known.uniqueKeys().getOrDefault(key(path), List.of()));
  }

  /**
   * What is read in place of a table with a COLLATE, so that its text is compared by code point;
   * null for others. DuckDB does not tell which columns have one, and views pass it on.
   */
  private @Nullable String query(List<String> path, List<NativeColumn> columns) {
    if (!facts().collations()) {
      return null;
    }
    return columns.stream()
        .map(
            column -> {
              String name = Names.quoted(column.name());
              return column.type().equals("VARCHAR")
                  ? name + " COLLATE \"binary\" AS " + name
                  : name;
            })
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + Names.quoted(path)));
  }

  /** Comments on the columns of a table, by column. */
  Map<String, String> comments(List<String> path) {
    return facts().columnComments().getOrDefault(key(path), Map.of());
  }

  /** The full name of a table, which may be given with or without its schema. */
  private List<String> path(TableSource.Table table) {
    List<String> given = table.path();
    switch (given.size()) {
      case 1:
        return List.of(database, "main", given.get(0));
      case 2:
        return List.of(database, given.get(0), given.get(1));
      case 3:
        if (given.get(0).equals(database)) {
          return given;
        }
        break;
      default:
    }
    throw new DataNodeException(
        SqlState.CONFIGURATION_ERROR,
        introspection.where()
            + ": '"
            + table
            + "' is no table name; expected table or schema.table");
  }

  private synchronized Facts facts() {
    Facts known = facts;
    if (known == null) {
      known = readFacts();
      facts = known;
    }
    return known;
  }

  /** The columns of all tables; not those of views, which DuckDB knows only once it binds them. */
  private synchronized Map<String, List<NativeColumn>> columnsOfAll() {
    Map<String, List<NativeColumn>> known = columns;
    if (known == null) {
      known = new HashMap<>();
      // One row per table: the driver takes longer to hand over a row than DuckDB to make it.
      for (List<String> row :
          introspection.rows(
              "SELECT schema_name, table_name,"
                  + " string_agg(column_name, chr(31) ORDER BY column_index),"
                  + " string_agg(data_type, chr(31) ORDER BY column_index),"
                  + " string_agg(is_nullable, chr(31) ORDER BY column_index)"
                  + " FROM duckdb_columns() WHERE database_name = ?"
                  + " AND (schema_name, table_name) IN"
                  + " (SELECT (schema_name, table_name) FROM duckdb_tables()"
                  + " WHERE database_name = ?) GROUP BY schema_name, table_name",
              database,
              database)) {
        List<String> names = names(row.get(2));
        List<String> types = names(row.get(3));
        List<String> nullable = names(row.get(4));
        List<NativeColumn> columnsOfTable = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
          columnsOfTable.add(
              new NativeColumn(names.get(i), types.get(i), nullable.get(i).equals("true")));
        }
        known.put(key(List.of(database, row.get(0), row.get(1))), columnsOfTable);
      }
      columns = known;
    }
    return known;
  }

  private Facts readFacts() {
    boolean collations =
        !introspection
            .rows(
                "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND sql ILIKE '%COLLATE%'"
                    + " UNION ALL SELECT 1 FROM duckdb_views() WHERE database_name = ?"
                    + " AND NOT internal AND sql ILIKE '%COLLATE%' LIMIT 1",
                database, database)
            .isEmpty();
    Facts read =
        new Facts(
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            collations);
    for (List<String> row :
        introspection.rows(
            "SELECT schema_name, table_name, constraint_type,"
                + " array_to_string(constraint_column_names, chr(31)), constraint_name,"
                + " referenced_table, array_to_string(referenced_column_names, chr(31))"
                + " FROM duckdb_constraints() WHERE database_name = ?"
                + " AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')",
            database)) {
      String key = key(List.of(database, row.get(0), row.get(1)));
      if (!row.get(2).equals("FOREIGN KEY")) {
        read.uniqueKeys().computeIfAbsent(key, table -> new ArrayList<>()).add(names(row.get(3)));
      }
      if (row.get(2).equals("PRIMARY KEY")) {
        read.primaryKeys().put(key, names(row.get(3)));
      } else if (row.get(2).equals("FOREIGN KEY")) {
        read.foreignKeys()
            .computeIfAbsent(key, table -> new ArrayList<>())
            .add(
                new StoredForeignKey(
                    row.get(4),
                    names(row.get(3)),
                    List.of(database, row.get(0), row.get(5)),
                    names(row.get(6))));
      }
    }
    // As in [asset, '"day"']; an expression is no word, in quotes or without.
    for (List<String> row :
        introspection.rows(
            "SELECT schema_name, table_name,"
                + " replace(regexp_replace(expressions, '[^\\w,]', '', 'g'), ',', chr(31))"
                + " FROM duckdb_indexes() WHERE database_name = ? AND is_unique AND"
                + " regexp_full_match(expressions || ' ', '\\[?((\\w+|''\"\\w+\"'')[],] )+')",
            database)) {
      String key = key(List.of(database, row.get(0), row.get(1)));
      read.uniqueKeys().computeIfAbsent(key, table -> new ArrayList<>()).add(names(row.get(2)));
    }
    for (List<String> row :
        introspection.rows(
            "SELECT schema_name, table_name, estimated_size, comment FROM duckdb_tables()"
                + " WHERE database_name = ? UNION ALL"
                + " SELECT schema_name, view_name, NULL, comment FROM duckdb_views()"
                + " WHERE database_name = ? AND comment IS NOT NULL",
            database,
            database)) {
      String key = key(List.of(database, row.get(0), row.get(1)));
      if (row.get(2) != null) {
        read.sizes().put(key, Long.parseLong(row.get(2)));
      }
      if (row.get(3) != null) {
        read.comments().put(key, row.get(3));
      }
    }
    for (List<String> row :
        introspection.rows(
            "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns()"
                + " WHERE database_name = ? AND comment IS NOT NULL",
            database)) {
      read.columnComments()
          .computeIfAbsent(key(List.of(database, row.get(0), row.get(1))), table -> new HashMap<>())
          .put(row.get(2), row.get(3));
    }
    return read;
  }

  /** DuckDB finds names ignoring case. */
  private static String key(List<String> path) {
    return String.join(SEPARATOR, path).toLowerCase(Locale.ROOT);
  }

  private static List<String> names(@Nullable String names) {
    return names == null || names.isEmpty() ? List.of() : Arrays.asList(names.split(SEPARATOR));
  }

  /**
   * What is known of tables, by {@link #key}.
   *
   * @param collations true if some column may have a collation
   */
  private record Facts(
      Map<String, List<String>> primaryKeys,
      Map<String, List<List<String>>> uniqueKeys,
      Map<String, List<StoredForeignKey>> foreignKeys,
      Map<String, Long> sizes,
      Map<String, String> comments,
      Map<String, Map<String, String>> columnComments,
      boolean collations) {}
}
