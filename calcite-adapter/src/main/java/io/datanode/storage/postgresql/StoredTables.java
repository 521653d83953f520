package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.node.TableSource;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.TableDescription;
import io.datanode.storage.TableDescription.StoredForeignKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables, views and foreign tables of a database. Thread-safe. */
final class StoredTables {
  /** Separates names in one text; no name has it. */
  private static final String SEPARATOR = "\u001f";

  private static final String READABLE =
      "c.relkind IN ('r', 'p', 'v', 'm', 'f')"
          + " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
          + " AND n.nspname NOT LIKE 'pg\\_temp%' AND n.nspname NOT LIKE 'pg\\_toast%'";

  /** Partitions, the insides of extensions, and what may not be read are no tables to publish. */
  private static final String PUBLISHABLE =
      READABLE
          + " AND NOT c.relispartition"
          + " AND n.nspname NOT LIKE '\\_timescaledb\\_%'"
          + " AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')"
          + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x"
          + " WHERE x.classid = 'pg_catalog.pg_class'::regclass AND x.objid = c.oid"
          + " AND x.deptype = 'e')";

  private static final String FROM =
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ";

  // An inheritance tree holds the partitions of a table, and the chunks of a hypertable.
  private static final String FIND =
      "SELECT c.oid, n.nspname, c.relname, c.relkind,"
          + " obj_description(c.oid, 'pg_class'), has_table_privilege(c.oid, 'SELECT'),"
          + " (WITH RECURSIVE tree (oid) AS (SELECT c.oid UNION ALL"
          + " SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)"
          + " SELECT CASE WHEN bool_or(p.relkind IN ('r', 'm', 'f') AND p.reltuples <= 0"
          + " AND p.relpages = 0 AND (p.relkind = 'f' OR pg_relation_size(p.oid) > 0)) THEN -1"
          + " ELSE sum(CASE WHEN p.relkind IN ('r', 'm', 'f') THEN greatest(p.reltuples, 0)"
          + " ELSE 0 END) END FROM tree JOIN pg_catalog.pg_class p ON p.oid = tree.oid)"
          + FROM
          + READABLE;

  private static final String COLUMNS =
      "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull OR t.typnotnull,"
          + " col_description(a.attrelid, a.attnum), b.oid, b.typmod, b.typtype, b.typcategory,"
          + " e.oid, e.typtype, e.typcategory,"
          + " CASE WHEN a.attcollation <> 0 AND l.collname <> 'default' THEN"
          // One of ICU has its locale elsewhere, in a column that has changed its name.
          + " COALESCE(l.collcollate, l.collname) END,"
          + " l.collprovider, l.collisdeterministic"
          + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
          + " CROSS JOIN LATERAL (WITH RECURSIVE d (oid, typmod) AS ("
          + "SELECT a.atttypid, a.atttypmod UNION ALL SELECT u.typbasetype, u.typtypmod"
          + " FROM d JOIN pg_catalog.pg_type u ON u.oid = d.oid WHERE u.typtype = 'd')"
          + " SELECT y.*, d.typmod FROM d JOIN pg_catalog.pg_type y ON y.oid = d.oid"
          + " WHERE y.typtype <> 'd') b"
          + " LEFT JOIN pg_catalog.pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'"
          + " LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation"
          + " WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

  private static final String KEYS =
      "SELECT k.contype, k.conname, "
          + names("k.conrelid", "k.conkey")
          + ", n.nspname, f.relname, "
          + names("k.confrelid", "k.confkey")
          + " FROM pg_catalog.pg_constraint k"
          + " LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid"
          + " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = f.relnamespace"
          + " WHERE k.conrelid = ?::oid AND k.contype IN ('p', 'f')"
          // A partitioned table that is referred to has one such row for each of its partitions.
          + " AND (k.contype = 'p' OR k.conparentid = 0) ORDER BY k.conname";

  // What ANALYZE has counted of different values; a share of the rows if it is below zero.
  private static final String INDEXES =
      "SELECT string_agg(a.attname, '\u001f' ORDER BY k.place),"
          + " string_agg(coalesce((SELECT CASE WHEN s.n_distinct > 0 THEN s.n_distinct"
          + " WHEN s.n_distinct < 0 AND c.reltuples >= 0 THEN -s.n_distinct * c.reltuples END"
          + " FROM pg_catalog.pg_stats s WHERE s.schemaname = n.nspname"
          + " AND s.tablename = c.relname AND s.attname = a.attname"
          + " ORDER BY s.inherited DESC LIMIT 1)::bigint, -1)::text, '\u001f' ORDER BY k.place)"
          + " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
          + " JOIN pg_catalog.pg_am m ON m.oid = x.relam AND m.amname = 'btree'"
          + " CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indoption::int2[],"
          + " i.indcollation::oid[], i.indclass::oid[])"
          + " WITH ORDINALITY k (number, way, sorting, kind, place)"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
          + " JOIN pg_catalog.pg_opclass o ON o.oid = k.kind"
          + " WHERE i.indrelid = ?::oid AND i.indisvalid AND i.indpred IS NULL"
          + " AND i.indexprs IS NULL AND k.place <= i.indnkeyatts"
          + " GROUP BY i.indexrelid"
          + " HAVING bool_and(k.way = 0 AND k.sorting = a.attcollation AND o.opcdefault)"
          + " ORDER BY i.indexrelid";

  private static String names(String table, String numbers) {
    return "(SELECT string_agg(a.attname, '\u001f' ORDER BY x.place) FROM unnest("
        + numbers
        + ") WITH ORDINALITY x (number, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = "
        + table
        + " AND a.attnum = x.number)";
  }

  private final ConnectionSettings settings;
  private final Introspection introspection;

  StoredTables(ConnectionSettings settings, Introspection introspection) {
    this.settings = settings;
    this.introspection = introspection;
  }

  /** All that can be published, as schema and name. */
  List<TableSource.Table> tables() {
    List<TableSource.Table> tables = new ArrayList<>();
    for (List<@Nullable String> row :
        introspection.rows("SELECT n.nspname, c.relname" + FROM + PUBLISHABLE + " ORDER BY 1, 2")) {
      tables.add(new TableSource.Table(List.of(text(row, 0), text(row, 1))));
    }
    return tables;
  }

  TableDescription describe(TableSource.Table source) {
    List<@Nullable String> found = find(source);
    Object oid = Long.valueOf(text(found, 0));
    List<String> path = List.of(text(found, 1), text(found, 2));
    List<StoredColumn> columns = columns(oid);
    TableQuery query = new TableQuery(settings, introspection.facts(), source, path, columns);
    List<String> primaryKey = new ArrayList<>();
    List<StoredForeignKey> foreignKeys = new ArrayList<>();
    for (List<@Nullable String> row : introspection.rows(KEYS, oid)) {
      if (text(row, 0).equals("p")) {
        primaryKey.addAll(split(text(row, 2)));
      } else {
        foreignKeys.add(
            new StoredForeignKey(
                text(row, 1),
                split(text(row, 2)),
                List.of(text(row, 3), text(row, 4)),
                split(text(row, 5))));
      }
    }
    return new TableDescription(
        path,
        query.sql(),
        query.columns(),
        primaryKey,
        foreignKeys,
        rowEstimate(found, path),
        found.get(4),
        indexes(oid),
        null);
  }

  private List<TableDescription.Index> indexes(Object oid) {
    List<TableDescription.Index> indexes = new ArrayList<>();
    for (List<@Nullable String> row : introspection.rows(INDEXES, oid)) {
      indexes.add(
          new TableDescription.Index(
              split(text(row, 0)), split(text(row, 1)).stream().map(Long::valueOf).toList()));
    }
    return indexes;
  }

  private List<StoredColumn> columns(Object oid) {
    List<StoredColumn> columns = new ArrayList<>();
    for (List<@Nullable String> row : introspection.rows(COLUMNS, oid)) {
      NativeType element =
          row.get(8) == null
              ? null
              : new NativeType(oid(row, 8), number(row, 5), text(row, 9), text(row, 10), null);
      NativeType type =
          new NativeType(oid(row, 4), number(row, 5), text(row, 6), text(row, 7), element);
      String collation = row.get(11);
      columns.add(
          new StoredColumn(
              new StorageColumn(
                  text(row, 0), type.columnType(), text(row, 1), !isTrue(row, 2), row.get(3)),
              type,
              collation != null && !Introspection.isBinary(collation, row.get(12)),
              collation == null || isTrue(row, 13)));
    }
    return columns;
  }

  /**
   * A column of a table.
   *
   * @param collated true if its collation is not the database's and does not compare by code point
   * @param deterministic false if its collation takes different texts for equal
   */
  record StoredColumn(
      StorageColumn column, NativeType type, boolean collated, boolean deterministic) {}

  private List<@Nullable String> find(TableSource.Table source) {
    List<String> path = source.path();
    List<List<@Nullable String>> found;
    switch (path.size()) {
      case 1:
        found =
            introspection.rows(
                FIND + " AND c.relname = ? AND pg_table_is_visible(c.oid)", path.get(0));
        break;
      case 2:
        found = introspection.rows(FIND + BY_SCHEMA, path.get(0), path.get(1));
        break;
      case 3:
        found =
            introspection.rows(
                FIND + BY_SCHEMA + " AND current_database() = ?",
                path.get(1),
                path.get(2),
                path.get(0));
        break;
      default:
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            PostgreSqlErrors.where(settings)
                + ": '"
                + source
                + "' is no table name; expected table or schema.table");
    }
    if (found.isEmpty()) {
      throw missing(source);
    }
    return found.get(0);
  }

  private static final String BY_SCHEMA = " AND n.nspname = ? AND c.relname = ?";

  private DataNodeException missing(TableSource.Table source) {
    List<String> names = tables().stream().map(TableSource.Table::toString).toList();
    String last = source.path().get(source.path().size() - 1);
    // Without schema it may just not be on the search path.
    String elsewhere =
        names.stream().filter(name -> name.endsWith("." + last)).findFirst().orElse(null);
    return new DataNodeException(
        SqlState.UNDEFINED_NODE,
        PostgreSqlErrors.where(settings)
            + " at "
            + settings.address()
            + " has no table '"
            + source
            + "'"
            + (source.path().size() == 1 && elsewhere != null
                ? " on its search path; did you mean '" + elsewhere + "'?"
                : Nearest.hint(source.toString(), "its tables", names)));
  }

  /**
   * About how many rows there are: what ANALYZE has counted, or for views and what it has not seen,
   * what the server's planner thinks.
   */
  private long rowEstimate(List<@Nullable String> found, List<String> path) {
    double counted = Double.parseDouble(text(found, 6));
    boolean view = text(found, 3).equals("v");
    if (!view && counted >= 0) {
      return (long) counted;
    }
    if (!isTrue(found, 5)) {
      return -1;
    }
    String plan =
        String.join(
            "",
            introspection.rows("EXPLAIN SELECT 1 FROM " + Names.quoted(path)).get(0).stream()
                .map(String::valueOf)
                .toList());
    int rows = plan.indexOf(" rows=");
    return rows < 0 ? -1 : Long.parseLong(plan.substring(rows + 6).split("[^0-9]", 2)[0]);
  }

  private static String text(List<@Nullable String> row, int column) {
    String value = row.get(column);
    if (value == null) {
      throw new IllegalStateException("pg_catalog gave NULL in column " + column + " of " + row);
    }
    return value;
  }

  private static boolean isTrue(List<@Nullable String> row, int column) {
    return "t".equals(row.get(column));
  }

  private static int number(List<@Nullable String> row, int column) {
    return Integer.parseInt(text(row, column));
  }

  /** Type numbers are unsigned; the driver holds them in an int. */
  private static int oid(List<@Nullable String> row, int column) {
    return (int) Long.parseLong(text(row, column));
  }

  private static List<String> split(String names) {
    return Arrays.asList(names.split(SEPARATOR));
  }
}
