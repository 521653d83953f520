package io.datanode.server.cli;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.declaration.CatalogText;
import io.datanode.engine.Engine;
import io.datanode.jdbc.SqlState;
import io.datanode.schema.DeclaredCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code catalog export}: writes what a catalog declares as a catalog.yaml. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write what a catalog declares as a catalog.yaml.",
      "",
      "Paths are absolute, or relative to the folder of a storage. References to the environment"
          + " stay references."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode catalog export --catalog postgresql://db/markets > catalog.yaml",
      "  datanode catalog export --catalog ./market-data --output catalog.yaml"
    })
final class CatalogExportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--catalog",
      required = true,
      paramLabel = "PLACE",
      description = "A folder, .duckdb file, catalog.yaml or postgresql://host/database.")
  String catalog;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write to this file, not to stdout.")
  @Nullable Path output;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (DeclaredCatalog from = Engine.openCatalog(catalog)) {
      CatalogSnapshot declared = from.declared();
      String text = CatalogText.of(declared);
      if (output == null) {
        out.print(text);
        out.flush();
      } else {
        write(text, output);
        out.println("Wrote " + declared.nodes().size() + " nodes to " + output);
      }
    }
    return 0;
  }

  private static void write(String text, Path file) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "'" + file + "' cannot be written: " + e.getMessage(), e);
    }
  }
}
