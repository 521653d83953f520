package io.datanode.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a node has come: the least and greatest time index of each identity, and of all. Taken
 * from the rows when asked, so never stale. Immutable.
 *
 * <p>Times are Instant, LocalDateTime or LocalDate, as the time index is.
 *
 * @param identity the identity columns; empty for a node of one series
 * @param progress each identity that has rows, in order
 * @see "mainsequence-sdk 6.0.38 at commit 34d22e38, UpdateStatistics and get_earliest_value"
 */
public record UpdateStatistics(List<String> identity, List<Progress> progress) {
  public UpdateStatistics {
    identity = List.copyOf(identity);
    progress = List.copyOf(progress);
  }

  /**
   * The times of one identity.
   *
   * @param coordinate its values by identity column; a value may be null
   * @param earliest null if all its rows lack a time
   * @param latest null if all its rows lack a time
   */
  public record Progress(
      Map<String, @Nullable Object> coordinate,
      @Nullable Comparable<?> earliest,
      @Nullable Comparable<?> latest) {
    public Progress {
      coordinate = Collections.unmodifiableMap(coordinate);
    }
  }

  /** The least time index of all; null if there are no rows. */
  public @Nullable Comparable<?> earliest() {
    return extreme(progress.stream().map(Progress::earliest).toList(), -1);
  }

  /** The greatest time index of all; null if there are no rows. */
  public @Nullable Comparable<?> latest() {
    return extreme(progress.stream().map(Progress::latest).toList(), 1);
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Comparable<?> extreme(
      List<? extends @Nullable Comparable<?>> times, int sign) {
    Comparable<?> extreme = null;
    for (Comparable<?> time : times) {
      if (time != null
          && (extreme == null || ((Comparable<Object>) time).compareTo(extreme) * sign > 0)) {
        extreme = time;
      }
    }
    return extreme;
  }

  /**
   * Windows of the rows from the last known one of each identity on: what an updater that goes on
   * from here would read again.
   */
  public List<Window> windowsFromLatest() {
    List<Window> windows = new ArrayList<>();
    for (Progress each : progress) {
      if (each.latest() != null) {
        windows.add(new Window(each.coordinate(), each.latest(), null, Interval.CLOSED));
      }
    }
    return windows;
  }
}
