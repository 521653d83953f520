package io.datanode.server.cli;

import io.datanode.catalog.CatalogChanges;
import io.datanode.catalog.CatalogChanges.Change;
import io.datanode.catalog.CatalogChanges.Kind;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.InvalidCatalogException;
import io.datanode.catalog.WritableCatalog;
import io.datanode.engine.Engine;
import io.datanode.schema.DeclaredCatalog;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code catalog import}: makes a catalog in a database declare what another declares. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make a catalog in a database declare exactly what another declares.",
      "",
      "Nodes that the other does not declare are removed. All is done at once or, if anything is"
          + " wrong, nothing. Prints what is added, changed and removed; the same again changes"
          + " nothing. The tables are made if they are missing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode catalog import catalog.yaml --catalog postgresql://db/markets",
      "  datanode catalog import ./market-data --catalog postgresql://db/markets --dry-run"
    })
final class CatalogImportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "SOURCE", description = "catalog.yaml, or any other catalog.")
  String source;

  @Option(
      names = "--catalog",
      required = true,
      paramLabel = "URL",
      description = "The catalog to change: postgresql://host:5432/database.")
  String catalog;

  @Option(names = "--dry-run", description = "Only print what would change.")
  boolean dryRun;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CatalogSnapshot declared;
    try (DeclaredCatalog from = Engine.openCatalog(source)) {
      declared = from.declared();
    } catch (InvalidCatalogException e) {
      e.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
      return Main.FAILED;
    }
    try (DeclaredCatalog to = Engine.openCatalog(catalog)) {
      WritableCatalog writable = to.writable();
      if (!dryRun) {
        writable.migrate().forEach(out::println);
      }
      print(writable.replace(declared, dryRun), to.location(), out);
    }
    return 0;
  }

  private void print(CatalogChanges changes, String location, PrintWriter out) {
    changes.storages().forEach(change -> print(change, "storage", out));
    changes.nodes().forEach(change -> print(change, "node", out));
    if (changes.assets()) {
      out.println("changed assets");
    }
    if (changes.isEmpty()) {
      out.println("Nothing to change: " + location + " declares the same.");
    } else {
      out.println(
          (dryRun ? "Would import into " : "Imported into ")
              + location
              + ": nodes "
              + count(changes, Kind.ADDED)
              + " added, "
              + count(changes, Kind.CHANGED)
              + " changed, "
              + count(changes, Kind.REMOVED)
              + " removed.");
    }
  }

  private static long count(CatalogChanges changes, Kind kind) {
    return changes.nodes().stream().filter(change -> change.kind() == kind).count();
  }

  private static void print(Change<?> change, String what, PrintWriter out) {
    List<String> words =
        Stream.of(change.kind().name().toLowerCase(Locale.ROOT), what, change.name().toString())
            .toList();
    String keys = change.keys().isEmpty() ? "" : ": " + String.join(", ", change.keys());
    out.println(String.join(" ", words) + keys);
  }
}
