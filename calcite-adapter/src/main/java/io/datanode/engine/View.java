package io.datanode.engine;

import io.datanode.plan.QueryPlanner;
import io.datanode.plan.SqlPlanner;
import io.datanode.schema.GrantedNodes;
import io.datanode.schema.NodeGrants;
import io.datanode.schema.Nodes;
import io.datanode.storage.EmbeddedEngine;

/**
 * An engine as users with the same grants see it: the nodes, and what is remembered of them. Plans
 * and pages of one are never used by another, so what is not granted shows nowhere. Thread-safe.
 *
 * @param metadata the tables that describe them, with the statements of all users
 */
record View(
    Nodes nodes,
    QueryPlanner planner,
    Searches searches,
    Pages pages,
    MetadataSchema metadata,
    NodeGrants grants) {
  /** What users see to whom not everything is granted. */
  static View of(NodeGrants grants, Nodes all, QueryLog log, EmbeddedEngine embedded) {
    Nodes granted = new GrantedNodes(all, grants);
    MetadataSchema metadata = new MetadataSchema(granted, log);
    Pages pages = new Pages();
    return new View(
        granted,
        new SqlPlanner(granted, metadata, embedded.dialect()),
        new Searches(granted, pages),
        pages,
        metadata,
        grants);
  }

  /** The tables that describe them, as one of these users sees them. */
  MetadataSchema metadata(String user) {
    return grants.statementsOfOthers() ? metadata : metadata.withStatementsOf(user);
  }
}
