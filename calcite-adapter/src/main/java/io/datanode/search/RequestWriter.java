package io.datanode.search;

import io.datanode.predicate.Condition;
import io.datanode.predicate.Group;
import io.datanode.predicate.Predicate;
import io.datanode.storage.InfiniteTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes JSON objects of a request, with the keys and values that the Python models write. */
final class RequestWriter implements Predicate.Visitor<Map<String, @Nullable Object>> {
  private RequestWriter() {}

  static Map<String, @Nullable Object> json(SearchRequest request) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put(request.target().key(), request.target().text());
    json.put("joins", request.joins().stream().map(RequestWriter::join).toList());
    Predicate filter = request.filter();
    if (filter != null) {
      json.put("filter", filter.accept(new RequestWriter()));
    }
    json.put("limit", request.limit());
    json.put("offset", request.offset());
    if (request.asOf() != null) {
      json.put("as_of", request.asOf().toString());
    }
    return json;
  }

  private static Map<String, Object> join(JoinSpec join) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", join.name());
    json.put(join.target().key(), join.target().text());
    json.put("type", join.type().token());
    json.put("on", join.on());
    return json;
  }

  @Override
  public Map<String, @Nullable Object> condition(Condition condition) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("type", "condition");
    json.put("field", condition.field());
    json.put("op", condition.op().token());
    if (condition.value() != null) {
      json.put("value", value(condition.value()));
    }
    return json;
  }

  @Override
  public Map<String, @Nullable Object> group(Group group) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("type", "group");
    json.put("logic", group.logic().token());
    json.put("items", group.items().stream().map(item -> item.accept(this)).toList());
    return json;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof List<?> list) {
      List<@Nullable Object> values = new ArrayList<>();
      list.forEach(item -> values.add(value(item)));
      return values;
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isNaN(number) || Double.isInfinite(number) ? null : value;
    }
    if (value == null
        || value instanceof Boolean
        || value instanceof Number
        || value instanceof String) {
      return value;
    }
    return value instanceof TemporalAccessor time ? IsoTime.text(time) : value.toString();
  }

  /** Times as Python's {@code isoformat} writes them. */
  private static final class IsoTime {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter FRACTIONS =
        new DateTimeFormatterBuilder()
            .append(SECONDS)
            .appendFraction(ChronoField.NANO_OF_SECOND, 6, 9, true)
            .toFormatter(java.util.Locale.ROOT);

    static String text(TemporalAccessor time) {
      Optional<InfiniteTime> infinite = InfiniteTime.of(time);
      if (infinite.isPresent()) {
        return infinite.get().toString();
      }
      if (time instanceof Instant instant) {
        return text(instant.atOffset(ZoneOffset.UTC));
      } else if (time instanceof ZonedDateTime zoned) {
        return text(zoned.toOffsetDateTime());
      } else if (time instanceof OffsetDateTime offset) {
        String zone = offset.getOffset().getId();
        return text(offset.toLocalDateTime()) + (zone.equals("Z") ? "+00:00" : zone);
      } else if (time instanceof LocalDateTime local) {
        return local.toLocalDate() + "T" + text(local.toLocalTime());
      } else if (time instanceof LocalTime clock) {
        return clock.format(clock.getNano() == 0 ? SECONDS : FRACTIONS);
      }
      return time instanceof LocalDate date ? date.toString() : time.toString();
    }
  }
}
