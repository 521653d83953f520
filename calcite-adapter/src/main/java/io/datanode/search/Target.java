package io.datanode.search;

import org.jspecify.annotations.Nullable;

/**
 * Which node is meant: by its published identifier or by the identity of its table.
 *
 * @param storageHash null if the identifier is given; a text of blanks counts as null
 * @param nodeUniqueIdentifier the published identifier, {@code namespace.identifier} for a node
 *     outside the default namespace; null if the hash is given; blanks count as null. It names a
 *     node, not an asset
 */
public record Target(@Nullable String storageHash, @Nullable String nodeUniqueIdentifier) {

  /**
   * A target.
   *
   * @throws IllegalArgumentException unless exactly one is given
   */
  public Target {
    storageHash = presence(storageHash);
    nodeUniqueIdentifier = presence(nodeUniqueIdentifier);
    if ((storageHash == null) == (nodeUniqueIdentifier == null)) {
      throw new IllegalArgumentException(
          "Exactly one of storage_hash or node_unique_identifier must be provided.");
    }
  }

  /** The node published under this identifier. */
  public static Target node(String identifier) {
    return new Target(null, identifier);
  }

  /** The node over this stored table. */
  public static Target storageHash(String hash) {
    return new Target(hash, null);
  }

  /** The identifier or the hash. */
  public String text() {
    return storageHash != null ? storageHash : String.valueOf(nodeUniqueIdentifier);
  }

  /** The key of JSON that gives it. */
  public String key() {
    return storageHash != null ? "storage_hash" : "node_unique_identifier";
  }

  static @Nullable String presence(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
