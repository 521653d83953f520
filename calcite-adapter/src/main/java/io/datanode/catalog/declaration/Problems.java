package io.datanode.catalog.declaration;

import io.datanode.catalog.InvalidCatalogException;
import io.datanode.catalog.InvalidCatalogException.Problem;
import io.datanode.catalog.declaration.Value.Place;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects what is wrong with one catalog. Not thread-safe. */
public final class Problems {
  /** Puts the places of one source into words. */
  public interface Places {
    /** How a message about a place begins, for example {@code /data/catalog.yaml:12:5}. */
    String where(Place place);

    /** What stands at a place begins there, for example {@code /data/catalog.yaml:12}. */
    String declared(Place place);

    /** How a message refers to another place of the same source, for example {@code in line 12}. */
    String elsewhere(Place place);
  }

  private record Found(Place place, String message) {}

  private final Places places;
  private final Set<Found> found = new LinkedHashSet<>();

  /** Nothing wrong so far. */
  public Problems(Places places) {
    this.places = places;
  }

  /** Reports something, once. */
  public void add(Place place, String message) {
    found.add(new Found(place, message));
  }

  Places places() {
    return places;
  }

  /**
   * Does nothing if nothing is wrong.
   *
   * @throws InvalidCatalogException with all problems, in order of place
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidCatalogException(
          found.stream()
              .sorted(
                  Comparator.comparingInt((Found problem) -> problem.place().line())
                      .thenComparingInt(problem -> problem.place().column()))
              .map(problem -> new Problem(places.where(problem.place()), problem.message()))
              .toList());
    }
  }
}
