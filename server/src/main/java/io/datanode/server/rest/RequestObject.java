package io.datanode.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.datanode.jdbc.SqlState;
import io.datanode.node.Nearest;
import io.datanode.server.http.RefusedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object of a request; errors say where they are by JSON pointer (RFC 6901). */
final class RequestObject {
  /** Beyond what any numeric type holds; much larger ones take memory for every zero. */
  private static final int LARGEST_EXPONENT = 400;

  private final String pointer;
  private final JsonNode json;

  RequestObject(String pointer, JsonNode json) {
    this.pointer = pointer;
    this.json = json;
  }

  /** What a JSON value is, for messages. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case STRING -> "text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      default -> "null";
    };
  }

  /**
   * Checks that it has no other members than these.
   *
   * @throws RefusedException naming the nearest known one
   */
  RequestObject onlyWith(Collection<String> members) throws RefusedException {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!members.contains(name)) {
        throw RefusedException.at(
            at(name),
            SqlState.INVALID_PARAMETER,
            "There is no member '" + name + "'" + Nearest.hint(name, "its members", members));
      }
    }
    return this;
  }

  private String at(String name) {
    return pointer + "/" + escaped(name);
  }

  /** The JSON pointer to a member of a member. */
  String place(String name, String inner) {
    return at(name) + "/" + escaped(inner);
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private @Nullable JsonNode member(String name) {
    JsonNode value = json.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private RefusedException wrong(String where, JsonNode value, String expected) {
    return RefusedException.at(
        where,
        SqlState.INVALID_PARAMETER,
        "'" + where + "' is " + kind(value) + "; expected " + expected);
  }

  /** A text that must be there and not be blank. */
  String text(String name) throws RefusedException {
    JsonNode value = member(name);
    if (value == null) {
      throw RefusedException.at(
          at(name), SqlState.INVALID_PARAMETER, "'" + at(name) + "' is missing; expected text");
    }
    if (!value.isTextual()) {
      throw wrong(at(name), value, "text");
    }
    if (value.textValue().isBlank()) {
      throw RefusedException.at(
          at(name), SqlState.INVALID_PARAMETER, "'" + at(name) + "' is blank; expected text");
    }
    return wellFormed(at(name), value.textValue());
  }

  /** A text that need not be there. */
  Optional<String> textIfThere(String name) throws RefusedException {
    return member(name) == null ? Optional.empty() : Optional.of(text(name));
  }

  /** A whole number from {@code least} on, or {@code otherwise} if it is not there. */
  int wholeNumber(String name, int least, int otherwise) throws RefusedException {
    JsonNode value = member(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
      throw RefusedException.at(
          at(name),
          SqlState.INVALID_PARAMETER,
          "'"
              + at(name)
              + "' is "
              + (value.isNumber() ? value.asText() : kind(value))
              + "; expected a whole number from "
              + least
              + " to "
              + Integer.MAX_VALUE);
    }
    return value.intValue();
  }

  /** An object with plain values, as text by name; empty if it is not there. */
  Map<String, String> texts(String name) throws RefusedException {
    JsonNode object = member(name);
    Map<String, String> texts = new LinkedHashMap<>();
    if (object == null) {
      return texts;
    }
    if (!object.isObject()) {
      throw wrong(at(name), object, "an object");
    }
    RequestObject members = new RequestObject(at(name), object);
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!member.getValue().isValueNode() || member.getValue().isNull()) {
        throw wrong(members.at(member.getKey()), member.getValue(), "text or a number");
      }
      texts.put(member.getKey(), member.getValue().asText());
    }
    return texts;
  }

  /** An array of values as statements take them; empty if it is not there. */
  List<@Nullable Object> values(String name) throws RefusedException {
    JsonNode array = member(name);
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      throw wrong(at(name), array, "an array");
    }
    return values(at(name), array);
  }

  private List<@Nullable Object> values(String where, JsonNode array) throws RefusedException {
    List<@Nullable Object> values = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      values.add(value(where + "/" + i, array.get(i)).orElse(null));
    }
    return values;
  }

  private Optional<Object> value(String where, JsonNode value) throws RefusedException {
    switch (value.getNodeType()) {
      case NULL:
        return Optional.empty();
      case BOOLEAN:
        return Optional.of(value.booleanValue());
      case STRING:
        return Optional.of(wellFormed(where, value.textValue()));
      case ARRAY:
        return Optional.of(values(where, value));
      case NUMBER:
        if (value.canConvertToExactIntegral()
            && value.isIntegralNumber()
            && value.canConvertToLong()) {
          return Optional.of(value.longValue());
        }
        BigDecimal number = value.decimalValue();
        if (Math.abs((long) number.precision() - number.scale()) > LARGEST_EXPONENT) {
          throw RefusedException.at(
              where,
              SqlState.NUMERIC_OUT_OF_RANGE,
              "'" + where + "' is " + number + ", which no numeric type holds");
        }
        return Optional.of(number);
      default:
        throw wrong(where, value, "text, a number, true, false, null or an array of such");
    }
  }

  /** Escapes can stand for half a character, which no storage takes. */
  private static String wellFormed(String where, String text) throws RefusedException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 < text.length()
            && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          i++;
        } else {
          throw RefusedException.at(
              where,
              SqlState.INVALID_PARAMETER,
              "'" + where + "' has half a character, a surrogate without the other, at " + i);
        }
      }
    }
    return text;
  }
}
