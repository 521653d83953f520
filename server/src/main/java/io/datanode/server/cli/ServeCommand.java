package io.datanode.server.cli;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.engine.Engine;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.schema.DeclaredCatalog;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: serves a catalog until stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Serve the nodes of a catalog to JDBC clients until stopped.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode serve --catalog ./market-data          a folder of Parquet or CSV files",
      "  datanode serve --catalog market.duckdb          tables of a DuckDB file",
      "  datanode serve --catalog postgresql://db/markets",
      "  datanode serve --catalog catalog.yaml --port 0 --log-level info"
    })
final class ServeCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--catalog",
      required = true,
      paramLabel = "PATH",
      description = "Folder, .duckdb file, catalog.yaml or postgresql://host/database to serve.")
  String catalog;

  @Option(
      names = "--migrate-catalog",
      description = "First make the tables of a catalog in a database, or bring them up to date.")
  boolean migrateCatalog;

  @Mixin ServerOptions options;

  @Override
  public Integer call() throws SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (migrateCatalog) {
      try (DeclaredCatalog opened = Engine.openCatalog(catalog)) {
        opened.writable().migrate().forEach(out::println);
      }
    }
    EngineServer serving = EngineServer.start(catalog, options);
    CatalogSnapshot snapshot = serving.engine().nodes().snapshot();
    out.println(
        "Serving "
            + snapshot.nodes().size()
            + " nodes of "
            + ConnectUrl.shown(catalog)
            + "; Ctrl-C stops.");
    out.println("  JDBC            " + serving.server().jdbcUrl());
    out.println(
        "  stock Avatica   jdbc:avatica:remote:url="
            + serving.server().httpUrl()
            + ";timeZone=UTC");
    out.flush();
    serving.serveUntilStopped();
    return 0;
  }
}
