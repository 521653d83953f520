package io.datanode.plan;

import io.datanode.plan.time.NodeVersions;
import io.datanode.schema.ResolvedNode;
import org.apache.calcite.rel.RelNode;

/** What a node's own name stands for, for those who plan without {@link SqlPlanner}. */
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
}
