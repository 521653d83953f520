package io.datanode.server.access;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes a file of users with hashes of their passwords, leaving other lines as they are. */
public final class UserEditor {
  private static final int SHORTEST_PASSWORD = 8;

  private final Path path;
  private final ProtectedFile file;

  /** An editor of a file, which need not be there yet. */
  public UserEditor(Path path) {
    this.path = path;
    this.file = new ProtectedFile(path);
  }

  /** Users with their roles, in the order of the file. */
  public List<User> users() throws IOException, SQLException {
    return entries().values().stream().map(entry -> new User(entry.name(), entry.roles())).toList();
  }

  private Map<String, PasswordFile.Entry> entries() throws IOException, SQLException {
    return Files.exists(path) ? PasswordFile.read(path) : Map.of();
  }

  /**
   * Adds a user.
   *
   * @throws SQLException 22023 if the user is there, or name, role or password will not do
   */
  public void add(String name, String password, Set<String> roles)
      throws IOException, SQLException {
    if (!User.isName(name)) {
      throw SqlState.INVALID_PARAMETER.exception(
          "A user cannot have this name; expected 1 to 256 visible characters without ':'");
    }
    for (String role : roles) {
      if (!User.isName(role) || role.indexOf(',') >= 0) {
        throw SqlState.INVALID_PARAMETER.exception("'" + role + "' cannot be a role");
      }
    }
    if (entries().containsKey(name)) {
      throw SqlState.INVALID_PARAMETER.exception(
          "User '" + name + "' is in '" + path + "'; to change the password use 'user passwd'");
    }
    List<String> lines = file.lines();
    lines.add(new PasswordFile.Entry(name, hash(password), roles).line());
    file.write(lines);
  }

  /**
   * Changes the password of a user.
   *
   * @throws SQLException 22023 if there is none of this name, or the password will not do
   */
  public void changePassword(String name, String password) throws IOException, SQLException {
    PasswordFile.Entry old = entry(name);
    replace(name, List.of(new PasswordFile.Entry(name, hash(password), old.roles()).line()));
  }

  /**
   * Removes a user.
   *
   * @throws SQLException 22023 if there is none of this name
   */
  public void remove(String name) throws IOException, SQLException {
    entry(name);
    replace(name, List.of());
  }

  private PasswordFile.Entry entry(String name) throws IOException, SQLException {
    PasswordFile.Entry entry = entries().get(name);
    if (entry == null) {
      throw SqlState.INVALID_PARAMETER.exception(
          "There is no user '" + name + "' in '" + path + "'");
    }
    return entry;
  }

  private void replace(String name, List<String> by) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : file.lines()) {
      if (line.strip().startsWith(name + ":")) {
        lines.addAll(by);
      } else {
        lines.add(line);
      }
    }
    file.write(lines);
  }

  private static PasswordHash hash(String password) throws SQLException {
    if (password.length() < SHORTEST_PASSWORD) {
      throw SqlState.INVALID_PARAMETER.exception(
          "The password is too short; expected " + SHORTEST_PASSWORD + " characters or more");
    }
    return PasswordHash.of(password);
  }
}
