package io.datanode.node;

/**
 * The published name of a node: an identifier, unique within its namespace.
 *
 * <p>The namespace is the SQL schema, the identifier the SQL table name. Both keep their case and
 * are looked up ignoring it, unless quoted.
 */
public record NodeName(String namespace, String identifier) implements Comparable<NodeName> {
  /** The namespace of nodes that name none. */
  public static final String DEFAULT_NAMESPACE = "nodes";

  @Override
  public int compareTo(NodeName other) {
    int order = namespace.compareTo(other.namespace);
    return order != 0 ? order : identifier.compareTo(other.identifier);
  }

  /** The identifier alone in the default namespace, else {@code namespace.identifier}. */
  @Override
  public String toString() {
    return namespace.equals(DEFAULT_NAMESPACE) ? identifier : namespace + "." + identifier;
  }
}
