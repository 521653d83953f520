package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of {@code docs/http.md}: each request is answered as the page says. */
@Timeout(60)
class HttpDocumentTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```http\n(\\w+) (\\S+)\n(.*?)```\n```json\n(.*?)```", Pattern.DOTALL);

  /** Tells 1000.00 from 1000. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  @RegisterExtension static final MarketServer market = new MarketServer();

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/http.md"));
  }

  static Stream<Arguments> examples() throws IOException {
    List<MatchResult> found = EXAMPLE.matcher(page()).results().toList();
    return found.stream()
        .map(each -> Arguments.of(each.group(1), each.group(2), each.group(3), each.group(4)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("examples")
  void anExampleIsAnsweredAsThePageSays(String method, String path, String request, String expected)
      throws Exception {
    HttpResponse<String> answer =
        method.equals("POST")
            ? RestRequests.post(market.server(), path, request)
            : market.server().http(method, path, request);
    JsonNode wanted = JSON.readTree(expected);
    assertEquals(wanted, JSON.readTree(answer.body()));
    assertEquals(wanted.has("error"), answer.statusCode() >= 400);
  }

  @Test
  void everyRequestOfThePageIsAnExample() throws IOException {
    long requests = page().lines().filter("```http"::equals).count();
    assertEquals(requests, examples().count());
    assertTrue(requests >= 7, requests + " requests");
  }
}
