package io.datanode.plan;

import io.datanode.jdbc.session.ResultColumn;
import java.util.List;
import java.util.Map;

/** The tables of schema {@code metadata}: their columns, for planning; the engine fills them. */
public interface MetadataTables {
  /** The schema they are in. */
  String SCHEMA = "metadata";

  /** How far nodes reach; the planner makes a query over nodes of it. */
  String NODE_STATUS = "node_status";

  /** Columns by table name. */
  Map<String, List<ResultColumn>> columns();
}
