package io.datanode.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.datanode.schema.ResolvedNode;
import io.datanode.search.InvalidSearchException;
import io.datanode.search.JsonPlace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link FixedRead} from the JSON the reference's client sends to its between-dates and
 * last-observation endpoints, of both its generations.
 *
 * <p>Times are seconds since 1970-01-01T00:00:00Z, with a fraction if need be, or text. Keys that
 * are not known are passed over as in the reference, unless it reads strictly.
 *
 * @see "mainsequence-sdk, get_data_between_dates_from_api at commits 2c24f2b9 and 34d22e38"
 */
public final class FixedReadJson {
  private static final String LIST = "unique_identifier_list";
  private static final String RANGE_MAP = "unique_identifier_range_map";
  private static final String FILTERS = "dimension_filters";
  private static final String COORDINATES = "index_coordinates";
  private static final String WINDOWS = "dimension_range_map";

  /** The column that the first generation of the reference calls its assets by. */
  private static final String LEGACY_ASSET = "unique_identifier";

  private static final List<String> KEYS =
      List.of(
          "start_date",
          "start",
          "end_date",
          "end",
          "great_or_equal",
          "less_or_equal",
          "columns",
          "limit",
          "offset",
          "as_of",
          "node_identifier",
          FILTERS,
          COORDINATES,
          WINDOWS,
          LIST,
          RANGE_MAP);
  private static final List<String> WINDOW_KEYS =
      List.of("coordinate", "start_date", "start_date_operand", "end_date", "end_date_operand");

  /** More digits before or behind the point than any time has. */
  private static final int MOST_PLACES = 400;

  private final ResolvedNode node;
  private final boolean strict;

  /**
   * A reader of requests about a node.
   *
   * @param strict true if keys that are not known are errors
   */
  public FixedReadJson(ResolvedNode node, boolean strict) {
    this.node = node;
    this.strict = strict;
  }

  /**
   * The body of a between-dates request. {@code start} and {@code end} are taken for {@code
   * start_date} and {@code end_date}.
   *
   * @throws InvalidSearchException 22023 with the place of what is wrong
   */
  public FixedRead betweenDates(JsonNode body) {
    JsonPlace place = place(body);
    FixedRead read = conditions(place);
    return read.between(
        time(either(place, "start_date", "start")),
        time(either(place, "end_date", "end")),
        Interval.of(flag(place, "great_or_equal"), flag(place, "less_or_equal")));
  }

  /**
   * The body of a last-observation request; {@code as_of} asks for the last one not after a time.
   *
   * @throws InvalidSearchException 22023 with the place of what is wrong
   */
  public FixedRead lastObservation(JsonNode body) {
    JsonPlace place = place(body);
    FixedRead read = conditions(place);
    return read.between(null, time(place.optional("as_of")), Interval.CLOSED)
        .pick(FixedRead.Pick.LAST_OBSERVATION);
  }

  private JsonPlace place(JsonNode body) {
    JsonPlace place = new JsonPlace(body, "").object();
    if (strict) {
      place.only(KEYS);
    }
    return place;
  }

  private static @Nullable JsonPlace either(JsonPlace place, String key, String synonym) {
    JsonPlace found = place.optional(key);
    JsonPlace other = place.optional(synonym);
    if (found != null && other != null) {
      throw other.invalid("Give either " + key + " or " + synonym + ", not both");
    }
    return found == null ? other : found;
  }

  private FixedRead conditions(JsonPlace place) {
    JsonPlace filters = place.optional(FILTERS);
    JsonPlace coordinates = place.optional(COORDINATES);
    JsonPlace windows = place.optional(WINDOWS);
    JsonPlace list = place.optional(LIST);
    JsonPlace rangeMap = place.optional(RANGE_MAP);
    FixedRead read = FixedRead.all();
    for (JsonPlace legacy : new JsonPlace[] {list, rangeMap}) {
      if (legacy != null && !legacy.json().isEmpty()) {
        checkLegacy(legacy, filters != null || coordinates != null || windows != null);
      }
    }
    if (filters != null) {
      for (Iterator<String> names = filters.object().json().fieldNames(); names.hasNext(); ) {
        String name = names.next();
        JsonPlace values = filters.optional(name);
        if (values != null) {
          read = read.dimension(name, values(values));
        }
      }
    }
    // The first generation of the reference took an empty list for no list.
    if (list != null && !list.list().isEmpty()) {
      read = read.dimension(LEGACY_ASSET, values(list));
    }
    if (coordinates != null) {
      List<Map<String, @Nullable Object>> points = new ArrayList<>();
      coordinates.list().forEach(each -> points.add(coordinate(each)));
      read = read.coordinates(points);
    }
    if (windows != null) {
      read = read.windows(windows.list().stream().map(this::window).toList());
    } else if (rangeMap != null) {
      read = read.windows(legacyWindows(rangeMap));
    }
    JsonPlace columns = place.optional("columns");
    if (columns != null) {
      read = read.columns(columns.list().stream().map(JsonPlace::string).toList());
    }
    JsonPlace limit = place.optional("limit");
    JsonPlace offset = place.optional("offset");
    return read.page(
        limit == null ? 0 : limit.whole(1, Long.MAX_VALUE),
        offset == null ? 0 : offset.whole(0, Long.MAX_VALUE));
  }

  private void checkLegacy(JsonPlace legacy, boolean mixed) {
    if (!node.identity().equals(List.of(LEGACY_ASSET))) {
      throw legacy.invalid(
          legacy.pointer().substring(1)
              + " requires index_names[1:] == [\""
              + LEGACY_ASSET
              + "\"]; those of node '"
              + node.node().name()
              + "' are "
              + ReadTranslation.listed(node.identity())
              + ". Use "
              + FILTERS
              + " or "
              + WINDOWS);
    }
    if (mixed) {
      throw legacy.invalid(
          legacy.pointer().substring(1)
              + " cannot be given together with "
              + FILTERS
              + ", "
              + COORDINATES
              + " or "
              + WINDOWS);
    }
  }

  private static List<@Nullable Object> values(JsonPlace list) {
    List<@Nullable Object> values = new ArrayList<>();
    list.list().forEach(each -> values.add(value(each)));
    return values;
  }

  private static Map<String, @Nullable Object> coordinate(JsonPlace place) {
    Map<String, @Nullable Object> coordinate = new LinkedHashMap<>();
    for (Iterator<String> names = place.object().json().fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonPlace value = place.optional(name);
      coordinate.put(name, value == null ? null : value(value));
    }
    return coordinate;
  }

  private Window window(JsonPlace place) {
    place.object();
    if (strict) {
      place.only(WINDOW_KEYS);
    }
    return window(place, coordinate(place.required("coordinate")));
  }

  private static List<Window> legacyWindows(JsonPlace map) {
    List<Window> windows = new ArrayList<>();
    for (Iterator<String> names = map.object().json().fieldNames(); names.hasNext(); ) {
      String asset = names.next();
      windows.add(window(map.required(asset).object(), Map.of(LEGACY_ASSET, asset)));
    }
    return windows;
  }

  private static Window window(JsonPlace place, Map<String, @Nullable Object> coordinate) {
    return new Window(
        coordinate,
        time(place.optional("start_date")),
        time(place.optional("end_date")),
        Interval.of(
            included(place.optional("start_date_operand"), '>'),
            included(place.optional("end_date_operand"), '<')));
  }

  /** True for {@code >=} and {@code <=}; the reference itself writes {@code =>} in places. */
  private static boolean included(@Nullable JsonPlace operand, char direction) {
    if (operand == null) {
      return true;
    }
    String text = operand.string();
    if (text.equals(direction + "=") || text.equals("=" + direction)) {
      return true;
    }
    if (text.equals(String.valueOf(direction))) {
      return false;
    }
    throw operand.invalid("Input should be '" + direction + "' or '" + direction + "='");
  }

  private static boolean flag(JsonPlace place, String key) {
    JsonPlace flag = place.optional(key);
    if (flag == null) {
      return true;
    }
    if (!flag.json().isBoolean()) {
      throw flag.invalid("Input should be a valid boolean");
    }
    return flag.json().booleanValue();
  }

  private static @Nullable Object time(@Nullable JsonPlace place) {
    if (place == null) {
      return null;
    }
    JsonNode json = place.json();
    if (json.isTextual()) {
      return place.string();
    }
    if (!json.isNumber()) {
      throw place.invalid(
          "Input should be seconds since 1970-01-01T00:00:00Z, or text such as"
              + " 2024-01-31T09:30:00Z");
    }
    try {
      BigDecimal seconds = json.decimalValue();
      // Before its zeros are written out: there may be more than memory holds.
      if (Math.abs((long) seconds.precision() - seconds.scale()) > MOST_PLACES
          || seconds.scale() > MOST_PLACES) {
        throw new ArithmeticException("exponent");
      }
      BigInteger whole = seconds.setScale(0, RoundingMode.FLOOR).toBigInteger();
      BigDecimal fraction = seconds.subtract(new BigDecimal(whole));
      return Instant.ofEpochSecond(whole.longValueExact(), fraction.movePointRight(9).longValue());
    } catch (ArithmeticException | DateTimeException e) {
      throw place.invalid("Input should be seconds of a time between the years -290000 and 294000");
    }
  }

  private static @Nullable Object value(JsonPlace place) {
    JsonNode json = place.json();
    if (json.isNull()) {
      return null;
    } else if (json.isTextual()) {
      return place.string();
    } else if (json.isBoolean()) {
      return json.booleanValue();
    } else if (json.isIntegralNumber() && json.canConvertToLong()) {
      return json.longValue();
    } else if (json.isNumber()) {
      return json.decimalValue();
    }
    throw place.invalid("Input should be text, a number or a boolean");
  }
}
