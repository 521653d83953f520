package io.datanode.catalog.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.datanode.catalog.declaration.Problems;
import io.datanode.catalog.declaration.References;
import io.datanode.catalog.declaration.Value;
import io.datanode.catalog.declaration.Value.Mapping;
import io.datanode.catalog.declaration.Value.Place;
import io.datanode.catalog.declaration.Value.Scalar;
import io.datanode.catalog.declaration.Value.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads YAML or JSON into values that know their lines. */
final class SourceReader {
  private final JsonParser parser;
  private final Problems problems;
  private final References references;
  private final Map<String, Value> anchors = new HashMap<>();

  private SourceReader(JsonParser parser, Problems problems, References references) {
    this.parser = parser;
    this.problems = problems;
    this.references = references;
  }

  /**
   * Reads a text.
   *
   * @param yaml true for YAML, false for JSON
   * @param references what references in it stand for
   * @return empty if nothing could be read, which is then among the problems
   */
  static Optional<Value> read(String text, boolean yaml, Problems problems, References references) {
    try (JsonParser parser = factory(yaml).createParser(text)) {
      if (parser.nextToken() == null) {
        problems.add(new Place(1, 1), "The catalog is empty; expected storages and nodes");
        return Optional.empty();
      }
      SourceReader reader = new SourceReader(parser, problems, references);
      Value value = reader.value();
      if (parser.nextToken() != null) {
        problems.add(reader.here(), "A second document begins here; expected one");
      }
      return Optional.of(value);
    } catch (JsonProcessingException e) {
      problems.add(place(e), "Not well-formed " + (yaml ? "YAML" : "JSON") + ": " + words(e));
      return Optional.empty();
    } catch (IOException e) {
      problems.add(new Place(1, 1), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static JsonFactory factory(boolean yaml) {
    if (!yaml) {
      return new JsonFactory();
    }
    LoaderOptions options = new LoaderOptions();
    // The default of 3 MB is less than a catalog of 10,000 nodes.
    options.setCodePointLimit(Integer.MAX_VALUE);
    return YAMLFactory.builder().loaderOptions(options).build();
  }

  private Value value() throws IOException {
    JsonToken token = parser.currentToken();
    Place place = here();
    String anchor = null;
    if (parser instanceof YAMLParser yaml) {
      if (yaml.isCurrentAlias()) {
        Value target = anchors.get(parser.getText());
        if (target == null) {
          problems.add(place, "There is no anchor '&" + parser.getText() + "' before this");
          return new Scalar(place, Scalar.Type.NOTHING, "", references);
        }
        return target;
      }
      anchor = yaml.getObjectId() == null ? null : String.valueOf(yaml.getObjectId());
    }
    Value value;
    if (token == JsonToken.START_OBJECT) {
      value = mapping(place);
    } else if (token == JsonToken.START_ARRAY) {
      value = sequence(place);
    } else {
      value = scalar(place, token);
    }
    if (anchor != null) {
      anchors.put(anchor, value);
    }
    return value;
  }

  private Mapping mapping(Place place) throws IOException {
    Map<String, Value> entries = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place keyPlace = here();
      parser.nextToken();
      Value value = value();
      Place first = keys.putIfAbsent(key, keyPlace);
      if (first == null) {
        entries.put(key, value);
      } else {
        problems.add(keyPlace, "Key '" + key + "' is already given in line " + first.line());
      }
    }
    return new Mapping(place, entries, keys);
  }

  private Sequence sequence(Place place) throws IOException {
    List<Value> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value());
    }
    return new Sequence(place, items);
  }

  private Scalar scalar(Place place, JsonToken token) throws IOException {
    String raw = token == JsonToken.VALUE_NULL ? "" : parser.getText();
    Scalar.Type type =
        switch (token) {
          case VALUE_NULL -> Scalar.Type.NOTHING;
          case VALUE_TRUE, VALUE_FALSE -> Scalar.Type.BOOLEAN;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Scalar.Type.NUMBER;
          // A key without value, which the YAML parser takes for a text.
          default -> raw.isEmpty() ? Scalar.Type.NOTHING : Scalar.Type.TEXT;
        };
    return new Scalar(place, type, raw, references);
  }

  private Place here() {
    JsonLocation location = parser.currentTokenLocation();
    return new Place(location.getLineNr(), location.getColumnNr());
  }

  private static Place place(JsonProcessingException e) {
    if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
      return new Place(yaml.getProblemMark().getLine() + 1, yaml.getProblemMark().getColumn() + 1);
    }
    JsonLocation location = e.getLocation();
    return location == null
        ? new Place(1, 1)
        : new Place(location.getLineNr(), location.getColumnNr());
  }

  private static String words(JsonProcessingException e) {
    if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblem() != null) {
      return yaml.getProblem();
    }
    return e.getOriginalMessage().lines().findFirst().orElse("unexpected end");
  }
}
