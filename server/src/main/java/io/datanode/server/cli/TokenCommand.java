package io.datanode.server.cli;

import io.datanode.server.access.TokenEditor;
import io.datanode.server.access.User;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code token}: makes tokens for users and programs. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Make tokens, whose hashes go to a file that 'serve --tokens' reads, or remove them.",
      "A token is printed once; nothing can tell it again."
    })
final class TokenCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: add, remove or list");
  }

  /** The file, for all commands. */
  static final class TokensFile {
    @Option(
        names = "--tokens",
        required = true,
        paramLabel = "FILE",
        description = "The file of tokens; made if it is not there.")
    Path tokens;
  }

  @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a token.")
  int add(
      @CommandLine.Mixin TokensFile file,
      @Parameters(paramLabel = "NAME", description = "Name of the user it is for.") String name,
      @Option(
              names = "--expires-after",
              paramLabel = "DURATION",
              defaultValue = "P90D",
              description = "How long it is valid, for example P1D (${DEFAULT-VALUE}).")
          Duration expiresAfter,
      @Option(
              names = "--roles",
              split = ",",
              paramLabel = "ROLE",
              description = "Roles whoever has the token gets, with commas between.")
          List<String> roles)
      throws IOException, SQLException {
    Instant expires = Instant.now().plus(expiresAfter).truncatedTo(ChronoUnit.SECONDS);
    Set<String> given = roles == null ? Set.of() : new LinkedHashSet<>(roles);
    String token = new TokenEditor(file.tokens).add(new User(name, given), expires);
    PrintWriter out = spec.commandLine().getOut();
    // Alone on the output, so that it can be sent where it is needed.
    out.println(token);
    spec.commandLine().getErr().println("Token of '" + name + "', valid until " + expires);
    return 0;
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Remove a token, which is then refused.")
  int remove(
      @CommandLine.Mixin TokensFile file,
      @Parameters(paramLabel = "ID", description = "What 'list' calls it.") String id)
      throws IOException, SQLException {
    new TokenEditor(file.tokens).remove(id);
    spec.commandLine().getOut().println("Removed token " + id);
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List tokens: id, user, expiry, roles.")
  int list(@CommandLine.Mixin TokensFile file) throws IOException, SQLException {
    for (TokenEditor.Listed token : new TokenEditor(file.tokens).tokens()) {
      String expires = token.expires() == null ? "never" : token.expires().toString();
      spec.commandLine()
          .getOut()
          .println(
              String.join(
                      " ",
                      token.id(),
                      token.user().name(),
                      expires,
                      String.join(",", token.user().roles()))
                  .stripTrailing());
    }
    return 0;
  }
}
