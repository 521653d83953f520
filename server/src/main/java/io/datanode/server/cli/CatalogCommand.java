package io.datanode.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code catalog}: copies what catalogs declare. */
@Command(
    name = "catalog",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Copy catalogs into and out of a database.",
      "",
      "A catalog in PostgreSQL is shared by many servers: postgresql://host:5432/database. User and"
          + " password come from PGUSER and PGPASSWORD, or ~/.pgpass."
    },
    subcommands = {
      CatalogImportCommand.class,
      CatalogExportCommand.class,
      CatalogMigrateCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode catalog import catalog.yaml --catalog postgresql://db/markets --dry-run",
      "  datanode catalog export --catalog postgresql://db/markets > catalog.yaml"
    })
final class CatalogCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    CommandLine command = spec.commandLine();
    throw new ParameterException(
        command,
        "Missing command; expected one of " + String.join(", ", command.getSubcommands().keySet()));
  }
}
