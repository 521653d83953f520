package io.datanode.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.datanode.node.Nearest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value of a request and where it is. Checks what it is in the words of pydantic, the library of
 * the reference's models.
 *
 * @param pointer as RFC 6901 writes it
 */
public record JsonPlace(JsonNode json, String pointer) {
  /** What Jackson tells programmers who use it: settings of its own, and that it hides texts. */
  private static final Pattern ADVICE =
      Pattern.compile(": enable `.*|, from `[^`]*`|Source: REDACTED \\(.*?\\); ");

  /** Why a text is no JSON, or too much of it, for those who wrote the text. */
  public static String reason(JsonProcessingException failure) {
    return ADVICE.matcher(failure.getOriginalMessage()).replaceAll("");
  }

  /** The error 22023 that something is wrong here. */
  public InvalidSearchException invalid(String reason) {
    return InvalidSearchException.rule(pointer, reason);
  }

  /** The value of a key, or null if there is none or it is JSON's null. */
  public @Nullable JsonPlace optional(String key) {
    JsonNode value = json.get(key);
    return value == null || value.isNull() ? null : at(key, value);
  }

  /** The value of a key, which may be JSON's null; null if the key is not there. */
  public @Nullable JsonPlace present(String key) {
    JsonNode value = json.get(key);
    return value == null ? null : at(key, value);
  }

  /**
   * The value of a key, which may be JSON's null.
   *
   * @throws InvalidSearchException 22023 if the key is not there
   */
  public JsonPlace required(String key) {
    JsonNode value = json.get(key);
    if (value == null) {
      throw new JsonPlace(json, pointer + "/" + key).invalid("Field required");
    }
    return at(key, value);
  }

  private JsonPlace at(String key, JsonNode value) {
    return new JsonPlace(value, pointer + "/" + key);
  }

  /**
   * This, which is an object.
   *
   * @throws InvalidSearchException 22023 if it is not
   */
  public JsonPlace object() {
    if (!json.isObject()) {
      throw invalid("Input should be an object");
    }
    return this;
  }

  /**
   * The items of an array, each with its place.
   *
   * @throws InvalidSearchException 22023 if it is no array
   */
  public List<JsonPlace> list() {
    if (!json.isArray()) {
      throw invalid("Input should be a valid list");
    }
    List<JsonPlace> items = new ArrayList<>(json.size());
    for (int i = 0; i < json.size(); i++) {
      items.add(new JsonPlace(json.get(i), pointer + "/" + i));
    }
    return items;
  }

  /**
   * A text.
   *
   * @throws InvalidSearchException 22023 if it is none, or holds half a surrogate pair
   */
  public String string() {
    if (!json.isTextual()) {
      throw invalid("Input should be a valid string");
    }
    String text = json.textValue();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw invalid("Input should be a valid string, not one with half a surrogate pair");
      }
    }
    return text;
  }

  /**
   * A whole number, which may be written as text.
   *
   * @throws InvalidSearchException 22023 if it is none, or not between these, both included
   */
  public long whole(long least, long most) {
    BigDecimal number;
    if (json.isNumber()) {
      number = json.decimalValue();
    } else if (json.isTextual()) {
      try {
        number = new BigDecimal(json.textValue().strip());
      } catch (NumberFormatException e) {
        throw invalid("Input should be a valid integer, unable to parse string as an integer");
      }
    } else {
      throw invalid("Input should be a valid integer");
    }
    if (number.compareTo(BigDecimal.valueOf(least)) < 0) {
      throw invalid(SearchRequest.atLeast(least));
    }
    if (number.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw invalid(SearchRequest.atMost(most));
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw invalid("Input should be a valid integer, got a number with a fractional part");
    }
  }

  /** One of some words, each a choice. */
  String choice(List<String> tokens) {
    String text = json.isTextual() ? json.textValue() : "";
    if (!tokens.contains(text)) {
      throw invalid("Input should be " + choices(tokens));
    }
    return text;
  }

  private static String choices(List<String> tokens) {
    List<String> quoted = tokens.stream().map(token -> "'" + token + "'").toList();
    int last = quoted.size() - 1;
    return quoted.subList(0, last).stream().collect(Collectors.joining(", "))
        + " or "
        + quoted.get(last);
  }

  /**
   * Refuses keys other than these.
   *
   * @throws InvalidSearchException 22023 at the first other one, with the nearest of these
   */
  public void only(Collection<String> known) {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw InvalidSearchException.rule(
            pointer + "/" + name.replace("~", "~0").replace("/", "~1"),
            "Extra inputs are not permitted" + Nearest.hint(name, "keys", known));
      }
    }
  }
}
