package io.datanode.plan;

import io.datanode.plan.time.LatestRows;
import io.datanode.plan.time.NodeVersions;
import io.datanode.schema.ResolvedNode;
import org.apache.calcite.rel.RelNode;

/** What the names of a node stand for, for those who plan without {@link SqlPlanner}. */
public final class NewestVersions {
  private NewestVersions() {}

  /**
   * The newest version of each row.
   *
   * @param stored all rows of the node, with its columns in their order
   * @return the same rows if the node keeps no versions
   */
  public static RelNode of(RelNode stored, ResolvedNode node) {
    return NodeVersions.newest(stored, node);
  }

  /**
   * The newest row of each identity, or all at the newest time of what is published as a whole.
   *
   * @param stored as above
   * @param node has a time index
   */
  public static RelNode latest(RelNode stored, ResolvedNode node) {
    return LatestRows.of(of(stored, node), node);
  }
}
