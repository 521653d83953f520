package io.datanode.server.access;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes a file of tokens, leaving other lines as they are. */
public final class TokenEditor {
  /** Digits of its hash that name a token; 48 bits. */
  private static final int ID_LENGTH = 12;

  private final Path path;
  private final ProtectedFile file;

  /** An editor of a file, which need not be there yet. */
  public TokenEditor(Path path) {
    this.path = path;
    this.file = new ProtectedFile(path);
  }

  /**
   * A token as the file knows it.
   *
   * @param id names it; of no use to log in
   * @param expires null for a token that does not
   */
  public record Listed(String id, User user, @Nullable Instant expires) {}

  /** The tokens of the file, in its order. */
  public List<Listed> tokens() throws IOException, SQLException {
    if (!Files.exists(path)) {
      return List.of();
    }
    return TokenFile.read(path).values().stream()
        .map(
            entry ->
                new Listed(
                    id(entry.hash()), new User(entry.user(), entry.roles()), entry.expires()))
        .toList();
  }

  private static String id(String hash) {
    return hash.substring(0, ID_LENGTH);
  }

  /**
   * Makes a token.
   *
   * @param expires null for a token that does not
   * @return the token, which nothing can tell again
   * @throws SQLException 22023 if the user cannot have this name
   */
  public String add(User user, @Nullable Instant expires) throws IOException, SQLException {
    if (!User.isName(user.name())) {
      throw SqlState.INVALID_PARAMETER.exception(
          "A user cannot have this name; expected 1 to 256 visible characters without ':'");
    }
    String token = TokenFile.newToken();
    List<String> lines = file.lines();
    lines.add(
        new TokenFile.Entry(TokenFile.hash(token), user.name(), expires, user.roles()).line());
    file.write(lines);
    return token;
  }

  /**
   * Removes a token.
   *
   * @param id as {@link #tokens} tells it
   * @throws SQLException 22023 if there is none with this id
   */
  public void remove(String id) throws IOException, SQLException {
    Set<String> ids = Set.copyOf(tokens().stream().map(Listed::id).toList());
    if (!ids.contains(id)) {
      throw SqlState.INVALID_PARAMETER.exception(
          "There is no token '" + id + "' in '" + path + "'; there are " + ids);
    }
    file.write(file.lines().stream().filter(line -> !line.startsWith(id)).toList());
  }
}
