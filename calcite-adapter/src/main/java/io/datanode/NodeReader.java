package io.datanode;

import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.read.FixedRead;
import io.datanode.read.FixedReads;
import io.datanode.read.Interval;
import io.datanode.read.ReadPage;
import io.datanode.read.UpdateStatistics;
import io.datanode.read.Window;
import io.datanode.schema.ResolvedNode;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node and what of it is to be read. Immutable and thread-safe: each method gives another reader,
 * and a reader may be used any number of times. All conditions must hold for a row; rows come in
 * the order of the time index, then of the identity columns.
 *
 * <p>Times are Instant, OffsetDateTime, ZonedDateTime, LocalDateTime or LocalDate; those without
 * zone are in UTC, whatever the session's zone, and a date is its midnight.
 */
public final class NodeReader {
  private final FixedReads reads;
  private final ResolvedNode node;
  private final FixedRead read;

  private NodeReader(FixedReads reads, ResolvedNode node, FixedRead read) {
    this.reads = reads;
    this.node = node;
    this.read = read;
  }

  static NodeReader of(FixedReads reads, ResolvedNode node) {
    return new NodeReader(reads, node, FixedRead.all());
  }

  private NodeReader with(FixedRead other) {
    return new NodeReader(reads, node, other);
  }

  /** The index vector: the time index, then the identity columns. */
  public List<String> indexNames() {
    return node.timeIndex() == null
        ? node.identity()
        : Stream.concat(Stream.of(node.timeIndex()), node.identity().stream()).toList();
  }

  /** Rows between two times, both included; null is no bound. */
  public NodeReader between(@Nullable Temporal start, @Nullable Temporal end) {
    return between(start, end, Interval.CLOSED);
  }

  /**
   * Rows between two times; null is no bound.
   *
   * @param interval which of them are included
   */
  public NodeReader between(@Nullable Temporal start, @Nullable Temporal end, Interval interval) {
    return with(read.between(start, end, interval));
  }

  /**
   * Rows of these assets; of none if none is given.
   *
   * @throws DataNodeException 42703 if it is not known which column of the node names its assets
   */
  public NodeReader assets(String... assets) {
    return assets(Arrays.asList(assets));
  }

  /** The same for a collection of assets. */
  public NodeReader assets(Collection<String> assets) {
    if (node.asset() == null) {
      throw new DataNodeException(
          SqlState.UNDEFINED_COLUMN,
          "Node '"
              + node.node().name()
              + "' has no asset column"
              + (node.identity().isEmpty()
                  ? ", nor another identity column to ask for"
                  : "; use where(…) with one of " + String.join(", ", node.identity())));
    }
    return where(node.asset(), assets);
  }

  /** Rows with one of these values in an identity column; of none if none is given. */
  public NodeReader where(String dimension, Collection<?> values) {
    return with(read.dimension(dimension, List.copyOf(values)));
  }

  /** Rows at one of these coordinates: values of identity columns by name, null for NULL. */
  public NodeReader at(List<Map<String, @Nullable Object>> coordinates) {
    return with(read.coordinates(coordinates));
  }

  /** Rows in one of these windows; thousands are one query. */
  public NodeReader in(List<Window> windows) {
    return with(read.windows(windows));
  }

  /** Only these columns, behind those of the index; without any, the index alone. */
  public NodeReader columns(String... columns) {
    return with(read.columns(Arrays.asList(columns)));
  }

  /** Of each identity the row with the greatest time index. */
  public NodeReader lastObservation() {
    return with(read.pick(FixedRead.Pick.LAST_OBSERVATION));
  }

  /** Of each identity the last row not after a time. */
  public NodeReader latestAsOf(Temporal time) {
    return between(null, time).lastObservation();
  }

  /**
   * A page of the rows.
   *
   * @param limit the most rows; 0 for all
   * @param offset rows before the page
   */
  public NodeReader page(long limit, long offset) {
    return with(read.page(limit, offset));
  }

  /**
   * Starts reading.
   *
   * @return to be closed
   * @throws io.datanode.search.InvalidSearchException if a column, dimension or value is wrong
   * @throws DataNodeException what the storage says
   */
  public Rows rows() {
    ReadPage page = DataNodes.unchecked(() -> reads.rows(node, read));
    return new Rows(page, page::nextOffset);
  }

  /** Reads all rows as batches of columns; a batch is valid until the next one. */
  public void batches(Consumer<ColumnBatch> consumer) {
    try (Rows rows = rows()) {
      for (ColumnBatch batch = rows.nextBatch(); batch != null; batch = rows.nextBatch()) {
        consumer.accept(batch);
      }
    }
  }

  /** Reads all rows as records; see {@link Rows#records}. */
  public <R extends Record> List<R> records(Class<R> type) {
    try (Rows rows = rows()) {
      return rows.records(type).toList();
    }
  }

  /** Reads all rows as maps; see {@link Rows#maps}. */
  public List<Map<String, @Nullable Object>> maps() {
    try (Rows rows = rows()) {
      return rows.maps().toList();
    }
  }

  /**
   * The rows as records, read while the stream is.
   *
   * @return to be closed
   */
  public <R extends Record> Stream<R> stream(Class<R> type) {
    Rows rows = rows();
    try {
      return rows.records(type);
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
  }

  /** The least and greatest time index of each identity among the rows. */
  public UpdateStatistics statistics() {
    return DataNodes.unchecked(() -> reads.statistics(node, read));
  }
}
