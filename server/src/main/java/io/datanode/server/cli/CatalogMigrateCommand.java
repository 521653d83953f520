package io.datanode.server.cli;

import io.datanode.engine.Engine;
import io.datanode.schema.DeclaredCatalog;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code catalog migrate}: makes the tables of a catalog, or brings them up to date. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Make the tables of a catalog, or bring older ones up to date.",
      "",
      "Needs a user who may create tables. What they hold is kept."
    },
    footerHeading = "%nExamples:%n",
    footer = "  datanode catalog migrate --catalog postgresql://owner@db/markets")
final class CatalogMigrateCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--catalog",
      required = true,
      paramLabel = "URL",
      description = "The catalog: postgresql://host:5432/database.")
  String catalog;

  @Override
  public Integer call() {
    try (DeclaredCatalog opened = Engine.openCatalog(catalog)) {
      print(opened.writable().migrate(), opened.location(), spec.commandLine().getOut());
    }
    return 0;
  }

  /** Says what migrations did. */
  static void print(List<String> done, String location, PrintWriter out) {
    done.forEach(out::println);
    if (done.isEmpty()) {
      out.println("The tables of " + location + " are up to date.");
    }
  }
}
