package io.datanode.schema;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.Dtype;
import io.datanode.node.Nearest;
import io.datanode.node.Stitch;
import io.datanode.storage.TableDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Says which columns and roles a node has that is stitched from others. */
final class StitchedNode {
  private final DataNode node;
  private final Stitch stitch;
  private final List<ResolvedNode> parts;
  private final ResolvedNode first;

  /**
   * A stitched node.
   *
   * @param parts resolved, in the order in which they are declared
   */
  StitchedNode(DataNode node, Stitch stitch, List<ResolvedNode> parts) {
    this.node = node;
    this.stitch = stitch;
    this.parts = List.copyOf(parts);
    this.first = parts.get(0);
  }

  /**
   * The node.
   *
   * @throws DataNodeException if its parts do not fit together
   */
  ResolvedNode resolved(CatalogSnapshot snapshot) {
    String timeIndex = timeIndex();
    List<String> identity = identity();
    String knowledgeTime = knowledgeTime();
    List<String> key = new ArrayList<>();
    key.add(timeIndex);
    key.addAll(identity);
    key.forEach(this::checkInAllParts);
    List<NodeColumn> columns = columns(key, knowledgeTime);
    checkDeclared(columns);
    String asset =
        node.asset() != null
            ? node.asset()
            : first.asset() != null && identity.contains(first.asset()) ? first.asset() : null;
    TableDescription table =
        new TableDescription(
            List.of(node.name().identifier()), List.of(), List.of(), List.of(), rows(), null);
    return new ResolvedNode(
        node,
        first.storage(),
        table,
        columns,
        timeIndex,
        identity,
        asset,
        knowledgeTime,
        key,
        new NodeForeignKeys(node, table, snapshot).of(columns, asset),
        Map.of(),
        parts);
  }

  private String timeIndex() {
    String name = node.timeIndex() != null ? node.timeIndex() : first.timeIndex();
    if (name == null) {
      throw problem("its part '" + first.node().name() + "' has no time index; declare time_index");
    }
    return spelled(name);
  }

  private List<String> identity() {
    List<String> names = node.identity() != null ? node.identity() : first.identity();
    return names.stream().map(this::spelled).toList();
  }

  private @Nullable String knowledgeTime() {
    if (stitch.overlap() == Stitch.Overlap.NEWEST) {
      for (ResolvedNode part : parts) {
        if (part.knowledgeTime() == null) {
          throw problem(
              "the newest row is to count where its parts overlap, but part '"
                  + part.node().name()
                  + "' has no knowledge time; declare knowledge_time there, or overlap: live or"
                  + " history here");
        }
      }
    }
    if (node.knowledgeTime() != null) {
      return spelled(node.knowledgeTime());
    }
    String name =
        parts.stream()
            .map(ResolvedNode::knowledgeTime)
            .filter(each -> each != null)
            .findFirst()
            .orElse(null);
    boolean shared =
        name != null
            && parts.stream()
                .allMatch(
                    part ->
                        name.equalsIgnoreCase(part.knowledgeTime())
                            || (stitch.sideBySide() && part.knowledgeTime() == null));
    return shared ? spelled(name) : null;
  }

  /** A column's name as the first part that has it spells it. */
  private String spelled(String name) {
    return parts.stream()
        .flatMap(part -> part.column(name).stream())
        .findFirst()
        .map(NodeColumn::name)
        .orElse(name);
  }

  private void checkInAllParts(String name) {
    for (ResolvedNode part : parts) {
      if (part.column(name).isEmpty()) {
        List<String> names = part.columns().stream().map(NodeColumn::name).toList();
        throw problem(
            "its part '"
                + part.node().name()
                + "' has no column '"
                + name
                + "', which with others identifies a row"
                + Nearest.hint(name, "its columns", names));
      }
    }
  }

  private List<NodeColumn> columns(List<String> key, @Nullable String knowledgeTime) {
    Map<String, List<NodeColumn>> byName = new LinkedHashMap<>();
    for (ResolvedNode part : parts) {
      for (NodeColumn column : part.columns()) {
        byName.computeIfAbsent(spelled(column.name()), name -> new ArrayList<>()).add(column);
      }
    }
    List<NodeColumn> columns = new ArrayList<>();
    byName.forEach(
        (name, same) -> {
          if (stitch.sideBySide()
              && same.size() > 1
              && !key.contains(name)
              && !name.equals(knowledgeTime)) {
            throw problem(
                "its parts "
                    + String.join(" and ", having(name))
                    + " both have a column '"
                    + name
                    + "', and side by side only the key and the knowledge time may be in several;"
                    + " publish one of them under another name");
          }
          columns.add(column(name, same, key.contains(name)));
        });
    return columns;
  }

  private List<String> having(String column) {
    return parts.stream()
        .filter(part -> part.column(column).isPresent())
        .map(part -> "'" + part.node().name() + "'")
        .toList();
  }

  private NodeColumn column(String name, List<NodeColumn> same, boolean key) {
    ColumnType type = type(name, same);
    boolean missing = same.size() < parts.size() || (stitch.sideBySide() && !key);
    NodeColumn from = same.get(0);
    Optional<Column> declared = node.column(name);
    return new NodeColumn(
        name,
        name,
        type,
        from.nativeType(),
        type.equals(from.type()) ? from.dtype() : Dtype.token(type),
        (missing || same.stream().anyMatch(NodeColumn::nullable))
            && declared.map(Column::nullable).orElse(true),
        declared.map(Column::label).orElse(from.label()),
        declared.map(Column::description).orElse(from.description()),
        declared.map(Column::unit).orElse(from.unit()));
  }

  /** The one type that holds the values of all parts; whole and floating point numbers mix. */
  private ColumnType type(String name, List<NodeColumn> same) {
    ColumnType type = same.get(0).type();
    NodeTypeFactory types = new NodeTypeFactory();
    for (NodeColumn column : same) {
      ColumnType other = column.type();
      if (other.equals(type)) {
        continue;
      }
      RelDataType a = ColumnTypes.toRel(types, type, true);
      RelDataType b = ColumnTypes.toRel(types, other, true);
      boolean mix =
          type.kind() == other.kind() || (SqlTypeUtil.isNumeric(a) && SqlTypeUtil.isNumeric(b));
      RelDataType both = mix ? types.leastRestrictive(List.of(a, b)) : null;
      if (both == null) {
        throw problem(
            "column '"
                + name
                + "' is "
                + type
                + " in "
                + having(name).get(0)
                + " and "
                + other
                + " in another of its parts; declare the same dtype for both");
      }
      type = ColumnTypes.fromRel(both);
    }
    return type;
  }

  private void checkDeclared(List<NodeColumn> columns) {
    List<String> names = columns.stream().map(NodeColumn::name).toList();
    for (Column declared : node.columns()) {
      if (!names.contains(declared.name())) {
        throw new DataNodeException(
            SqlState.UNDEFINED_COLUMN,
            "Column '"
                + declared.name()
                + "' of node '"
                + node.name()
                + "' is declared, but none of its parts has it"
                + Nearest.hint(declared.name(), "its columns", names));
      }
    }
  }

  private long rows() {
    long rows = 0;
    for (ResolvedNode part : parts) {
      long estimate = part.table().rowEstimate();
      if (estimate < 0) {
        return -1;
      }
      rows = stitch.sideBySide() ? Math.max(rows, estimate) : rows + estimate;
    }
    return rows;
  }

  private DataNodeException problem(String what) {
    return new DataNodeException(
        SqlState.CONFIGURATION_ERROR, "Node '" + node.name() + "' cannot be stitched: " + what);
  }
}
