package io.datanode.server.rest;

import io.datanode.jdbc.SqlState;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/**
 * What a client takes, by its Accept or Accept-Encoding header.
 *
 * @see "RFC 9110, sections 12.5.1 and 12.5.3"
 */
final class Accepted {
  private final List<Range> ranges = new ArrayList<>();

  private Accepted(List<String> values) {
    for (String value : values) {
      Map<String, String> parameters = new HashMap<>();
      String name = HttpField.getValueParameters(value, parameters);
      ranges.add(new Range(name.strip().toLowerCase(Locale.ROOT), quality(parameters.get("q"))));
    }
  }

  private record Range(String name, double quality) {
    /** How closely it names something; negative if it does not at all. */
    int closeness(String wanted) {
      if (name.equals(wanted)) {
        return 2;
      }
      if (name.endsWith("/*") && wanted.startsWith(name.substring(0, name.length() - 1))) {
        return 1;
      }
      return name.equals("*/*") || name.equals("*") ? 0 : -1;
    }
  }

  private static double quality(@Nullable String text) {
    if (text == null) {
      return 1;
    }
    try {
      double quality = Double.parseDouble(text);
      return quality >= 0 && quality <= 1 ? quality : 0;
    } catch (NumberFormatException e) {
      // Malformed, so the client gets it only if nothing else will do.
      return 0;
    }
  }

  /**
   * The format of rows that a client likes best; JSON if it does not say.
   *
   * @throws RefusedException 406 if it takes none of them
   */
  static RowsFormat format(Exchange exchange) throws RefusedException {
    List<String> header = exchange.headerValues("Accept");
    if (header.isEmpty()) {
      return RowsFormat.JSON;
    }
    Accepted accepted = new Accepted(header);
    RowsFormat best = null;
    double bestQuality = 0;
    for (RowsFormat format : RowsFormat.values()) {
      double quality = accepted.qualityOf(format.mediaType()).orElse(0.0);
      if (quality > bestQuality) {
        best = format;
        bestQuality = quality;
      }
    }
    if (best == null) {
      throw notAcceptable(
          header,
          Arrays.stream(RowsFormat.values())
              .map(RowsFormat::mediaType)
              .collect(Collectors.joining(", ")));
    }
    return best;
  }

  /**
   * Checks that a client takes JSON.
   *
   * @throws RefusedException 406 if it does not
   */
  static void requireJson(Exchange exchange) throws RefusedException {
    List<String> header = exchange.headerValues("Accept");
    String json = RowsFormat.JSON.mediaType();
    if (!header.isEmpty() && new Accepted(header).qualityOf(json).orElse(0.0) == 0) {
      throw notAcceptable(header, json);
    }
  }

  /** True if a client takes compressed bodies. */
  static boolean gzip(Exchange exchange) {
    return new Accepted(exchange.headerValues("Accept-Encoding")).qualityOf("gzip").orElse(0.0) > 0;
  }

  private Optional<Double> qualityOf(String wanted) {
    Range closest = null;
    for (Range range : ranges) {
      int closeness = range.closeness(wanted);
      if (closeness >= 0 && (closest == null || closeness > closest.closeness(wanted))) {
        closest = range;
      }
    }
    return Optional.ofNullable(closest).map(Range::quality);
  }

  private static RefusedException notAcceptable(List<String> header, String offered) {
    return new RefusedException(
        HttpError.of(
            406,
            SqlState.NOT_SUPPORTED,
            "Accept is '" + String.join(", ", header) + "'; what there is: " + offered));
  }
}
