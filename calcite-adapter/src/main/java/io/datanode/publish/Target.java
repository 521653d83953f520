package io.datanode.publish;

import io.datanode.node.TableSource;
import io.datanode.storage.NewRows;
import io.datanode.storage.NewRows.Field;
import io.datanode.storage.Storage;
import io.datanode.storage.TableWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table that rows are written to.
 *
 * @param place the table in its storage
 * @param columns in order, with the types it has or is to have
 * @param timeIndex the column that says when a row holds
 * @param identity the columns that with it identify a row
 * @param asset the one of them that names the asset, or null
 * @param knowledgeTime the column that says when a row became known, or null
 * @param required columns that are never to be NULL, beside those that identify a row
 * @param description what a row is, for a table that is made; or null
 */
record Target(
    Storage storage,
    TableWriter writer,
    TableSource place,
    List<Field> columns,
    String timeIndex,
    List<String> identity,
    @Nullable String asset,
    @Nullable String knowledgeTime,
    List<String> required,
    @Nullable String description) {

  /**
   * The rows as they are to be written.
   *
   * @param utc true to take times without a zone in the time index and the knowledge time for UTC
   */
  NewRows rows(StagedRows staged, boolean utc) {
    Set<String> times = new HashSet<>();
    if (utc) {
      times.add(timeIndex);
      if (knowledgeTime != null) {
        times.add(knowledgeTime);
      }
    }
    return new NewRows(
        staged.embedded(),
        new ColumnFit(staged, columns, times).query(),
        columns,
        timeIndex,
        identity,
        knowledgeTime,
        description);
  }

  /** Where the rows are, for people. */
  String shown() {
    String within = "storage '" + storage.name() + "', ";
    return place instanceof TableSource.Files
        ? within + place
        : within + storage.location() + ", table " + place;
  }
}
