package io.datanode.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Search requests as JSON: reads what the Python models of the reference accept, of both eras that
 * had them, and writes what they write. Thread-safe.
 *
 * <p>As in the reference, keys that mean nothing are passed over, unless the codec is {@link
 * #strict()}; whole numbers may be given as text; a join that does not say {@code on} is on {@link
 * JoinSpec#DEFAULT_ON}. Sizes are bounded by {@link SearchRequest} and by {@link #MAX_BYTES}.
 *
 * @see "mainsequence-sdk, mainsequence/client/data_filters.py at commit 2c24f2b9 and
 *     mainsequence/tdag/data_nodes/filters.py at commit 7346cd4d"
 */
public final class SearchJson {
  /** The longest request that is read. */
  public static final int MAX_BYTES = 16 << 20;

  /** Many times what the lists of a filter may hold, for all values and names of a request. */
  private static final int MAX_TOKENS = 400_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          // A group is an object with an array in it.
                          .maxNestingDepth(2 * FilterSize.MAX_DEPTH + 10)
                          .maxDocumentLength(MAX_BYTES)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final SearchJson MODELS = new SearchJson(false, SearchRequest.MODEL_LIMIT);
  private static final SearchJson WIRE = new SearchJson(false, SearchRequest.MAX_LIMIT);

  private final boolean strict;
  private final long maxLimit;

  private SearchJson(boolean strict, long maxLimit) {
    this.strict = strict;
    this.maxLimit = maxLimit;
  }

  /** Reads what the models accept: a limit of at most {@link SearchRequest#MODEL_LIMIT}. */
  public static SearchJson models() {
    return MODELS;
  }

  /**
   * Reads what the client sends: pages of up to {@link SearchRequest#MAX_LIMIT} rows, because it
   * puts its own page size in place of the limit of the model.
   */
  public static SearchJson wire() {
    return WIRE;
  }

  /** The same, but a key that means nothing, or that is written twice, is an error. */
  public SearchJson strict() {
    return new SearchJson(true, maxLimit);
  }

  /**
   * Reads a request.
   *
   * @param json UTF-8
   * @throws InvalidSearchException 22023 with the rule that is broken and where, or where the JSON
   *     ends or stops being JSON; 54000 if a limit is passed
   */
  public SearchRequest read(byte[] json) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      return read(parser);
    } catch (IOException e) {
      throw unreadable(e, "");
    }
  }

  /** Reads a request from text, as {@link #read(byte[])}. */
  public SearchRequest read(String json) {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }

  private SearchRequest read(JsonParser parser) {
    JsonNode tree;
    try {
      if (strict) {
        parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      }
      tree = MAPPER.readTree(parser);
      if (tree != null && parser.nextToken() != null) {
        throw InvalidSearchException.rule("", "There is more after the end of the request");
      }
    } catch (IOException e) {
      throw unreadable(e, parser.getParsingContext().pathAsPointer().toString());
    }
    if (tree == null || tree.isMissingNode()) {
      throw InvalidSearchException.rule("", "The request is empty; it should be a JSON object");
    }
    return new RequestReader(strict, maxLimit).request(new JsonPlace(tree, ""));
  }

  private static InvalidSearchException unreadable(IOException e, String pointer) {
    if (e instanceof StreamConstraintsException constraint) {
      String limit = constraint.getOriginalMessage();
      if (limit.contains("nesting depth")) {
        return FilterSize.tooDeep(pointer);
      }
      return limit.contains("Token count")
          ? FilterSize.tooManyValues(pointer)
          : InvalidSearchException.tooLarge(pointer, JsonPlace.reason(constraint));
    }
    if (e instanceof JsonProcessingException syntax) {
      String where =
          syntax.getLocation() == null
              ? ""
              : " at line "
                  + syntax.getLocation().getLineNr()
                  + ", column "
                  + syntax.getLocation().getColumnNr();
      return InvalidSearchException.rule(
          pointer, "This is not JSON" + where + ": " + JsonPlace.reason(syntax));
    }
    return InvalidSearchException.rule(pointer, "This is not JSON in UTF-8: " + e.getMessage());
  }

  /**
   * The request as the Python models write it: keys without a value are left out, times are in ISO
   * 8601 with the offset they have, NaN and infinite numbers are null.
   */
  public String write(SearchRequest request) {
    return MAPPER.valueToTree(RequestWriter.json(request)).toString();
  }
}
