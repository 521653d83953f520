package io.datanode.server.cli;

import io.datanode.DataNodeException;
import io.datanode.engine.Engine;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The program: {@code datanode <command>}. */
@Command(
    name = "datanode",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "SQL over every published data node, through one JDBC URL.",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      QueryCommand.class,
      ShellCommand.class,
      PublishCommand.class,
      CheckCommand.class,
      CatalogCommand.class,
      UserCommand.class,
      TokenCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the command failed, or the check found problems", "2:wrong usage"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  datanode demo",
      "  datanode serve --catalog ./market-data",
      "  datanode query \"SELECT * FROM daily_prices LIMIT 10\" --catalog ./market-data",
      "  datanode shell ./market-data",
      "",
      "Every option can also be given as environment variable (--max-sessions is",
      "DATANODE_MAX_SESSIONS) or as key of a YAML file (max-sessions: 100) that --config names."
    })
public final class Main {
  /** The query or check failed, or the server could not start. */
  static final int FAILED = 1;

  private static final Logger LOGGER = LoggerFactory.getLogger(Main.class);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = CommandLine.ScopeType.INHERIT,
      description = "YAML file with values for options.")
  @Nullable String config;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = CommandLine.ScopeType.INHERIT,
      description = "error, warn, info or debug: how much is logged on stderr.")
  @Nullable LogLevel logLevel;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      scope = CommandLine.ScopeType.INHERIT,
      description = "text or json: how each event is written.")
  @Nullable LogFormat logFormat;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    Terminal terminal = Terminal.ofProcess(System.getenv());
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, System.getenv(), terminal, out, err));
  }

  /**
   * Runs a command.
   *
   * @return its exit code
   */
  static int run(
      String[] args,
      Map<String, String> environment,
      Terminal terminal,
      PrintWriter out,
      PrintWriter err) {
    CommandLine commandLine = new CommandLine(new Main(), new Factory(terminal));
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(false);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          out.flush();
          command.getErr().println(message(failure));
          return FAILED;
        });
    commandLine.setParameterExceptionHandler(
        (failure, parsed) -> {
          CommandLine command = failure.getCommandLine();
          command.getErr().println(failure.getMessage());
          command
              .getErr()
              .println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
          return CommandLine.ExitCode.USAGE;
        });
    commandLine.setExecutionStrategy(
        parsed -> {
          Main main = (Main) commandLine.getCommandSpec().userObject();
          LogLines.configure(
              main.logLevel == null ? LogLevel.WARN : main.logLevel,
              main.logFormat == null ? LogFormat.TEXT : main.logFormat);
          if (!parsed.hasSubcommand() && !CommandLine.printHelpIfRequested(parsed)) {
            commandLine.usage(out);
            return CommandLine.ExitCode.OK;
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    try {
      commandLine.setDefaultValueProvider(OptionValues.of(args, environment, commandLine));
      return commandLine.execute(args);
    } catch (DataNodeException e) {
      err.println(message(e));
      return CommandLine.ExitCode.USAGE;
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** What a user is told of a failure: never a stack trace. */
  static String message(Throwable failure) {
    if (failure instanceof SQLException sql) {
      return "error " + sql.getSQLState() + ": " + sql.getMessage();
    }
    if (failure instanceof DataNodeException known) {
      return "error " + known.sqlState() + ": " + known.getMessage();
    }
    LOGGER.debug("The command failed", failure);
    return "internal error: "
        + failure
        + "\nThis is a defect; run again with --log-level debug to see where.";
  }

  /** Versions, as {@code --version} prints them. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        Engine.PRODUCT_NAME + " " + Engine.version(),
        "Java " + Runtime.version() + ", " + System.getProperty("os.name")
      };
    }
  }

  /** Hands the terminal to commands that want it. */
  private record Factory(Terminal terminal) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        return type.getDeclaredConstructor(Terminal.class).newInstance(terminal);
      } catch (NoSuchMethodException e) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }
}
