package io.datanode.storage.postgresql;

import io.datanode.storage.StorageColumn;
import io.datanode.storage.TableDescription;
import io.datanode.storage.TableDescription.StoredForeignKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Columns, keys and indexes of some tables, read by one query each for all of them. Of a table that
 * was not asked about there are none.
 */
final class TableFacts {
  private static final String COLUMNS =
      " FROM pg_catalog.pg_attribute a"
          + " WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped";

  // Thousands of columns share a few types, so these are looked up once for all.
  private static final String TYPES =
      "SELECT w.oid, w.modifier, format_type(w.oid, w.modifier), t.typnotnull,"
          + " b.oid, b.typmod, b.typtype, b.typcategory, e.oid, e.typtype, e.typcategory"
          + " FROM (SELECT DISTINCT a.atttypid AS oid, a.atttypmod AS modifier"
          + COLUMNS
          + ") w JOIN pg_catalog.pg_type t ON t.oid = w.oid"
          + " CROSS JOIN LATERAL (WITH RECURSIVE d (oid, typmod) AS ("
          + "SELECT w.oid, w.modifier UNION ALL SELECT u.typbasetype, u.typtypmod"
          + " FROM d JOIN pg_catalog.pg_type u ON u.oid = d.oid WHERE u.typtype = 'd')"
          + " SELECT y.*, d.typmod FROM d JOIN pg_catalog.pg_type y ON y.oid = d.oid"
          + " WHERE y.typtype <> 'd') b"
          + " LEFT JOIN pg_catalog.pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'";

  private static final String COLUMNS_OF_TABLES =
      "SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, a.attnotnull, r.description,"
          + " CASE WHEN a.attcollation <> 0 AND l.collname <> 'default' THEN"
          // One of ICU has its locale elsewhere, in a column that has changed its name.
          + " COALESCE(l.collcollate, l.collname) END, l.collprovider, l.collisdeterministic"
          + COLUMNS.replace(
              " WHERE",
              " LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation"
                  + " LEFT JOIN pg_catalog.pg_description r ON r.objoid = a.attrelid"
                  + " AND r.classoid = 'pg_catalog.pg_class'::regclass AND r.objsubid = a.attnum"
                  + " WHERE")
          + " ORDER BY a.attrelid, a.attnum";

  private static final String KEYS =
      "SELECT k.conrelid, k.contype, k.conname, "
          + names("k.conrelid", "k.conkey")
          + ", n.nspname, f.relname, "
          + names("k.confrelid", "k.confkey")
          + " FROM pg_catalog.pg_constraint k"
          + " LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid"
          + " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = f.relnamespace"
          + " WHERE k.conrelid = ANY (?::oid[]) AND k.contype IN ('p', 'f')"
          // A partitioned table that is referred to has one such row for each of its partitions.
          + " AND (k.contype = 'p' OR k.conparentid = 0) ORDER BY k.conname";

  // What ANALYZE has counted of different values; a share of the rows if it is below zero.
  private static final String INDEXES =
      "SELECT i.indrelid, string_agg(a.attname, '\u001f' ORDER BY k.place),"
          + " string_agg(coalesce((SELECT CASE WHEN s.n_distinct > 0 THEN s.n_distinct"
          + " WHEN s.n_distinct < 0 AND c.reltuples >= 0 THEN -s.n_distinct * c.reltuples END"
          + " FROM pg_catalog.pg_stats s WHERE s.schemaname = n.nspname"
          + " AND s.tablename = c.relname AND s.attname = a.attname"
          + " ORDER BY s.inherited DESC LIMIT 1)::bigint, -1)::text, '\u001f' ORDER BY k.place),"
          + " bool_and(k.way = 0 AND k.sorting = a.attcollation AND o.opcdefault),"
          // An index holds the rows of a table and not those of tables that inherit from it; a
          // hypertable inherits too, but has in each of its unique indexes what parts its chunks.
          + " bool_and(i.indisunique AND o.opcdefault AND (c.relkind <> 'r' OR NOT EXISTS ("
          + "SELECT 1 FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class hc"
          + " ON hc.oid = h.inhrelid JOIN pg_catalog.pg_namespace hn ON hn.oid = hc.relnamespace"
          + " WHERE h.inhparent = c.oid AND hn.nspname <> '_timescaledb_internal')))"
          + " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
          + " JOIN pg_catalog.pg_am m ON m.oid = x.relam AND m.amname = 'btree'"
          + " CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indoption::int2[],"
          + " i.indcollation::oid[], i.indclass::oid[])"
          + " WITH ORDINALITY k (number, way, sorting, kind, place)"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
          + " JOIN pg_catalog.pg_opclass o ON o.oid = k.kind"
          + " WHERE i.indrelid = ANY (?::oid[]) AND i.indisvalid AND i.indpred IS NULL"
          + " AND i.indexprs IS NULL AND k.place <= i.indnkeyatts"
          + " GROUP BY i.indrelid, i.indexrelid"
          + " ORDER BY i.indexrelid";

  private static String names(String table, String numbers) {
    return "(SELECT string_agg(a.attname, '\u001f' ORDER BY x.place) FROM unnest("
        + numbers
        + ") WITH ORDINALITY x (number, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = "
        + table
        + " AND a.attnum = x.number)";
  }

  private final Map<Long, List<StoredColumn>> columns = new HashMap<>();
  private final Map<Long, List<String>> primaryKeys = new HashMap<>();
  private final Map<Long, List<StoredForeignKey>> foreignKeys = new HashMap<>();
  private final Map<Long, List<TableDescription.Index>> indexes = new HashMap<>();
  private final Map<Long, List<List<String>>> uniqueKeys = new HashMap<>();

  /** Reads what there is to know of tables with these numbers. */
  TableFacts(Introspection introspection, Collection<Long> tables) {
    Object numbers = tables.toArray(new Long[0]);
    readColumns(introspection, numbers);
    readKeys(introspection, numbers);
    for (List<@Nullable String> values : introspection.rows(INDEXES, numbers)) {
      CatalogRow row = new CatalogRow(values);
      if (row.isTrue(3)) {
        of(indexes, row.table(0))
            .add(
                new TableDescription.Index(
                    row.names(1), row.names(2).stream().map(Long::valueOf).toList()));
      }
      if (row.isTrue(4)) {
        of(uniqueKeys, row.table(0)).add(row.names(1));
      }
    }
  }

  /** The type of columns, and what they inherit from it. */
  private record Type(NativeType type, String name, boolean notNull) {}

  private void readColumns(Introspection introspection, Object numbers) {
    Map<List<@Nullable String>, Type> types = new HashMap<>();
    for (List<@Nullable String> values : introspection.rows(TYPES, numbers)) {
      CatalogRow row = new CatalogRow(values);
      NativeType element =
          row.get(8) == null
              ? null
              : new NativeType(row.type(8), row.number(5), row.text(9), row.text(10), null);
      NativeType type =
          new NativeType(row.type(4), row.number(5), row.text(6), row.text(7), element);
      types.put(values.subList(0, 2), new Type(type, row.text(2), row.isTrue(3)));
    }
    for (List<@Nullable String> values : introspection.rows(COLUMNS_OF_TABLES, numbers)) {
      Type type = types.get(values.subList(2, 4));
      if (type != null) {
        CatalogRow row = new CatalogRow(values);
        of(columns, row.table(0)).add(column(row, type));
      }
    }
  }

  private static StoredColumn column(CatalogRow row, Type type) {
    String collation = row.get(6);
    return new StoredColumn(
        new StorageColumn(
            row.text(1),
            type.type().columnType(),
            type.name(),
            !row.isTrue(4) && !type.notNull(),
            row.get(5)),
        type.type(),
        collation != null && !Introspection.isBinary(collation, row.get(7)),
        collation == null || row.isTrue(8));
  }

  private void readKeys(Introspection introspection, Object numbers) {
    for (List<@Nullable String> values : introspection.rows(KEYS, numbers)) {
      CatalogRow row = new CatalogRow(values);
      if (row.text(1).equals("p")) {
        of(primaryKeys, row.table(0)).addAll(row.names(3));
      } else {
        of(foreignKeys, row.table(0))
            .add(
                new StoredForeignKey(
                    row.text(2), row.names(3), List.of(row.text(4), row.text(5)), row.names(6)));
      }
    }
  }

  private static <T> List<T> of(Map<Long, List<T>> facts, Long table) {
    return facts.computeIfAbsent(table, any -> new ArrayList<>());
  }

  List<StoredColumn> columns(Long table) {
    return columns.getOrDefault(table, List.of());
  }

  List<String> primaryKey(Long table) {
    return primaryKeys.getOrDefault(table, List.of());
  }

  List<StoredForeignKey> foreignKeys(Long table) {
    return foreignKeys.getOrDefault(table, List.of());
  }

  List<TableDescription.Index> indexes(Long table) {
    return indexes.getOrDefault(table, List.of());
  }

  List<List<String>> uniqueKeys(Long table) {
    return uniqueKeys.getOrDefault(table, List.of());
  }
}
