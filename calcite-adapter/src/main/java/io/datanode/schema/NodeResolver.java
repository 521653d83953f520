package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.Dtype;
import io.datanode.node.EpochUnit;
import io.datanode.node.Nearest;
import io.datanode.node.PublicationLag;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins what a catalog declares of one node with what its storage knows of the table: columns and
 * their types, roles, keys.
 */
final class NodeResolver {
  private static final Set<Kind> NUMBERS =
      Set.of(
          Kind.TINYINT,
          Kind.SMALLINT,
          Kind.INTEGER,
          Kind.BIGINT,
          Kind.REAL,
          Kind.DOUBLE,
          Kind.DECIMAL);
  private static final Set<Kind> TIMES = Set.of(Kind.DATE, Kind.TIMESTAMP, Kind.INSTANT);
  private static final Set<Kind> TEXTS = Set.of(Kind.VARCHAR, Kind.JSON, Kind.UUID, Kind.OTHER);

  // pandas writes an index without name under such a name.
  private static final Pattern PANDAS_INDEX = Pattern.compile("__index_level_[0-9]+__");

  private final DataNode node;
  private final Storage storage;
  private final TableDescriber tables;
  private final CatalogSnapshot snapshot;
  private final Map<String, String> inferred = new LinkedHashMap<>();
  private TableSource source;
  private TableDescription table;

  private NodeResolver(
      DataNode node, Storage storage, TableDescriber tables, CatalogSnapshot snapshot) {
    this.node = node;
    this.storage = storage;
    this.tables = tables;
    this.snapshot = snapshot;
    this.source = timePartsHidden(node).withConversions(epochConversions(node));
    this.table = tables.describe(source);
  }

  /**
   * Resolves a node of a snapshot.
   *
   * @param tables describes the tables of the storage
   * @throws DataNodeException if the storage cannot describe its table, or a declaration does not
   *     fit it
   */
  static ResolvedNode resolve(
      DataNode node, Storage storage, TableDescriber tables, CatalogSnapshot snapshot) {
    return new NodeResolver(node, storage, tables, snapshot).resolve();
  }

  private ResolvedNode resolve() {
    convertDeclaredTypes();
    List<NodeColumn> columns = columns();
    RoleInference.Roles roles = roles(columns);
    if (roles.timeIndex() == null || !RoleInference.namesTime(roles.timeIndex())) {
      if (convertEpoch(columns) || showPartitions(roles)) {
        columns = columns();
        roles = roles(columns);
      }
    }
    if (convertUtc(columns, roles)) {
      columns = columns();
    }
    checkTime(roles.timeIndex(), columns);
    checkTime(roles.knowledgeTime(), columns);
    checkPicks(roles, columns);
    Map<String, String> how = new LinkedHashMap<>(roles.how());
    inferred.forEach((role, words) -> how.merge(role, words, (a, b) -> a + "; " + b));
    return new ResolvedNode(
        node,
        storage,
        table,
        columns,
        roles.timeIndex(),
        roles.identity(),
        roles.asset(),
        roles.knowledgeTime(),
        roles.key(),
        new NodeForeignKeys(node, table, snapshot).of(columns, roles.asset()),
        how);
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
            columnOf(column.name())
                + " is declared "
                + column.dtype()
                + ", but is stored as "
                + stored.nativeType()
                + (TIMES.contains(declared.kind()) && NUMBERS.contains(stored.type().kind())
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
        || (NUMBERS.contains(from) && NUMBERS.contains(to))
        || (TIMES.contains(from) && TIMES.contains(to))
        || (from == Kind.BOOLEAN && NUMBERS.contains(to))
        || (NUMBERS.contains(from) && to == Kind.BOOLEAN);
  }

  private StorageColumn stored(Column column) {
    List<String> names = new ArrayList<>();
    for (StorageColumn stored : table.columns()) {
      if (stored.name().equalsIgnoreCase(column.storedName())) {
        return stored;
      }
      names.add(stored.name());
    }
    throw new DataNodeException(
        SqlState.UNDEFINED_COLUMN,
        columnOf(column.name())
            + " is declared, but the table has no column '"
            + column.storedName()
            + "'"
            + Nearest.hint(column.storedName(), "its columns", names));
  }

  private List<NodeColumn> columns() {
    Map<String, StorageColumn> storedByName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    table.columns().forEach(stored -> storedByName.put(stored.name(), stored));
    Map<String, Column> declaredByName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    node.columns().forEach(column -> declaredByName.put(column.storedName(), column));
    List<NodeColumn> columns = new ArrayList<>();
    if (node.onlyDeclaredColumns()) {
      node.columns().forEach(column -> columns.add(column(stored(column), column)));
    } else {
      boolean hidesIndex =
          storedByName.values().stream()
              .anyMatch(
                  stored ->
                      !PANDAS_INDEX.matcher(stored.name()).matches()
                          && (TIMES.contains(stored.type().kind())
                              || RoleInference.epochCandidate(
                                      List.of(
                                          new RoleInference.Field(stored.name(), stored.type())))
                                  .isPresent()));
      for (StorageColumn stored : table.columns()) {
        Column declared = declaredByName.get(stored.name());
        if (declared != null || !hidesIndex || !PANDAS_INDEX.matcher(stored.name()).matches()) {
          columns.add(column(stored, declared));
        }
      }
    }
    Set<String> names = new HashSet<>();
    for (NodeColumn column : columns) {
      if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            "Node '"
                + node.name()
                + "' would have two columns '"
                + column.name()
                + "'; give one of them another name by stored_name, or set only_declared_columns");
      }
    }
    return columns;
  }

  private static NodeColumn column(StorageColumn stored, @Nullable Column declared) {
    if (declared == null) {
      return new NodeColumn(
          stored.name(),
          stored.name(),
          stored.type(),
          stored.nativeType(),
          Dtype.token(stored.type()),
          stored.nullable(),
          null,
          stored.comment(),
          null);
    }
    return new NodeColumn(
        declared.name(),
        stored.name(),
        stored.type(),
        stored.nativeType(),
        declared.dtype() != null ? declared.dtype() : Dtype.token(stored.type()),
        stored.nullable() && declared.nullable(),
        declared.label(),
        declared.description() != null ? declared.description() : stored.comment(),
        declared.unit());
  }

  private RoleInference.Roles roles(List<NodeColumn> columns) {
    List<RoleInference.Field> fields =
        columns.stream()
            .map(column -> new RoleInference.Field(column.name(), column.type()))
            .toList();
    Map<String, String> publishedByStored = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    columns.forEach(column -> publishedByStored.put(column.storedName(), column.name()));
    List<String> primaryKey = new ArrayList<>();
    table
        .primaryKey()
        .forEach(
            name -> Optional.ofNullable(publishedByStored.get(name)).ifPresent(primaryKey::add));
    if (primaryKey.size() < table.primaryKey().size()) {
      primaryKey.clear();
    }
    RoleInference.Roles roles =
        RoleInference.infer(completed(publishedByStored), fields, primaryKey);
    List<String> identity = new ArrayList<>();
    for (String column : roles.identity()) {
      identity.add(published("index_names", column, columns));
    }
    return new RoleInference.Roles(
        roles.timeIndex() == null ? null : published("time_index", roles.timeIndex(), columns),
        identity,
        roles.asset() == null ? null : published("asset", roles.asset(), columns),
        roles.knowledgeTime() == null
            ? null
            : published("knowledge_time", roles.knowledgeTime(), columns),
        roles.key().stream().map(name -> published("index_names", name, columns)).toList(),
        roles.how());
  }

  /** The node, declared as the storage knows it where its catalog says nothing. */
  private DataNode completed(Map<String, String> publishedByStored) {
    TableDescription.Roles told = table.roles();
    if (told == null) {
      return node;
    }
    List<String> identity =
        told.identity().stream().map(publishedByStored::get).filter(Objects::nonNull).toList();
    String knowledgeTime = told.knowledgeTime();
    boolean rule = PublicationLag.of(knowledgeTime).isPresent();
    return node.withRoles(
        told.timeIndex() == null ? null : publishedByStored.get(told.timeIndex()),
        identity.size() == told.identity().size() ? identity : null,
        rule || knowledgeTime == null ? knowledgeTime : publishedByStored.get(knowledgeTime));
  }

  /** The exact name of a column that a role names. */
  private String published(String role, String name, List<NodeColumn> columns) {
    List<String> names = columns.stream().map(NodeColumn::name).toList();
    return names.stream()
        .filter(name::equals)
        .findFirst()
        .or(() -> names.stream().filter(name::equalsIgnoreCase).findFirst())
        .orElseThrow(
            () ->
                new DataNodeException(
                    SqlState.UNDEFINED_COLUMN,
                    "Column '"
                        + name
                        + "', declared as "
                        + role
                        + ", is not in node '"
                        + node.name()
                        + "'"
                        + Nearest.hint(name, "its columns", names)));
  }

  /** Finds out what a whole number that by its name or declaration is a time counts. */
  private boolean convertEpoch(List<NodeColumn> columns) {
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

  /** Shows a time whose name says that it is in UTC as the instant it is. */
  private boolean convertUtc(List<NodeColumn> columns, RoleInference.Roles roles) {
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

  /** Shows folders such as {@code year=2024} where nothing else in the table says the time. */
  private boolean showPartitions(RoleInference.Roles roles) {
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

  private void checkTime(@Nullable String name, List<NodeColumn> columns) {
    if (name == null) {
      return;
    }
    for (NodeColumn column : columns) {
      if (column.name().equals(name) && !TIMES.contains(column.type().kind())) {
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            columnOf(name)
                + " is to be a time, but is stored as "
                + column.nativeType()
                + "; give it dtype: datetime or date, or for a number since 1970 epoch: ms");
      }
    }
  }

  private void checkPicks(RoleInference.Roles roles, List<NodeColumn> columns) {
    List<String> snapshotBy = Optional.ofNullable(node.snapshotBy()).orElse(List.of());
    for (String name : snapshotBy) {
      if (!roles.identity().contains(published("snapshot_by", name, columns))) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            columnOf(name)
                + " is declared as snapshot_by, but is not among the identity columns"
                + (roles.identity().isEmpty()
                    ? "; declare identity"
                    : " " + String.join(", ", roles.identity())));
      }
    }
    if (node.snapshotBy() != null && roles.timeIndex() == null) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          "Node '" + node.name() + "' has snapshot_by, but no time index; declare time_index");
    }
    for (String name : Optional.ofNullable(node.tieBreak()).orElse(List.of())) {
      String column = published("tie_break", name, columns);
      if (columns.stream().anyMatch(c -> c.name().equals(column) && !c.ordered())) {
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            columnOf(name)
                + " is declared as tie_break, but values of its type have no order here");
      }
    }
  }

  private String columnOf(String column) {
    return "Column '" + column + "' of node '" + node.name() + "'";
  }
}
