package io.datanode.catalog.declaration;

import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.declaration.Value.Mapping;
import io.datanode.catalog.declaration.Value.Scalar;
import io.datanode.catalog.declaration.Value.Sequence;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Cadence;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.Dtype;
import io.datanode.node.EpochUnit;
import io.datanode.node.ForeignKey;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one node of a catalog file. */
final class NodeReader {
  private static final String METADATA_NAMESPACE = "metadata";

  private final Fields fields;
  private final Problems problems;
  private final CatalogFolder folder;
  private final Map<String, StorageDeclaration> storages;

  private NodeReader(
      Fields fields,
      Problems problems,
      CatalogFolder folder,
      Map<String, StorageDeclaration> storages) {
    this.fields = fields;
    this.problems = problems;
    this.folder = folder;
    this.storages = storages;
  }

  /**
   * Reads a node.
   *
   * @param storages the storages it may name; never empty
   * @return empty if it has no usable name, storage or place, which are then among the problems
   */
  static Optional<DataNode> read(
      Value value,
      Problems problems,
      CatalogFolder folder,
      Map<String, StorageDeclaration> storages) {
    return Fields.of(value, Section.NODE, problems)
        .flatMap(fields -> new NodeReader(fields, problems, folder, storages).node());
  }

  private Optional<DataNode> node() {
    Optional<NodeName> name = name();
    boolean stitched = fields.has("stitch");
    Optional<String> storage = stitched ? Optional.of("") : storage().map(StorageDeclaration::name);
    Optional<? extends TableSource> source =
        stitched
            ? StitchReader.read(fields, problems)
            : SourcePlace.read(fields, problems, folder, storage.map(storages::get));
    String description = fields.text("description");
    String storageHash = fields.text("storage_hash");
    DeclaredRoles roles = DeclaredRoles.read(fields);
    String cadence = cadence();
    List<String> labels = fields.texts("labels");
    List<Column> columns = columns();
    if (stitched) {
      StitchReader.checkColumns(fields, columns);
    }
    boolean onlyDeclared = onlyDeclared(columns, roles);
    List<ForeignKey> foreignKeys = foreignKeys(name);
    if (name.isEmpty() || storage.isEmpty() || source.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DataNode(
            name.get(),
            storage.get(),
            source.get(),
            description,
            storageHash,
            roles.timeIndex(),
            roles.identity(),
            roles.asset(),
            roles.knowledgeTime(),
            roles.snapshotBy(),
            roles.tieBreak(),
            cadence,
            labels == null ? List.of() : labels,
            columns,
            onlyDeclared,
            foreignKeys));
  }

  private Optional<NodeName> name() {
    Optional<String> identifier = fields.required("identifier");
    String namespace = fields.text("namespace");
    if (namespace != null && namespace.equalsIgnoreCase(METADATA_NAMESPACE)) {
      fields.problem(
          "namespace", "Namespace 'metadata' is taken by the tables that describe the catalog");
    }
    return identifier.map(
        text -> new NodeName(namespace == null ? NodeName.DEFAULT_NAMESPACE : namespace, text));
  }

  private Optional<StorageDeclaration> storage() {
    String name = fields.text("storage");
    if (name != null) {
      StorageDeclaration storage = storages.get(name);
      if (storage == null) {
        fields.problem(
            "storage",
            "There is no storage '"
                + fields.raw("storage")
                + "'"
                + Nearest.hint(name, "the storages", storages.keySet()));
      }
      return Optional.ofNullable(storage);
    }
    if (storages.size() == 1) {
      return storages.values().stream().findFirst();
    }
    problems.add(
        fields.place(),
        "Key 'storage' is missing in a node; the storages are "
            + String.join(", ", storages.keySet()));
    return Optional.empty();
  }

  private @Nullable String cadence() {
    String text = fields.text("cadence");
    Optional<String> cadence = Optional.ofNullable(text).flatMap(Cadence::parse);
    if (text != null && cadence.isEmpty()) {
      fields.problem(
          "cadence", "'cadence' is '" + fields.raw("cadence") + "'; expected " + Cadence.EXPECTED);
    }
    return cadence.orElse(null);
  }

  private List<Column> columns() {
    Value value = fields.value("columns");
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof Mapping mapping)) {
      fields.problem(
          "columns",
          "'columns' has to be a mapping of column names, but is "
              + value.kind()
              + "; expected for example close: { dtype: float64 }");
      return List.of();
    }
    List<Column> columns = new ArrayList<>();
    mapping
        .entries()
        .forEach(
            (name, declared) -> {
              if (declared instanceof Scalar scalar && scalar.type() == Scalar.Type.NOTHING) {
                columns.add(Column.of(name, null));
              } else {
                Fields.of(declared, Section.COLUMN, problems)
                    .ifPresent(column -> columns.add(column(name, column)));
              }
            });
    return columns;
  }

  private static Column column(String name, Fields column) {
    String spelled = column.text("dtype");
    Optional<Dtype> dtype = Optional.ofNullable(spelled).flatMap(Dtype::parse);
    if (spelled != null && dtype.isEmpty()) {
      column.problem(
          "dtype",
          "Unknown dtype '"
              + column.raw("dtype")
              + "'"
              + Nearest.hint(spelled, "known dtypes", Dtype.spellings()));
    }
    String unit = column.text("epoch");
    Optional<EpochUnit> epoch = Optional.ofNullable(unit).flatMap(EpochUnit::find);
    if (unit != null && epoch.isEmpty()) {
      column.problem("epoch", "'epoch' is '" + column.raw("epoch") + "'; expected s, ms, us or ns");
    }
    ColumnType type = dtype.map(Dtype::type).orElse(null);
    if (epoch.isPresent() && type != null && type.kind() != ColumnType.Kind.INSTANT) {
      column.problem(
          "epoch",
          "'epoch' makes the column a timestamp with time zone, not the declared "
              + column.raw("dtype"));
    }
    String storedName = column.text("stored_name");
    return new Column(
        name,
        storedName == null ? name : storedName,
        epoch.isPresent() ? ColumnType.INSTANT : type,
        dtype.map(Dtype::token).orElse(null),
        column.text("label"),
        column.text("description"),
        column.text("unit"),
        epoch.orElse(null),
        column.truth("nullable", true));
  }

  private boolean onlyDeclared(List<Column> columns, DeclaredRoles roles) {
    boolean only = fields.truth("only_declared_columns", false);
    if (only && columns.isEmpty()) {
      fields.problem(
          "only_declared_columns", "'only_declared_columns' is true, but no column is declared");
    } else if (only) {
      List<String> declared = columns.stream().map(Column::name).toList();
      for (String role : roles.columns()) {
        if (declared.stream().noneMatch(role::equalsIgnoreCase)) {
          fields.problem(
              "only_declared_columns",
              "Only declared columns are shown, and '" + role + "' is not among them");
        }
      }
    }
    return only;
  }

  private List<ForeignKey> foreignKeys(Optional<NodeName> own) {
    Value value = fields.value("foreign_keys");
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof Sequence sequence)) {
      fields.problem("foreign_keys", "'foreign_keys' has to be a list, but is " + value.kind());
      return List.of();
    }
    List<ForeignKey> keys = new ArrayList<>();
    for (Value item : sequence.items()) {
      Fields.of(item, Section.FOREIGN_KEY, problems)
          .flatMap(key -> foreignKey(key, own))
          .ifPresent(keys::add);
    }
    return keys;
  }

  private Optional<ForeignKey> foreignKey(Fields key, Optional<NodeName> own) {
    Optional<String> target = key.required("node");
    List<String> columns = key.texts("columns");
    List<String> targetColumns = key.texts("node_columns");
    String name = key.text("name");
    if (columns == null || columns.isEmpty()) {
      problems.add(key.place(), "Key 'columns' is missing in a foreign key");
      return Optional.empty();
    }
    if (targetColumns != null && targetColumns.size() != columns.size()) {
      key.problem(
          "node_columns",
          "'node_columns' names "
              + targetColumns.size()
              + " columns; expected "
              + columns.size()
              + ", as many as 'columns'");
    }
    if (target.isEmpty() || own.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ForeignKey(
            name != null ? name : foreignKeyName(own.get(), columns),
            columns,
            CatalogReader.nodeName(target.get()),
            targetColumns == null ? columns : targetColumns));
  }

  /** The name of a foreign key that is given none. */
  static String foreignKeyName(NodeName node, List<String> columns) {
    return node.identifier() + "_" + String.join("_", columns) + "_fkey";
  }
}
