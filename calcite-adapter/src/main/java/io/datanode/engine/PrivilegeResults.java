package io.datanode.engine;

import io.datanode.jdbc.session.MetadataCall.Method;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.plan.MetadataTables;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of {@link java.sql.DatabaseMetaData} about privileges: the user may SELECT from
 * every table there is for him, since a node that is not granted is not there, and nobody may do
 * anything else. Who granted it is not told.
 */
final class PrivilegeResults {
  /** What standard SQL calls everybody. */
  private static final String EVERYBODY = "PUBLIC";

  private final Nodes nodes;
  private final String grantee;

  /**
   * Privileges of a user.
   *
   * @param user empty if nobody logged in
   */
  PrivilegeResults(Nodes nodes, String user) {
    this.nodes = nodes;
    this.grantee = user.isEmpty() ? EVERYBODY : user;
  }

  void answer(MetadataResults.Answer answer, Method method, List<Object> arguments) {
    boolean columns = method == Method.COLUMN_PRIVILEGES;
    answer.text("TABLE_CAT").text("TABLE_SCHEM").text("TABLE_NAME");
    if (columns) {
      answer.text("COLUMN_NAME");
    }
    answer.text("GRANTOR").text("GRANTEE").text("PRIVILEGE").text("IS_GRANTABLE");
    if (!MetadataResults.fitsNoCatalog(MetadataResults.argument(arguments, 0))) {
      return;
    }
    if (columns) {
      columns(answer, arguments);
      answer.sort(3, 1, 2);
    } else {
      tables(answer, arguments);
      answer.sort(1, 2);
    }
  }

  private void tables(MetadataResults.Answer answer, List<Object> arguments) {
    NamePattern schemas = NamePattern.of(MetadataResults.argument(arguments, 1));
    NamePattern tables = NamePattern.of(MetadataResults.argument(arguments, 2));
    for (DataNode node : nodes.snapshot().nodes().values()) {
      NodeName name = node.name();
      if (schemas.fits(name.namespace()) && tables.fits(name.identifier())) {
        row(answer, name.namespace(), name.identifier());
      }
    }
    if (schemas.fits(MetadataTables.SCHEMA)) {
      for (MetadataDescription.Table table : MetadataDescription.tables()) {
        if (tables.fits(table.name())) {
          row(answer, MetadataTables.SCHEMA, table.name());
        }
      }
    }
  }

  /** Of one table, as JDBC lays down; of all tables or schemas where it is not named. */
  private void columns(MetadataResults.Answer answer, List<Object> arguments) {
    Object schema = MetadataResults.argument(arguments, 1);
    Object table = MetadataResults.argument(arguments, 2);
    NamePattern columns = NamePattern.of(MetadataResults.argument(arguments, 3));
    List<NodeName> names = new ArrayList<>();
    for (NodeName name : nodes.snapshot().nodes().keySet()) {
      if (named(schema, name.namespace()) && named(table, name.identifier())) {
        names.add(name);
      }
    }
    Map<NodeName, ResolvedNode> resolved = MetadataSchema.resolvedOrLogged(nodes, names);
    resolved.forEach(
        (name, node) -> {
          for (NodeColumn column : node.columns()) {
            if (columns.fits(column.name())) {
              row(answer, name.namespace(), name.identifier(), column.name());
            }
          }
        });
    for (MetadataDescription.Table each : MetadataDescription.tables()) {
      if (named(schema, MetadataTables.SCHEMA) && named(table, each.name())) {
        for (MetadataDescription.TableColumn column : each.columns()) {
          if (columns.fits(column.name())) {
            row(answer, MetadataTables.SCHEMA, each.name(), column.name());
          }
        }
      }
    }
  }

  private static boolean named(@Nullable Object wanted, String name) {
    return wanted == null || Objects.equals(wanted, name);
  }

  private void row(MetadataResults.Answer answer, String schema, String table) {
    answer.row(null, schema, table, null, grantee, "SELECT", "NO");
  }

  private void row(MetadataResults.Answer answer, String schema, String table, String column) {
    answer.row(null, schema, table, column, null, grantee, "SELECT", "NO");
  }
}
