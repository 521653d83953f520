package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.node.Nearest;
import io.datanode.node.PublicationLag;
import io.datanode.node.RoleInference;
import io.datanode.storage.TableDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which columns of a node have which role: as declared, as the storage knows, or inferred. */
final class NodeRoles {
  private final DataNode node;

  NodeRoles(DataNode node) {
    this.node = node;
  }

  /**
   * The roles, with the exact names of their columns.
   *
   * @throws DataNodeException 42703 if one is declared of a column that is not there
   */
  RoleInference.Roles of(TableDescription table, List<NodeColumn> columns) {
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
        RoleInference.infer(completed(table.roles(), publishedByStored), fields, primaryKey);
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
  private DataNode completed(
      TableDescription.@Nullable Roles told, Map<String, String> publishedByStored) {
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

  /**
   * Refuses roles that the types and places of their columns do not allow.
   *
   * @throws DataNodeException 42804 for a time that is none or a tie-break without order, F0000 for
   *     a snapshot that is not by identity columns
   */
  void check(RoleInference.Roles roles, List<NodeColumn> columns) {
    checkTime(roles.timeIndex(), columns);
    checkTime(roles.knowledgeTime(), columns);
    checkPicks(roles, columns);
  }

  /** Refuses a role of time for what is no time. */
  private void checkTime(@Nullable String name, List<NodeColumn> columns) {
    if (name == null) {
      return;
    }
    for (NodeColumn column : columns) {
      if (column.name().equals(name) && !ShownTable.TIMES.contains(column.type().kind())) {
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            columnOf(node, name)
                + " is to be a time, but is stored as "
                + column.nativeType()
                + "; give it dtype: datetime or date, or for a number since 1970 epoch: ms");
      }
    }
  }

  /** Refuses what is declared of columns that cannot be that. */
  private void checkPicks(RoleInference.Roles roles, List<NodeColumn> columns) {
    List<String> snapshotBy = Optional.ofNullable(node.snapshotBy()).orElse(List.of());
    for (String name : snapshotBy) {
      if (!roles.identity().contains(published("snapshot_by", name, columns))) {
        throw new DataNodeException(
            SqlState.CONFIGURATION_ERROR,
            columnOf(node, name)
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
            columnOf(node, name)
                + " is declared as tie_break, but values of its type have no order here");
      }
    }
  }

  static String columnOf(DataNode node, String column) {
    return "Column '" + column + "' of node '" + node.name() + "'";
  }
}
