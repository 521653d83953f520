package io.datanode.server.cli;

import io.datanode.jdbc.SqlState;
import io.datanode.server.access.User;
import io.datanode.server.access.UserEditor;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
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

/** {@code user}: says who may connect to a server with a password. */
@Command(
    name = "user",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Add users to a file that 'serve --users' reads, or change or remove them.",
      "Passwords are asked for, or read as a line of the input; never given as arguments."
    })
final class UserCommand implements Runnable {
  @Spec CommandSpec spec;

  private final Terminal terminal;

  UserCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing command: add, passwd, remove or list");
  }

  /** The file, for all commands. */
  static final class UsersFile {
    @Option(
        names = "--users",
        required = true,
        paramLabel = "FILE",
        description = "The file of users; made if it is not there.")
    Path users;
  }

  @Command(name = "add", mixinStandardHelpOptions = true, description = "Add a user.")
  int add(
      @CommandLine.Mixin UsersFile file,
      @Parameters(paramLabel = "NAME", description = "Name of the user.") String name,
      @Option(
              names = "--roles",
              split = ",",
              paramLabel = "ROLE",
              description = "Roles of the user, with commas between.")
          List<String> roles)
      throws IOException, SQLException {
    UserEditor editor = new UserEditor(file.users);
    if (editor.users().stream().anyMatch(user -> user.name().equals(name))) {
      throw SqlState.INVALID_PARAMETER.exception(
          "User '" + name + "' is there already; to change the password use 'user passwd'");
    }
    Set<String> given = roles == null ? Set.of() : new LinkedHashSet<>(roles);
    editor.add(name, terminal.newPassword(name), given);
    spec.commandLine().getOut().println("Added user '" + name + "' to " + file.users);
    return 0;
  }

  @Command(name = "passwd", mixinStandardHelpOptions = true, description = "Change a password.")
  int passwd(
      @CommandLine.Mixin UsersFile file,
      @Parameters(paramLabel = "NAME", description = "Name of the user.") String name)
      throws IOException, SQLException {
    new UserEditor(file.users).changePassword(name, terminal.newPassword(name));
    spec.commandLine().getOut().println("Changed the password of '" + name + "'");
    return 0;
  }

  @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a user.")
  int remove(
      @CommandLine.Mixin UsersFile file,
      @Parameters(paramLabel = "NAME", description = "Name of the user.") String name)
      throws IOException, SQLException {
    new UserEditor(file.users).remove(name);
    spec.commandLine().getOut().println("Removed user '" + name + "'");
    return 0;
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List users and roles.")
  int list(@CommandLine.Mixin UsersFile file) throws IOException, SQLException {
    for (User user : new UserEditor(file.users).users()) {
      spec.commandLine()
          .getOut()
          .println((user.name() + " " + String.join(",", user.roles())).stripTrailing());
    }
    return 0;
  }
}
