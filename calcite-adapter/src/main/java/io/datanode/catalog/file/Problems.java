package io.datanode.catalog.file;

import io.datanode.catalog.InvalidCatalogException;
import io.datanode.catalog.InvalidCatalogException.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file. */
final class Problems {
  private record Found(Value.Place place, String message) {}

  private final Path file;
  private final List<Found> found = new ArrayList<>();

  Problems(Path file) {
    this.file = file;
  }

  void add(Value.Place place, String message) {
    found.add(new Found(place, message));
  }

  String where(Value.Place place) {
    return file + ":" + place.line() + ":" + place.column();
  }

  /**
   * Does nothing if nothing is wrong.
   *
   * @throws InvalidCatalogException with all problems
   */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidCatalogException(
          found.stream()
              .sorted(
                  Comparator.comparingInt((Found problem) -> problem.place().line())
                      .thenComparingInt(problem -> problem.place().column()))
              .map(problem -> new Problem(where(problem.place()), problem.message()))
              .toList());
    }
  }
}
