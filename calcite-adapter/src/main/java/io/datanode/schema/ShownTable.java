package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.EpochUnit;
import io.datanode.node.Nearest;
import io.datanode.node.RoleInference;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.Conversion;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.StorageQuery;
import io.datanode.storage.TableDescriber;
import io.datanode.storage.TableDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table of a node as its storage is to show it: with the types that the catalog declares, and
 * numbers and wall clocks that are instants as such.
 */
final class ShownTable {
  static final Set<Kind> TIMES = Set.of(Kind.DATE, Kind.TIMESTAMP, Kind.INSTANT);
  private static final Set<Kind> TEXTS = Set.of(Kind.VARCHAR, Kind.JSON, Kind.UUID, Kind.OTHER);

  private final DataNode node;
  private final Storage storage;
  private final TableDescriber tables;
  private final Map<String, String> inferred = new LinkedHashMap<>();
  private TableSource source;
  private TableDescription table;

  /**
   * The table of a node, with its declared types.
   *
   * @param tables describes the tables of the storage
   * @throws DataNodeException 42703 or 42804 if the table has not the columns declared, or not of
   *     types that can become those declared
   */
  ShownTable(DataNode node, Storage storage, TableDescriber tables) {
    this.node = node;
    this.storage = storage;
    this.tables = tables;
    this.source = timePartsHidden(node).withConversions(epochConversions(node));
    this.table = tables.describe(source);
    convertDeclaredTypes();
  }

  /** As the storage describes it now. */
  TableDescription description() {
    return table;
  }

  /** How it was told that a role is an instant, by role. */
  Map<String, String> inferred() {
    return inferred;
  }

  /** Leaves out folders such as {@code year=2024}, unless they are declared as columns. */
  private static TableSource timePartsHidden(DataNode node) {
    if (node.source() instanceof TableSource.Files files && files.hivePartitioned()) {
      Set<String> hidden = new LinkedHashSet<>(files.hidden());
      hidden.addAll(PartitionKeys.ofTime(files.globs()));
      node.columns().forEach(column -> hidden.remove(column.storedName()));
      return files.withHidden(List.copyOf(hidden));
    }
    return node.source();
  }

  private static Map<String, Conversion> epochConversions(DataNode node) {
    Map<String, Conversion> conversions = new HashMap<>(node.source().conversions());
    for (Column column : node.columns()) {
      if (column.epoch() != null) {
        conversions.put(column.storedName(), new Conversion(ColumnType.INSTANT, column.epoch()));
      }
    }
    return conversions;
  }

  private void describe(Map<String, Conversion> conversions) {
    Map<String, Conversion> all = new HashMap<>(source.conversions());
    all.putAll(conversions);
    source = source.withConversions(all);
    table = tables.describe(source);
  }

  /** Lets the storage show columns as the types that the catalog declares for them. */
  private void convertDeclaredTypes() {
    Map<String, Conversion> conversions = new HashMap<>();
    for (Column column : node.columns()) {
      StorageColumn stored = stored(column);
      ColumnType declared = column.type();
      if (declared == null || column.epoch() != null) {
        continue;
      }
      boolean same =
          declared.kind() == Kind.DECIMAL
              ? declared.equals(stored.type())
              : declared.kind() == stored.type().kind();
      if (same) {
        continue;
      }
      if (!convertible(stored.type().kind(), declared.kind())) {
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            NodeRoles.columnOf(node, column.name())
                + " is declared "
                + column.dtype()
                + ", but is stored as "
                + stored.nativeType()
                + (TIMES.contains(declared.kind()) && stored.type().kind().isNumber()
                    ? "; if the number counts from 1970, say what: epoch: s, ms, us or ns"
                    : ", which cannot become one"));
      }
      conversions.put(stored.name(), new Conversion(declared, null));
    }
    if (!conversions.isEmpty()) {
      describe(conversions);
    }
  }

  private static boolean convertible(Kind from, Kind to) {
    return to == Kind.VARCHAR
        || TEXTS.contains(from)
        || (from.isNumber() && to.isNumber())
        || (TIMES.contains(from) && TIMES.contains(to))
        || (from == Kind.BOOLEAN && to.isNumber())
        || (from.isNumber() && to == Kind.BOOLEAN);
  }

  /** The stored column of a declared one. */
  StorageColumn stored(Column column) {
    List<String> names = new ArrayList<>();
    for (StorageColumn stored : table.columns()) {
      if (stored.name().equalsIgnoreCase(column.storedName())) {
        return stored;
      }
      names.add(stored.name());
    }
    throw new DataNodeException(
        SqlState.UNDEFINED_COLUMN,
        NodeRoles.columnOf(node, column.name())
            + " is declared, but the table has no column '"
            + column.storedName()
            + "'"
            + Nearest.hint(column.storedName(), "its columns", names));
  }

  /**
   * Finds out what a whole number that by its name or declaration is a time counts.
   *
   * @return true if the columns are others now
   */
  boolean convertEpoch(List<NodeColumn> columns) {
    Optional<NodeColumn> candidate =
        node.timeIndex() != null
            ? columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(node.timeIndex()))
                .filter(column -> column.type().kind() == Kind.BIGINT)
                .findFirst()
            : RoleInference.epochCandidate(
                    columns.stream()
                        .map(column -> new RoleInference.Field(column.name(), column.type()))
                        .toList())
                .flatMap(
                    field ->
                        columns.stream()
                            .filter(column -> column.name().equals(field.name()))
                            .findFirst());
    if (candidate.isEmpty()) {
      return false;
    }
    NodeColumn column = candidate.get();
    Optional<Long> value = firstValue(column);
    Optional<EpochUnit> unit =
        value.isPresent()
            ? RoleInference.epochUnit(value.get())
            : Optional.of(EpochUnit.MILLISECONDS);
    if (unit.isEmpty()) {
      return false;
    }
    inferred.put(
        RoleInference.TIME_INDEX,
        "its numbers are "
            + unit.get().name().toLowerCase(Locale.ROOT)
            + " since 1970, "
            + (value.isPresent() ? "by the size of one" : "for want of rows"));
    describe(Map.of(column.storedName(), new Conversion(ColumnType.INSTANT, unit.get())));
    return true;
  }

  private Optional<Long> firstValue(NodeColumn column) {
    String path = storage.dialect().quote(table.path());
    String quoted = storage.dialect().quote(column.storedName());
    String sql = "SELECT " + quoted + " FROM " + path + " WHERE " + quoted + " > 0 LIMIT 1";
    try (RunningQuery query =
        storage.execute(new StorageQuery(sql, List.of(), List.of(ColumnType.BIGINT)))) {
      ColumnBatch batch = query.next();
      while (batch != null && batch.rowCount() == 0) {
        batch = query.next();
      }
      return batch == null ? Optional.empty() : Optional.of(((LongVector) batch.column(0)).get(0));
    }
  }

  /**
   * Shows a time whose name says that it is in UTC as the instant it is.
   *
   * @return true if the columns are others now
   */
  boolean convertUtc(List<NodeColumn> columns, RoleInference.Roles roles) {
    Map<String, Conversion> conversions = new HashMap<>();
    for (NodeColumn column : columns) {
      boolean role =
          column.name().equals(roles.timeIndex()) || column.name().equals(roles.knowledgeTime());
      boolean declared = node.column(column.name()).map(Column::type).isPresent();
      if (role
          && !declared
          && column.type().kind() == Kind.TIMESTAMP
          && column.storedName().toLowerCase(Locale.ROOT).endsWith("utc")) {
        conversions.put(column.storedName(), new Conversion(ColumnType.INSTANT, null));
        inferred.put(
            column.name().equals(roles.timeIndex())
                ? RoleInference.TIME_INDEX
                : RoleInference.KNOWLEDGE_TIME,
            "an instant, because the name says UTC");
      }
    }
    if (conversions.isEmpty()) {
      return false;
    }
    describe(conversions);
    return true;
  }

  /**
   * Shows folders such as {@code year=2024} where nothing else in the table says the time.
   *
   * @return true if the columns are others now
   */
  boolean showPartitions(RoleInference.Roles roles) {
    if (roles.timeIndex() == null
        && source instanceof TableSource.Files files
        && node.source() instanceof TableSource.Files declared
        && !files.hidden().equals(declared.hidden())) {
      source = files.withHidden(declared.hidden());
      table = storage.describe(source);
      return true;
    }
    return false;
  }
}
