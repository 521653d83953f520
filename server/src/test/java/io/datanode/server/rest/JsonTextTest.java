package io.datanode.server.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** JSON of values as it is written, and as Jackson reads it back. */
class JsonTextTest {
  private static String json(Consumer<JsonText> writing) {
    return new String(JsonText.piece(writing), StandardCharsets.UTF_8);
  }

  private static String string(String value) {
    return json(out -> out.string(value));
  }

  @Test
  void numbersKeepTheirDigitsAndTheOthersAreStrings() {
    assertEquals("-9223372036854775808", json(out -> out.number(Long.MIN_VALUE)));
    assertEquals("101.25", json(out -> out.number(101.25)));
    assertEquals("0.30000000000000004", json(out -> out.number(0.1 + 0.2)));
    assertEquals("-0.0", json(out -> out.number(-0.0)));
    assertEquals("1.7976931348623157E308", json(out -> out.number(Double.MAX_VALUE)));
    assertEquals("0.1", json(out -> out.number(0.1f)));
    assertEquals("\"NaN\"", json(out -> out.number(Double.NaN)));
    assertEquals("\"-Infinity\"", json(out -> out.number(Float.NEGATIVE_INFINITY)));
    assertEquals("0.00000000000000000001", json(out -> out.number(new BigDecimal("1E-20"))));
  }

  @Test
  void stringsAreEscaped() {
    assertEquals("\"AAPL US\"", string("AAPL US"));
    assertEquals("\"\"", string(""));
    assertEquals("\"a\\\"b\\\\c\"", string("a\"b\\c"));
    assertEquals("\"\\u0000\\n\\u001F\"", string("\0\n\u001f"));
    assertEquals("\"\u007f é € 😀\"", string("\u007f é € 😀"));
  }

  @Test
  void everyStringIsReadBack() throws IOException {
    Random random = new Random(42);
    ObjectMapper mapper = new ObjectMapper();
    int[] limits = {0x80, 0x100, 0xD800, 0x110000};
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int limit = limits[random.nextInt(limits.length)];
      for (int length = random.nextInt(30); length > 0; length--) {
        int codePoint = random.nextInt(limit);
        if (codePoint < 0xD800 || codePoint > 0xDFFF) {
          text.appendCodePoint(codePoint);
        }
      }
      assertEquals(text.toString(), mapper.readValue(string(text.toString()), String.class));
    }
  }

  @Test
  void halfASurrogateIsAnError() {
    assertThrows(IllegalArgumentException.class, () -> string("a\ud83d"));
  }

  @Test
  void valuesMayBeLongerThanTheBuffer() {
    String text = "é".repeat(1_000_000);
    assertEquals('"' + text + '"', string(text));
  }

  @Test
  void aRowThatCannotBeWrittenLeavesNothing() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    JsonText out = new JsonText(sent);
    out.put("[1");
    out.endRow();
    out.put(',');
    assertThrows(IllegalArgumentException.class, () -> out.string("\udc00"));
    out.dropRow();
    out.put(']');
    out.flush();
    assertEquals("[1]", sent.toString(StandardCharsets.UTF_8));
  }
}
