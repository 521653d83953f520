package io.datanode.catalog.declaration;

import io.datanode.node.Column;
import io.datanode.node.NodeName;
import io.datanode.node.Stitch;
import io.datanode.node.Stitch.Boundary;
import io.datanode.node.Stitch.Overlap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which nodes another is stitched from, and how. */
final class StitchReader {
  static final String MIDNIGHT = "midnight";
  static final String HISTORY_END = "history_end";
  private static final Map<String, Overlap> OVERLAPS =
      Map.of("history", Overlap.HISTORY, "live", Overlap.LIVE, "newest", Overlap.NEWEST);
  private static final List<String> OF_STORED_NODES =
      List.of("storage", "table", "files", "format", "hidden", "partitioned", "tie_break");

  private final Fields fields;

  private StitchReader(Fields fields) {
    this.fields = fields;
  }

  /**
   * Reads the key {@code stitch} of a node.
   *
   * @param node has the key
   * @return empty if it is not declared rightly, which is then among the problems
   */
  static Optional<Stitch> read(Fields node, Problems problems) {
    if (node.truth("only_declared_columns", false)) {
      node.problem(
          "only_declared_columns",
          "A stitched node shows the columns of its parts; 'only_declared_columns' does not go with"
              + " 'stitch'");
    }
    for (String key : OF_STORED_NODES) {
      if (node.has(key)) {
        node.problem(
            key,
            "The rows of a stitched node are those of its parts; '"
                + key
                + "' does not go with 'stitch'");
      }
    }
    Value value = node.value("stitch");
    return value == null
        ? Optional.empty()
        : Fields.of(value, Section.STITCH, problems)
            .flatMap(fields -> new StitchReader(fields).stitch());
  }

  /** Reports what columns of a stitched node cannot say, because their parts do. */
  static void checkColumns(Fields node, List<Column> columns) {
    for (Column column : columns) {
      if (column.type() != null
          || column.epoch() != null
          || !column.storedName().equals(column.name())) {
        node.problem(
            "columns",
            "Column '"
                + column.name()
                + "' of a stitched node has the type and name of its parts; expected only label,"
                + " description, unit or nullable");
      }
    }
  }

  /** The text of the key {@code overlap}. */
  static String text(Overlap overlap) {
    return overlap.name().toLowerCase(Locale.ROOT);
  }

  /** The text of the key {@code boundary}. */
  static String text(Boundary boundary) {
    return switch (boundary.at()) {
      case MIDNIGHT -> MIDNIGHT;
      case HISTORY_END -> HISTORY_END;
      case FIXED -> String.valueOf(boundary.instant());
    };
  }

  private Optional<Stitch> stitch() {
    List<NodeName> parts = parts();
    boolean sideBySide = fields.truth("side_by_side", false);
    Optional<Boundary> boundary = boundary();
    Optional<Overlap> overlap = overlap();
    if (sideBySide) {
      for (String key : List.of("boundary", "overlap")) {
        if (fields.has(key)) {
          fields.problem(
              key,
              "Parts that are side by side have columns of the same rows; '"
                  + key
                  + "' does not go with 'side_by_side'");
        }
      }
    } else if (fields.has("boundary") && fields.has("overlap")) {
      fields.problem(
          "overlap", "A boundary leaves no overlap; expected either 'boundary' or 'overlap'");
    } else if (!fields.has("boundary") && !fields.has("overlap")) {
      fields.problem(
          "parts",
          "What divides the parts is missing; expected boundary (a time, midnight or history_end),"
              + " overlap (history, live or newest) or side_by_side: true");
    } else if (boundary.isPresent() && parts.size() > 2) {
      fields.problem(
          "boundary", "A boundary divides two parts, but there are " + parts.size() + " parts");
    }
    return parts.size() < 2
        ? Optional.empty()
        : Optional.of(new Stitch(parts, boundary.orElse(null), overlap.orElse(null), sideBySide));
  }

  private List<NodeName> parts() {
    List<String> names = fields.texts("parts");
    if (names == null || names.size() < 2) {
      fields.problem(
          "parts",
          "A stitched node needs at least two parts; expected for example parts: [prices_history,"
              + " prices_live]");
      return List.of();
    }
    return names.stream().map(CatalogReader::nodeName).toList();
  }

  private Optional<Boundary> boundary() {
    String text = fields.text("boundary");
    Optional<ZoneId> zone = zone();
    if (text == null) {
      if (fields.has("zone")) {
        fields.problem("zone", "'zone' is that of a boundary, and there is none");
      }
      return Optional.empty();
    }
    ZoneId known = zone.orElse(ZoneOffset.UTC);
    switch (text.toLowerCase(Locale.ROOT)) {
      case MIDNIGHT:
        return Optional.of(new Boundary(Stitch.At.MIDNIGHT, null, known));
      case HISTORY_END:
        if (zone.isPresent()) {
          fields.problem("zone", "The end of history is an instant and needs no zone");
        }
        return Optional.of(new Boundary(Stitch.At.HISTORY_END, null, ZoneOffset.UTC));
      default:
        Optional<Instant> instant = instant(text, known);
        if (instant.isEmpty()) {
          fields.problem(
              "boundary",
              "'boundary' is '"
                  + fields.raw("boundary")
                  + "'; expected a time such as 2024-06-01T00:00:00Z, midnight, or history_end");
        }
        return instant.map(fixed -> Boundary.fixed(fixed, known));
    }
  }

  private Optional<ZoneId> zone() {
    String text = fields.text("zone");
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ZoneId.of(text).normalized());
    } catch (DateTimeException e) {
      fields.problem(
          "zone",
          "'zone' is '"
              + fields.raw("zone")
              + "'; expected the name of a time zone, for example America/New_York");
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(String text, ZoneId zone) {
    String iso = text.replace(' ', 'T');
    try {
      return Optional.of(OffsetDateTime.parse(iso).toInstant());
    } catch (DateTimeParseException withoutOffset) {
      return wallClock(iso).map(clock -> clock.atZone(zone).withLaterOffsetAtOverlap().toInstant());
    }
  }

  private static Optional<LocalDateTime> wallClock(String iso) {
    try {
      return Optional.of(
          iso.indexOf('T') < 0 ? LocalDate.parse(iso).atStartOfDay() : LocalDateTime.parse(iso));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Optional<Overlap> overlap() {
    @Nullable String text = fields.text("overlap");
    if (text == null) {
      return Optional.empty();
    }
    Optional<Overlap> overlap = Optional.ofNullable(OVERLAPS.get(text.toLowerCase(Locale.ROOT)));
    if (overlap.isEmpty()) {
      fields.problem(
          "overlap",
          "'overlap' is '" + fields.raw("overlap") + "'; expected history, live or newest");
    }
    return overlap;
  }
}
