package io.datanode.schema;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.storage.Storage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node as it was resolved, with the part of the snapshot that went into it beside its own
 * declaration.
 */
record KnownNode(ResolvedNode resolved, @Nullable NodeName assetsNode, @Nullable String assetsKey) {
  static KnownNode of(ResolvedNode resolved, CatalogSnapshot snapshot) {
    return new KnownNode(
        resolved, snapshot.assetsNode().orElse(null), snapshot.assetsKey().orElse(null));
  }

  /** True if plans made with one hold with the other: all but the number of rows is the same. */
  boolean sameShape(KnownNode other) {
    ResolvedNode a = resolved;
    ResolvedNode b = other.resolved;
    return a.node().equals(b.node())
        && a.storage() == b.storage()
        && a.table().path().equals(b.table().path())
        && a.table().uniqueKeys().equals(b.table().uniqueKeys())
        && a.columns().equals(b.columns())
        && a.key().equals(b.key())
        && Objects.equals(a.timeIndex(), b.timeIndex())
        && Objects.equals(a.knowledgeTime(), b.knowledgeTime())
        && Objects.equals(a.snapshotBy(), b.snapshotBy())
        && Objects.equals(a.tieBreak(), b.tieBreak())
        && a.foreignKeys().equals(b.foreignKeys());
  }

  /** True if the node is declared as it was, and in the same storage. */
  boolean fits(DataNode node, Storage storage, CatalogSnapshot snapshot) {
    return resolved.node().equals(node)
        && resolved.storage() == storage
        && Objects.equals(assetsNode, snapshot.assetsNode().orElse(null))
        && Objects.equals(assetsKey, snapshot.assetsKey().orElse(null));
  }
}
