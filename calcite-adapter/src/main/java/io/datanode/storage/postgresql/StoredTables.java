package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.node.TableSource;
import io.datanode.storage.TableDescriber;
import io.datanode.storage.TableDescription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables, views and foreign tables of a database. Thread-safe. */
final class StoredTables {
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

  // An inheritance tree holds the partitions of a table, and the chunks of a hypertable.
  private static final String FIND =
      "SELECT c.oid, n.nspname, c.relname, c.relkind,"
          + " obj_description(c.oid, 'pg_class'), has_table_privilege(c.oid, 'SELECT'),"
          + " (WITH RECURSIVE tree (oid) AS (SELECT c.oid UNION ALL"
          + " SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)"
          + " SELECT CASE WHEN bool_or(p.relkind IN ('r', 'm', 'f') AND p.reltuples <= 0"
          + " AND p.relpages = 0 AND (p.relkind = 'f' OR pg_relation_size(p.oid) > 0)) THEN -1"
          + " ELSE sum(CASE WHEN p.relkind IN ('r', 'm', 'f') THEN greatest(p.reltuples, 0)"
          + " ELSE 0 END) END FROM tree JOIN pg_catalog.pg_class p ON p.oid = tree.oid),"
          + " current_database()"
          + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

  private static final String BY_NAME =
      FIND
          + " JOIN unnest(?::text[]) w (name) ON c.relname = w.name WHERE pg_table_is_visible(c.oid)"
          + " AND "
          + READABLE;

  private static final String BY_SCHEMA =
      FIND
          + " JOIN unnest(?::text[], ?::text[]) w (schema, name)"
          + " ON n.nspname = w.schema AND c.relname = w.name WHERE "
          + READABLE;

  private final ConnectionSettings settings;
  private final Introspection introspection;

  StoredTables(ConnectionSettings settings, Introspection introspection) {
    this.settings = settings;
    this.introspection = introspection;
  }

  /** All that can be published, as schema and name. */
  List<TableSource.Table> tables() {
    List<TableSource.Table> tables = new ArrayList<>();
    for (List<@Nullable String> values :
        introspection.rows(
            "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE "
                + PUBLISHABLE
                + " ORDER BY 1, 2")) {
      CatalogRow row = new CatalogRow(values);
      tables.add(new TableSource.Table(List.of(row.text(0), row.text(1))));
    }
    return tables;
  }

  /** Describes some tables, asked about together. */
  TableDescriber describer(Collection<TableSource> sources) {
    Map<List<String>, StoredTable> found = new HashMap<>();
    findByName(sources, found);
    findBySchema(sources, found);
    TableFacts facts =
        new TableFacts(introspection, found.values().stream().map(StoredTable::number).toList());
    return source -> describe(source, found, facts);
  }

  private TableDescription describe(
      TableSource source, Map<List<String>, StoredTable> found, TableFacts facts) {
    if (!(source instanceof TableSource.Table wanted)) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          PostgreSqlErrors.where(settings)
              + " holds no files, but a node names "
              + source
              + "; expected a table, for example table: public.daily_prices");
    }
    if (wanted.path().size() > 3) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          PostgreSqlErrors.where(settings)
              + ": '"
              + source
              + "' is no table name; expected table or schema.table");
    }
    StoredTable table = found.get(wanted.path());
    if (table == null) {
      throw missing(wanted);
    }
    Long number = table.number();
    TableQuery query =
        new TableQuery(
            settings, introspection.facts(), wanted, table.path(), facts.columns(number));
    return new TableDescription(
        table.path(),
        query.sql(),
        query.columns(),
        facts.primaryKey(number),
        facts.foreignKeys(number),
        rowEstimate(table),
        table.comment(),
        facts.indexes(number),
        null,
        // Values that were apart may be one when they are converted.
        wanted.conversions().isEmpty() ? facts.uniqueKeys(number) : List.of());
  }

  private void findByName(Collection<TableSource> sources, Map<List<String>, StoredTable> found) {
    List<String> names = new ArrayList<>();
    for (List<String> path : paths(sources)) {
      if (path.size() == 1) {
        names.add(path.get(0));
      }
    }
    if (!names.isEmpty()) {
      for (List<@Nullable String> values : introspection.rows(BY_NAME, array(names))) {
        CatalogRow row = new CatalogRow(values);
        found.put(List.of(row.text(2)), StoredTable.of(row));
      }
    }
  }

  private void findBySchema(Collection<TableSource> sources, Map<List<String>, StoredTable> found) {
    List<String> schemas = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (List<String> path : paths(sources)) {
      if (path.size() == 2 || path.size() == 3) {
        schemas.add(path.get(path.size() - 2));
        names.add(path.get(path.size() - 1));
      }
    }
    if (!names.isEmpty()) {
      for (List<@Nullable String> values :
          introspection.rows(BY_SCHEMA, array(schemas), array(names))) {
        CatalogRow row = new CatalogRow(values);
        StoredTable table = StoredTable.of(row);
        found.put(table.path(), table);
        found.put(List.of(row.text(7), row.text(1), row.text(2)), table);
      }
    }
  }

  private static List<List<String>> paths(Collection<TableSource> sources) {
    return sources.stream()
        .filter(TableSource.Table.class::isInstance)
        .map(source -> ((TableSource.Table) source).path())
        .toList();
  }

  private static Object array(List<String> names) {
    return names.toArray(new String[0]);
  }

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
  private long rowEstimate(StoredTable table) {
    if (!table.view() && table.counted() >= 0) {
      return (long) table.counted();
    }
    if (!table.readable()) {
      return -1;
    }
    String plan =
        String.join(
            "",
            introspection
                .rows("EXPLAIN SELECT 1 FROM " + Names.quoted(table.path()))
                .get(0)
                .stream()
                .map(String::valueOf)
                .toList());
    int rows = plan.indexOf(" rows=");
    return rows < 0 ? -1 : Long.parseLong(plan.substring(rows + 6).split("[^0-9]", 2)[0]);
  }
}
