package io.datanode.server.cli;

import io.datanode.node.NameList;
import io.datanode.node.NodeName;
import io.datanode.publish.PublishRequest;
import io.datanode.publish.Published;
import io.datanode.publish.Publisher;
import io.datanode.publish.RowSource;
import io.datanode.storage.WriteMode;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code publish}: makes rows of files or of a query a node, or changes the rows of one. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Publish rows of files, or of a query, as a node.",
      "",
      "The rows are checked first: they have a time, no two have the same index, and they have the"
          + " columns of a node that is there. All of them become visible at once or, if anything"
          + " is wrong, none. The catalog is a catalog.yaml or one in PostgreSQL."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode publish prices.parquet --catalog catalog.yaml --identifier prices",
      "  datanode publish new.csv --catalog . --identifier prices --mode upsert",
      "  datanode publish --catalog postgresql://db/markets --identifier highs \\",
      "    --storage desk --query \"SELECT time_index, asset_identifier, high FROM prices\""
    })
final class PublishCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Parquet or CSV files, or a folder or .duckdb file that holds one table.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--query",
      paramLabel = "SQL",
      description = "Instead of files: a query over the nodes of the catalog. Its zone is UTC.")
  @Nullable String query;

  @Option(
      names = "--catalog",
      required = true,
      paramLabel = "PLACE",
      description = "A catalog.yaml, its folder, or postgresql://host/database.")
  String catalog;

  @Option(
      names = "--identifier",
      required = true,
      paramLabel = "NAME",
      description = "The name of the node.")
  String identifier;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = NodeName.DEFAULT_NAMESPACE,
      description = "The namespace of the node (${DEFAULT-VALUE}).")
  String namespace;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "create",
      description =
          "create: a node that is not there. append: rows with new keys. upsert: new rows take the"
              + " place of those with their keys. replace: of all rows (${DEFAULT-VALUE}).")
  WriteMode mode;

  @Option(
      names = "--utc",
      description = "Take times of the time index and knowledge time without a zone for UTC.")
  boolean utc;

  @Option(names = "--dry-run", description = "Do all but the last step, so that nothing changes.")
  boolean dryRun;

  @Mixin NewNodeOptions node = new NewNodeOptions();

  @Override
  public Integer call() throws SQLException {
    if (files.isEmpty() == (query == null)) {
      throw new ParameterException(
          spec.commandLine(), "Expected either files or --query, which give the rows");
    }
    if (mode != WriteMode.CREATE) {
      node.refuse("describes a new node; what is there is described in the catalog");
    }
    Published published =
        Publisher.publish(
            catalog,
            new PublishRequest(
                new NodeName(namespace, identifier),
                query == null ? new RowSource.Locations(files) : new RowSource.Query(query),
                mode,
                utc,
                dryRun,
                node.values()));
    print(published, spec.commandLine().getOut());
    return 0;
  }

  private void print(Published published, PrintWriter out) {
    out.println(
        (dryRun ? "Would publish " : "Published ")
            + published.name()
            + ": "
            + count(published.rows(), "row")
            + (published.assets() < 0 ? "" : ", " + count(published.assets(), "asset"))
            + (published.first() == null
                ? ""
                : ", " + published.first() + " to " + published.last())
            + (mode == WriteMode.UPSERT || mode == WriteMode.REPLACE
                ? "; " + count(published.replaced(), "row") + " replaced"
                : ""));
    out.println("  in       " + published.place());
    out.println("  index    " + NameList.join(published.key()));
    out.println(
        "  columns  "
            + published.columns().stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", ")));
  }

  private static String count(long count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }
}
