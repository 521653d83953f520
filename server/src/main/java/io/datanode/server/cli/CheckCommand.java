package io.datanode.server.cli;

import io.datanode.DataNodeException;
import io.datanode.catalog.InvalidCatalogException;
import io.datanode.engine.Engine;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.node.DataNode;
import io.datanode.node.NameList;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check}: compares a catalog with its storages and says everything that is wrong. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check a catalog against its storages.",
      "",
      "Prints every problem, one per line, and exits with 1 if there are any; else the nodes with"
          + " their roles. A role marked with * is inferred, not declared."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  datanode check catalog.yaml", "  datanode check ./market-data"})
final class CheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "CATALOG",
      description = "Folder, .duckdb file, catalog.yaml or postgresql://host/database.")
  String catalog;

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    TreeSet<String> problems = new TreeSet<>();
    List<ResolvedNode> nodes = new ArrayList<>();
    try (Engine engine = Engine.open(catalog, Map.of())) {
      check(engine.nodes(), nodes, problems);
    } catch (InvalidCatalogException e) {
      e.problems().forEach(problem -> problems.add(problem.toString()));
    } catch (DataNodeException e) {
      problems.add(e.getMessage());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!problems.isEmpty()) {
      problems.forEach(out::println);
      out.flush();
      spec.commandLine()
          .getErr()
          .println(problems.size() + (problems.size() == 1 ? " problem" : " problems"));
      return Main.FAILED;
    }
    TablePrinter table = new TablePrinter(out, terminal);
    table.begin(columns());
    nodes.forEach(node -> table.row(row(node)));
    table.end();
    return 0;
  }

  private static void check(Nodes nodes, List<ResolvedNode> resolved, TreeSet<String> problems) {
    for (DataNode node : nodes.snapshot().nodes().values()) {
      try {
        nodes.resolve(node.name()).ifPresent(resolved::add);
      } catch (DataNodeException e) {
        problems.add("Node '" + node.name() + "': " + e.getMessage());
      }
    }
    for (String storage : nodes.snapshot().storages().keySet()) {
      try {
        nodes.storage(storage).check();
      } catch (DataNodeException e) {
        problems.add("Storage '" + storage + "': " + e.getMessage());
      }
    }
  }

  private static List<ResultColumn> columns() {
    return List.of(
        ResultColumn.of("node", ColumnType.VARCHAR),
        ResultColumn.of("storage", ColumnType.VARCHAR),
        ResultColumn.of("time_index", ColumnType.VARCHAR),
        ResultColumn.of("identity", ColumnType.VARCHAR),
        ResultColumn.of("knowledge_time", ColumnType.VARCHAR),
        ResultColumn.of("snapshot_by", ColumnType.VARCHAR),
        ResultColumn.of("tie_break", ColumnType.VARCHAR),
        ResultColumn.of("cadence", ColumnType.VARCHAR),
        ResultColumn.of("columns", ColumnType.INTEGER),
        ResultColumn.of("rows", ColumnType.BIGINT));
  }

  private static List<@Nullable String> row(ResolvedNode node) {
    List<@Nullable String> row = new ArrayList<>();
    row.add(node.node().name().toString());
    row.add(node.node().storage());
    row.add(role(node, "time_index", node.timeIndex()));
    row.add(
        role(node, "identity", node.identity().isEmpty() ? null : NameList.join(node.identity())));
    row.add(role(node, "knowledge_time", node.knowledgeTime()));
    row.add(declared(node.snapshotBy()));
    row.add(declared(node.tieBreak()));
    row.add(node.node().cadence() == null ? "" : node.node().cadence());
    row.add(Integer.toString(node.columns().size()));
    row.add(node.table().rowEstimate() < 0 ? "" : Long.toString(node.table().rowEstimate()));
    return row;
  }

  /** A declared list, as the catalog writes it where it is empty. */
  private static String declared(@Nullable List<String> columns) {
    return columns == null ? "" : columns.isEmpty() ? "[]" : NameList.join(columns);
  }

  private static String role(ResolvedNode node, String role, @Nullable String columns) {
    return columns == null ? "" : node.inferred().containsKey(role) ? columns + " *" : columns;
  }
}
