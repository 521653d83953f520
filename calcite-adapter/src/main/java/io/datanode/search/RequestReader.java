package io.datanode.search;

import com.fasterxml.jackson.databind.JsonNode;
import io.datanode.predicate.Condition;
import io.datanode.predicate.Group;
import io.datanode.predicate.Logic;
import io.datanode.predicate.Op;
import io.datanode.predicate.Predicate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a request of parsed JSON, checking every rule where it is broken. */
final class RequestReader {
  private static final List<String> OPS = tokens(Op.values(), Op::token);
  private static final List<String> LOGICS = tokens(Logic.values(), Logic::token);
  private static final List<String> JOIN_TYPES = tokens(JoinType.values(), JoinType::token);
  private static final List<String> REQUEST_KEYS =
      List.of(
          "storage_hash", "node_unique_identifier", "joins", "filter", "limit", "offset", "as_of");
  private static final List<String> JOIN_KEYS =
      List.of("name", "storage_hash", "node_unique_identifier", "type", "on");
  private static final List<String> CONDITION_KEYS = List.of("type", "field", "op", "value");
  private static final List<String> GROUP_KEYS = List.of("type", "logic", "items");

  private final boolean strict;
  private final long maxLimit;
  private int conditions;
  private int values;

  RequestReader(boolean strict, long maxLimit) {
    this.strict = strict;
    this.maxLimit = maxLimit;
  }

  private static <E> List<String> tokens(E[] all, Function<E, String> token) {
    return Arrays.stream(all).map(token).toList();
  }

  SearchRequest request(JsonPlace place) {
    known(place.object(), REQUEST_KEYS);
    Target target =
        target(place, "Exactly one of storage_hash or node_unique_identifier must be provided.");
    List<JoinSpec> joins = new ArrayList<>();
    JsonPlace joined = place.present("joins");
    if (joined != null) {
      joined.list().forEach(item -> joins.add(join(item)));
    }
    JsonPlace filter = place.optional("filter");
    JsonPlace limit = place.present("limit");
    JsonPlace offset = place.present("offset");
    JsonPlace asOf = place.optional("as_of");
    return new SearchRequest(
        target,
        joins,
        filter == null ? null : predicate(filter, 0),
        limit == null ? SearchRequest.DEFAULT_LIMIT : limit.whole(1, maxLimit),
        offset == null ? 0 : offset.whole(0, Long.MAX_VALUE),
        asOf == null ? null : instant(asOf));
  }

  private static Instant instant(JsonPlace place) {
    try {
      return OffsetDateTime.parse(place.string()).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeParseException e) {
      throw place.invalid(
          "Input should be an instant with its offset, for example 2024-01-02T00:00:00Z");
    }
  }

  private void known(JsonPlace place, List<String> keys) {
    if (strict) {
      place.only(keys);
    }
  }

  private static Target target(JsonPlace place, String problem) {
    String hash = text(place.optional("storage_hash"));
    String identifier = text(place.optional("node_unique_identifier"));
    if ((Target.presence(hash) == null) == (Target.presence(identifier) == null)) {
      throw place.invalid(problem);
    }
    return new Target(hash, identifier);
  }

  private static @Nullable String text(@Nullable JsonPlace place) {
    return place == null ? null : place.string();
  }

  private JoinSpec join(JsonPlace place) {
    known(place.object(), JOIN_KEYS);
    JsonPlace name = place.required("name");
    String problem = JoinSpec.nameProblem(name.string());
    if (problem != null) {
      throw name.invalid(problem);
    }
    Target target =
        target(place, "JoinSpec requires exactly one of storage_hash or node_unique_identifier.");
    JsonPlace type = place.present("type");
    JsonPlace on = place.optional("on");
    return new JoinSpec(
        name.string(),
        target,
        type == null
            ? JoinType.INNER
            : JoinType.valueOf(type.choice(JOIN_TYPES).toUpperCase(Locale.ROOT)),
        on == null ? JoinSpec.DEFAULT_ON : on(on));
  }

  private static List<String> on(JsonPlace place) {
    List<String> names = place.list().stream().map(JsonPlace::string).toList();
    String problem = JoinSpec.onProblem(names);
    if (problem != null) {
      throw place.invalid(problem);
    }
    return names;
  }

  private Predicate predicate(JsonPlace place, int depth) {
    place.object();
    JsonPlace type = place.optional("type");
    if (type == null) {
      throw place.invalid("Unable to extract tag using discriminator 'type'");
    }
    String tag = type.json().isTextual() ? type.json().textValue() : type.json().toString();
    switch (tag) {
      case "condition":
        return condition(place);
      case "group":
        if (depth == FilterSize.MAX_DEPTH) {
          throw FilterSize.tooDeep(place.pointer());
        }
        return group(place, depth);
      default:
        throw place.invalid(
            "Input tag '"
                + (tag.length() > 50 ? tag.substring(0, 50) + "…" : tag)
                + "' found using 'type' does not match any of the expected tags: 'condition',"
                + " 'group'");
    }
  }

  private Group group(JsonPlace place, int depth) {
    known(place, GROUP_KEYS);
    JsonPlace logic = place.present("logic");
    List<JsonPlace> items = place.required("items").list();
    if (items.isEmpty()) {
      throw place
          .required("items")
          .invalid("List should have at least 1 item after validation, not 0");
    }
    return new Group(
        logic == null ? Logic.AND : Logic.valueOf(logic.choice(LOGICS).toUpperCase(Locale.ROOT)),
        items.stream().map(item -> predicate(item, depth + 1)).toList());
  }

  private Condition condition(JsonPlace place) {
    known(place, CONDITION_KEYS);
    if (++conditions > FilterSize.MAX_CONDITIONS) {
      throw FilterSize.tooManyConditions(place.pointer());
    }
    String field = place.required("field").string();
    Op op = Op.valueOf(place.required("op").choice(OPS).toUpperCase(Locale.ROOT));
    JsonPlace value = place.optional("value");
    try {
      return new Condition(field, op, value == null ? null : value(value));
    } catch (IllegalArgumentException e) {
      throw InvalidSearchException.rule(place.pointer() + "/value", String.valueOf(e.getMessage()));
    }
  }

  private Object value(JsonPlace place) {
    if (place.json().isArray()) {
      values += place.json().size();
      if (values > FilterSize.MAX_VALUES) {
        throw FilterSize.tooManyValues(place.pointer());
      }
      List<@Nullable Object> all = new ArrayList<>();
      for (JsonPlace item : place.list()) {
        all.add(item.json().isNull() ? null : single(item));
      }
      return all;
    }
    return single(place);
  }

  private static Object single(JsonPlace place) {
    JsonNode json = place.json();
    if (json.isTextual()) {
      return place.string();
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    if (json.isIntegralNumber()) {
      return json.canConvertToLong() ? (Object) json.longValue() : json.bigIntegerValue();
    }
    if (json.isNumber()) {
      return json.decimalValue();
    }
    throw place.invalid("Input should be a number, a text, true, false or null");
  }
}
