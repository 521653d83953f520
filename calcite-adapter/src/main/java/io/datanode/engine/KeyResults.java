package io.datanode.engine;

import io.datanode.jdbc.JdbcType;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.node.DataNode;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of {@link DatabaseMetaData} about keys and indexes.
 *
 * <p>Beyond JDBC, the table may be null or a pattern: tools draw a whole schema with one call.
 */
final class KeyResults {
  /** Up to so many nodes, files too are asked for the keys that their columns imply. */
  private static final int ASK_ALL = 500;

  private final Nodes nodes;
  private final boolean zoned;
  private final boolean past;

  KeyResults(Nodes nodes, boolean zoned, boolean past) {
    this.nodes = nodes;
    this.zoned = zoned;
    this.past = past;
  }

  void answer(MetadataResults.Answer answer, MetadataCall.Method method, List<Object> arguments) {
    switch (method) {
      case PRIMARY_KEYS:
        primaryKeys(answer, named(arguments, 0));
        break;
      case IMPORTED_KEYS:
        foreignKeyColumns(answer);
        imported(answer, named(arguments, 0), null);
        answer.sort(1, 2, 8);
        break;
      case EXPORTED_KEYS:
        foreignKeyColumns(answer);
        exported(answer, named(arguments, 0));
        answer.sort(5, 6, 8);
        break;
      case CROSS_REFERENCE:
        foreignKeyColumns(answer);
        imported(answer, named(arguments, 3), Set.copyOf(named(arguments, 0)));
        answer.sort(5, 6, 8);
        break;
      case INDEX_INFO:
        indexes(
            answer,
            named(arguments, 0),
            Boolean.TRUE.equals(MetadataResults.argument(arguments, 3)));
        break;
      default:
        bestRowIdentifier(answer, named(arguments, 0));
    }
  }

  /** The nodes named by catalog, schema and table, which begin at an argument. */
  private List<NodeName> named(List<Object> arguments, int first) {
    if (!MetadataResults.fitsNoCatalog(MetadataResults.argument(arguments, first))) {
      return List.of();
    }
    Object schema = MetadataResults.argument(arguments, first + 1);
    Object table = MetadataResults.argument(arguments, first + 2);
    List<NodeName> exact =
        nodes.snapshot().nodes().keySet().stream()
            .filter(
                name ->
                    name.identifier().equals(table)
                        && (schema == null || name.namespace().equals(schema)))
            .toList();
    return exact.isEmpty()
        ? MetadataResults.fitting(nodes, NamePattern.of(schema), NamePattern.of(table))
        : exact;
  }

  private void primaryKeys(MetadataResults.Answer answer, List<NodeName> names) {
    answer
        .text("TABLE_CAT")
        .text("TABLE_SCHEM")
        .text("TABLE_NAME")
        .text("COLUMN_NAME")
        .shortInteger("KEY_SEQ")
        .text("PK_NAME");
    for (ResolvedNode node : resolved(names)) {
      NodeName name = node.node().name();
      int sequence = 0;
      for (String column : key(node)) {
        sequence++;
        answer.row(null, name.namespace(), name.identifier(), column, sequence, keyName(name));
      }
    }
    answer.sort(3, 1, 2);
  }

  private static String keyName(NodeName name) {
    return name.identifier() + "_key";
  }

  private Collection<ResolvedNode> resolved(Collection<NodeName> names) {
    return MetadataSchema.resolvedOrLogged(nodes, names).values();
  }

  /**
   * The columns that identify a row: the key its storage declares, else time index and identity; of
   * a node with knowledge time, of which one version of each row is shown, always these. Empty if
   * that is not known.
   */
  static List<String> key(ResolvedNode node) {
    if (node.knowledgeTime() != null) {
      return node.key();
    }
    List<String> stored = new ArrayList<>();
    for (String column : node.table().primaryKey()) {
      node.columns().stream()
          .filter(each -> each.storedName().equals(column))
          .map(NodeColumn::name)
          .findFirst()
          .ifPresent(stored::add);
    }
    if (!stored.isEmpty() && stored.size() == node.table().primaryKey().size()) {
      return stored;
    }
    return node.key();
  }

  private static void foreignKeyColumns(MetadataResults.Answer answer) {
    answer
        .text("PKTABLE_CAT")
        .text("PKTABLE_SCHEM")
        .text("PKTABLE_NAME")
        .text("PKCOLUMN_NAME")
        .text("FKTABLE_CAT")
        .text("FKTABLE_SCHEM")
        .text("FKTABLE_NAME")
        .text("FKCOLUMN_NAME")
        .shortInteger("KEY_SEQ")
        .shortInteger("UPDATE_RULE")
        .shortInteger("DELETE_RULE")
        .text("FK_NAME")
        .text("PK_NAME")
        .shortInteger("DEFERRABILITY");
  }

  private void imported(
      MetadataResults.Answer answer, List<NodeName> names, @Nullable Set<NodeName> targets) {
    for (ResolvedNode node : resolved(names)) {
      for (ForeignKey key : node.foreignKeys()) {
        if (targets == null || targets.contains(key.target())) {
          foreignKey(answer, node.node().name(), key);
        }
      }
    }
  }

  private void exported(MetadataResults.Answer answer, List<NodeName> targets) {
    Map<NodeName, DataNode> all = nodes.snapshot().nodes();
    Set<NodeName> wanted = Set.copyOf(targets);
    // Files are opened one by one: of many, only what is declared counts.
    boolean few = all.size() <= ASK_ALL;
    Map<NodeName, ResolvedNode> asked =
        MetadataSchema.resolvedOrLogged(
            nodes,
            all.values().stream()
                .filter(node -> few || node.source() instanceof TableSource.Table)
                .map(DataNode::name)
                .toList());
    for (DataNode node : all.values()) {
      ResolvedNode resolved = asked.get(node.name());
      for (ForeignKey key : resolved == null ? node.foreignKeys() : resolved.foreignKeys()) {
        if (wanted.contains(key.target())) {
          foreignKey(answer, node.name(), key);
        }
      }
    }
  }

  private static void foreignKey(MetadataResults.Answer answer, NodeName from, ForeignKey key) {
    for (int i = 0; i < key.columns().size(); i++) {
      answer.row(
          null,
          key.target().namespace(),
          key.target().identifier(),
          key.targetColumns().get(i),
          null,
          from.namespace(),
          from.identifier(),
          key.columns().get(i),
          i + 1,
          DatabaseMetaData.importedKeyNoAction,
          DatabaseMetaData.importedKeyNoAction,
          key.name(),
          keyName(key.target()),
          DatabaseMetaData.importedKeyNotDeferrable);
    }
  }

  private void indexes(MetadataResults.Answer answer, List<NodeName> names, boolean uniqueOnly) {
    answer
        .text("TABLE_CAT")
        .text("TABLE_SCHEM")
        .text("TABLE_NAME")
        .bool("NON_UNIQUE")
        .text("INDEX_QUALIFIER")
        .text("INDEX_NAME")
        .shortInteger("TYPE")
        .shortInteger("ORDINAL_POSITION")
        .text("COLUMN_NAME")
        .text("ASC_OR_DESC")
        .longInteger("CARDINALITY")
        .longInteger("PAGES")
        .text("FILTER_CONDITION");
    for (ResolvedNode node : resolved(names)) {
      NodeName name = node.node().name();
      long estimate = past ? -1 : node.table().rowEstimate();
      if (estimate >= 0) {
        answer.row(
            null,
            name.namespace(),
            name.identifier(),
            false,
            null,
            null,
            (int) DatabaseMetaData.tableIndexStatistic,
            0,
            null,
            null,
            estimate,
            0,
            null);
      }
      int position = 0;
      for (String column : key(node)) {
        position++;
        answer.row(
            null,
            name.namespace(),
            name.identifier(),
            false,
            null,
            keyName(name),
            (int) DatabaseMetaData.tableIndexOther,
            position,
            column,
            "A",
            estimate >= 0 ? estimate : 0,
            0,
            null);
      }
    }
    answer.sort(3, 6, 5, 7, 1, 2);
  }

  private void bestRowIdentifier(MetadataResults.Answer answer, List<NodeName> names) {
    answer
        .shortInteger("SCOPE")
        .text("COLUMN_NAME")
        .integer("DATA_TYPE")
        .text("TYPE_NAME")
        .integer("COLUMN_SIZE")
        .integer("BUFFER_LENGTH")
        .shortInteger("DECIMAL_DIGITS")
        .shortInteger("PSEUDO_COLUMN");
    for (ResolvedNode node : resolved(names)) {
      for (String part : key(node)) {
        for (NodeColumn column : node.columns()) {
          if (column.name().toLowerCase(Locale.ROOT).equals(part.toLowerCase(Locale.ROOT))) {
            answer.row(
                DatabaseMetaData.bestRowSession,
                column.name(),
                JdbcType.number(column.type(), zoned),
                JdbcType.name(column.type()),
                JdbcType.precision(column.type()),
                null,
                TypeFacts.decimalDigits(column.type()),
                DatabaseMetaData.bestRowNotPseudo);
          }
        }
      }
    }
  }
}
