package io.datanode.plan;

import io.datanode.jdbc.session.ResultColumn;
import java.util.List;
import java.util.Map;

/** The tables of schema {@code metadata}: their columns, for planning; the engine fills them. */
public interface MetadataTables {
  /** The schema they are in. */
  String SCHEMA = "metadata";

  /** Columns by table name. */
  Map<String, List<ResultColumn>> columns();
}
