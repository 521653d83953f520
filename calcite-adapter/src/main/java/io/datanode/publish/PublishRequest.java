package io.datanode.publish;

import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.storage.WriteMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be published.
 *
 * @param name of the node
 * @param rows where its rows come from
 * @param mode what becomes of the rows it has
 * @param utc true to take times without a zone in the time index and the knowledge time for UTC
 * @param dryRun true to do all but the last step, so that nothing changes
 * @param node what is said of a new node; for one that is there, {@link NewNode#NOTHING}
 */
public record PublishRequest(
    NodeName name, RowSource rows, WriteMode mode, boolean utc, boolean dryRun, NewNode node) {

  /**
   * What is said of a new node.
   *
   * @param storage name of its storage, or null if the catalog has only one
   * @param place a table, or one file by its path below the folder of the storage; null to call it
   *     like the node
   * @param index the time index and the identity, the time first; null to infer them
   * @param asset the column of the identity that names the asset, or null to infer it
   * @param knowledgeTime the column that says when a row became known, or null to infer it
   * @param cadence the usual distance between rows, or null
   * @param description what a row is, or null
   */
  public record NewNode(
      @Nullable String storage,
      @Nullable TableSource place,
      @Nullable List<String> index,
      @Nullable String asset,
      @Nullable String knowledgeTime,
      @Nullable String cadence,
      @Nullable String description,
      List<String> labels) {
    /** Nothing. */
    public static final NewNode NOTHING =
        new NewNode(null, null, null, null, null, null, null, List.of());

    public NewNode {
      index = index == null ? null : List.copyOf(index);
      labels = List.copyOf(labels);
    }
  }
}
