package io.datanode.node;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A node as it is published: its name, where its rows are, and what its publisher declares of its
 * columns.
 *
 * <p>What is not declared is inferred from the table when the node is first used, see {@link
 * RoleInference}.
 *
 * @param name published name
 * @param storage name of the storage that holds the rows; empty if they are those of other nodes
 * @param source the table or files within the storage, or the other nodes
 * @param description what a row is, or null
 * @param storageHash identity of the stored table, or null
 * @param timeIndex name of the column that says when a row holds, or null to infer it
 * @param identity columns that together with the time index identify a row, usually the asset; null
 *     to infer them, empty if there are none
 * @param asset the identity column that names the asset, or null to infer it
 * @param knowledgeTime column that says when a row became known, or a rule as {@link
 *     PublicationLag} reads it, or null
 * @param snapshotBy the identity columns that name what is published as a whole, such as a
 *     portfolio: its newest rows are all those of its newest time. Empty if the whole node is; null
 *     if each identity has a newest row of its own, or to take it from the storage
 * @param tieBreak columns whose greatest values say which of several rows with the same time index,
 *     identity and knowledge time counts, the first of them first; empty if there are no such rows;
 *     null if all columns say it, or to take it from the storage
 * @param cadence the usual distance between rows, for example {@code 1d}, or null
 * @param labels words for searching
 * @param columns declared columns, in order; empty means all columns of the table
 * @param onlyDeclaredColumns true if columns that are not declared are not shown
 * @param foreignKeys declared references to other nodes
 */
public record DataNode(
    NodeName name,
    String storage,
    TableSource source,
    @Nullable String description,
    @Nullable String storageHash,
    @Nullable String timeIndex,
    @Nullable List<String> identity,
    @Nullable String asset,
    @Nullable String knowledgeTime,
    @Nullable List<String> snapshotBy,
    @Nullable List<String> tieBreak,
    @Nullable String cadence,
    List<String> labels,
    List<Column> columns,
    boolean onlyDeclaredColumns,
    List<ForeignKey> foreignKeys) {

  public DataNode {
    identity = identity == null ? null : List.copyOf(identity);
    snapshotBy = snapshotBy == null ? null : List.copyOf(snapshotBy);
    tieBreak = tieBreak == null ? null : List.copyOf(tieBreak);
    labels = List.copyOf(labels);
    columns = List.copyOf(columns);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /** A node of which nothing but its place is declared. */
  public static DataNode of(NodeName name, String storage, TableSource source) {
    return new DataNode(
        name, storage, source, null, null, null, null, null, null, null, null, null, List.of(),
        List.of(), false, List.of());
  }

  /** The same node with another description. */
  public DataNode withDescription(String text) {
    return new DataNode(
        name,
        storage,
        source,
        text,
        storageHash,
        timeIndex,
        identity,
        asset,
        knowledgeTime,
        snapshotBy,
        tieBreak,
        cadence,
        labels,
        columns,
        onlyDeclaredColumns,
        foreignKeys);
  }

  /** The same node with its rows elsewhere. */
  public DataNode withSource(TableSource other) {
    return new DataNode(
        name,
        storage,
        other,
        description,
        storageHash,
        timeIndex,
        identity,
        asset,
        knowledgeTime,
        snapshotBy,
        tieBreak,
        cadence,
        labels,
        columns,
        onlyDeclaredColumns,
        foreignKeys);
  }

  /** The same node, naming no other nodes than these. */
  public DataNode referringOnlyTo(Predicate<NodeName> others) {
    return new DataNode(
        name,
        storage,
        stitch().<TableSource>map(stitch -> stitch.only(others)).orElse(source),
        description,
        storageHash,
        timeIndex,
        identity,
        asset,
        knowledgeTime,
        snapshotBy,
        tieBreak,
        cadence,
        labels,
        columns,
        onlyDeclaredColumns,
        foreignKeys.stream().filter(key -> others.test(key.target())).toList());
  }

  /**
   * The same node with these roles where it declares none.
   *
   * @param time its time index, or null
   * @param identifying its identity columns, or null
   * @param known its knowledge time, or null
   */
  public DataNode withRoles(
      @Nullable String time, @Nullable List<String> identifying, @Nullable String known) {
    return new DataNode(
        name,
        storage,
        source,
        description,
        storageHash,
        timeIndex == null ? time : timeIndex,
        identity == null && asset == null ? identifying : identity,
        asset,
        knowledgeTime == null ? known : knowledgeTime,
        snapshotBy,
        tieBreak,
        cadence,
        labels,
        columns,
        onlyDeclaredColumns,
        foreignKeys);
  }

  /** The nodes it is made of, if it is stitched from others. */
  public Optional<Stitch> stitch() {
    return source instanceof Stitch stitch ? Optional.of(stitch) : Optional.empty();
  }

  /** The declared column with this published name. */
  public Optional<Column> column(String columnName) {
    return columns.stream().filter(column -> column.name().equals(columnName)).findFirst();
  }
}
