package io.datanode.node;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A node made of other nodes: history and what is live one after the other, or columns of the same
 * rows side by side.
 *
 * <p>One after the other, either a boundary divides them, or {@code overlap} says whose row counts
 * where several have one of the same time index and identity.
 *
 * @param parts the nodes, history first; at least two
 * @param boundary what divides two parts, or null
 * @param overlap whose row counts, if nothing divides the parts; null otherwise
 * @param sideBySide true if the parts have columns of the same rows
 */
public record Stitch(
    List<NodeName> parts,
    @Nullable Boundary boundary,
    @Nullable Overlap overlap,
    boolean sideBySide)
    implements TableSource {
  public Stitch {
    parts = List.copyOf(parts);
  }

  /** A stitched node reads its parts as they are published. */
  @Override
  public Map<String, Conversion> conversions() {
    return Map.of();
  }

  @Override
  public Stitch withConversions(Map<String, Conversion> conversions) {
    return this;
  }

  /** The same, without the names of other parts than these; to be shown, not to be read. */
  Stitch only(Predicate<NodeName> shown) {
    return new Stitch(parts.stream().filter(shown).toList(), boundary, overlap, sideBySide);
  }

  @Override
  public String toString() {
    return String.join(", ", parts.stream().map(NodeName::toString).toList());
  }

  /**
   * What divides history from what is live: history ends with the boundary, the other part begins
   * behind it. A time index is the end of a bar, so a bar that ends at midnight belongs to the day
   * before, as in KaizenFlow's IgStitchedMarketData.
   *
   * @param at how the boundary is found
   * @param instant the boundary, if it is fixed; else null
   * @param zone whose midnight it is; also the zone whose clock a fixed boundary shows where the
   *     time index has no zone
   */
  public record Boundary(At at, @Nullable Instant instant, ZoneId zone) {
    /** A boundary that never moves. */
    public static Boundary fixed(Instant instant, ZoneId zone) {
      return new Boundary(At.FIXED, instant, zone);
    }
  }

  /** Ways to find a boundary. */
  public enum At {
    /** At a given instant. */
    FIXED,
    /** When the day of the session's clock began in a zone. */
    MIDNIGHT,
    /** At the greatest time index of history. */
    HISTORY_END
  }

  /** Whose row counts where several parts have one of the same time index and identity. */
  public enum Overlap {
    /** That of the part named first. */
    HISTORY,
    /** That of the part named last. */
    LIVE,
    /** The one with the greatest knowledge time; of equal ones, that of the later part. */
    NEWEST
  }
}
