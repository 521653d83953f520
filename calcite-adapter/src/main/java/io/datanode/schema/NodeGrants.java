package io.datanode.schema;

import io.datanode.node.NodeName;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a user may see.
 *
 * @param patterns names of nodes, in which {@code *} stands for any characters: {@code
 *     namespace.identifier}, or an identifier alone for the default namespace. So {@code *} is
 *     every node of the default namespace, and {@code *.*} every node there is
 * @param statementsOfOthers true to see in {@code metadata.queries} what others run
 */
public record NodeGrants(Set<String> patterns, boolean statementsOfOthers) {
  /** Everything. */
  public static final NodeGrants ALL = new NodeGrants(Set.of("*.*"), true);

  public NodeGrants {
    patterns = Set.copyOf(patterns);
  }

  /** True if the user may see this node. Upper and lower case are different. */
  public boolean allow(NodeName name) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, NodeName name) {
    int dot = pattern.indexOf('.');
    if (dot < 0) {
      return name.namespace().equals(NodeName.DEFAULT_NAMESPACE)
          && matches(pattern, name.identifier());
    }
    return matches(pattern.substring(0, dot), name.namespace())
        && matches(pattern.substring(dot + 1), name.identifier());
  }

  private static boolean matches(String pattern, String text) {
    if (pattern.equals("*") || pattern.equals(text)) {
      return true;
    }
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }
}
