package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.Dtype;
import io.datanode.node.RoleInference;
import io.datanode.storage.Storage;
import io.datanode.storage.StorageColumn;
import io.datanode.storage.TableDescriber;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins what a catalog declares of one node with what its storage knows of the table: columns and
 * their types, roles, keys.
 */
final class NodeResolver {
  // pandas writes an index without name under such a name.
  private static final Pattern PANDAS_INDEX = Pattern.compile("__index_level_[0-9]+__");

  private final DataNode node;
  private final Storage storage;
  private final CatalogSnapshot snapshot;
  private final ShownTable table;
  private final NodeRoles roles;

  private NodeResolver(
      DataNode node, Storage storage, TableDescriber tables, CatalogSnapshot snapshot) {
    this.node = node;
    this.storage = storage;
    this.snapshot = snapshot;
    this.table = new ShownTable(node, storage, tables);
    this.roles = new NodeRoles(node);
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
    List<NodeColumn> columns = columns();
    RoleInference.Roles found = roles.of(table.description(), columns);
    if (found.timeIndex() == null || !RoleInference.namesTime(found.timeIndex())) {
      if (table.convertEpoch(columns) || table.showPartitions(found)) {
        columns = columns();
        found = roles.of(table.description(), columns);
      }
    }
    if (table.convertUtc(columns, found)) {
      columns = columns();
    }
    roles.check(found, columns);
    Map<String, String> how = new LinkedHashMap<>(found.how());
    table.inferred().forEach((role, words) -> how.merge(role, words, (a, b) -> a + "; " + b));
    return new ResolvedNode(
        node,
        storage,
        table.description(),
        columns,
        found.timeIndex(),
        found.identity(),
        found.asset(),
        found.knowledgeTime(),
        found.key(),
        new NodeForeignKeys(node, table.description(), snapshot).of(columns, found.asset()),
        how);
  }

  private List<NodeColumn> columns() {
    Map<String, StorageColumn> storedByName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    table.description().columns().forEach(stored -> storedByName.put(stored.name(), stored));
    Map<String, Column> declaredByName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    node.columns().forEach(column -> declaredByName.put(column.storedName(), column));
    List<NodeColumn> columns = new ArrayList<>();
    if (node.onlyDeclaredColumns()) {
      node.columns().forEach(column -> columns.add(column(table.stored(column), column)));
    } else {
      boolean hidesIndex =
          storedByName.values().stream()
              .anyMatch(
                  stored ->
                      !PANDAS_INDEX.matcher(stored.name()).matches()
                          && (ShownTable.TIMES.contains(stored.type().kind())
                              || RoleInference.epochCandidate(
                                      List.of(
                                          new RoleInference.Field(stored.name(), stored.type())))
                                  .isPresent()));
      for (StorageColumn stored : table.description().columns()) {
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
}
