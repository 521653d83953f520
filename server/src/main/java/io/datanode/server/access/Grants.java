package io.datanode.server.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.datanode.jdbc.SqlState;
import io.datanode.schema.NodeGrants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may see which nodes. A user sees what is granted to everybody, to the user or to a role of
 * the user, and nothing else.
 */
public final class Grants {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final List<Grant> grants;

  private Grants(List<Grant> grants) {
    this.grants = grants;
  }

  /** The file as it is written. */
  private record Written(@JsonProperty(value = "grants", required = true) List<Grant> grants) {}

  /**
   * One entry.
   *
   * @param user whom it is for; null, with no role either, for everybody
   * @param nodes patterns of {@link NodeGrants}
   * @param statements {@code all} to see in {@code metadata.queries} what others run, else {@code
   *     own}
   */
  private record Grant(
      @Nullable String user, @Nullable String role, Set<String> nodes, String statements) {
    @JsonCreator
    Grant(
        @JsonProperty("user") @Nullable String user,
        @JsonProperty("role") @Nullable String role,
        @JsonProperty("nodes") @Nullable Set<String> nodes,
        @JsonProperty("statements") @Nullable String statements) {
      this.user = user;
      this.role = role;
      this.nodes = nodes == null ? Set.of() : Set.copyOf(nodes);
      this.statements = statements == null ? "own" : statements;
      if (user != null && role != null) {
        throw new IllegalArgumentException("a grant is for a user or a role, not for both");
      }
      if (!this.statements.equals("own") && !this.statements.equals("all")) {
        throw new IllegalArgumentException(
            "statements is '" + statements + "'; expected own or all");
      }
    }

    boolean isFor(User who) {
      return user == null && role == null
          || who.name().equals(user)
          || (role != null && who.roles().contains(role));
    }
  }

  /**
   * Reads the file.
   *
   * @throws SQLException F0000 naming the line that is wrong
   */
  public static Grants read(Path path) throws IOException, SQLException {
    try {
      return new Grants(
          List.copyOf(YAML.readValue(Files.readString(path), Written.class).grants()));
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
      String message =
          cause instanceof JsonProcessingException json
              ? json.getOriginalMessage()
              : cause.getMessage();
      throw SqlState.CONFIGURATION_ERROR.exception(
          path
              + ":"
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": these are no grants: "
              + message.lines().findFirst().orElse("")
              + "; expected grants: with entries of user or role, and nodes");
    } catch (NullPointerException e) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          path + ": there are no grants; expected 'grants:'");
    }
  }

  /** What a user may see. */
  public NodeGrants of(User user) {
    Set<String> patterns = new HashSet<>();
    boolean statements = false;
    for (Grant grant : grants) {
      if (grant.isFor(user)) {
        patterns.addAll(grant.nodes());
        statements |= grant.statements().equals("all");
      }
    }
    return new NodeGrants(patterns, statements);
  }
}
