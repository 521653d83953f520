package io.datanode.server.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Decimals of few digits as text, beside the shortest text that gives the double back. */
class ShortDoublesTest {
  private static String text(double value) {
    byte[] text = new byte[19];
    int end = ShortDoubles.write(value, text, 3);
    return new String(text, 3, end - 3, StandardCharsets.US_ASCII);
  }

  @Test
  void pricesAreWrittenWithTheDigitsTheyHave() {
    assertEquals("101.25", text(101.25));
    assertEquals("-0.1", text(-0.1));
    assertEquals("100.0", text(100));
    assertEquals("0.001", text(0.001));
    assertEquals("0.300001", text(0.300001));
    assertEquals("9999999.999999", text(9_999_999.999999));
    assertEquals("-9999999.0", text(-9_999_999));
  }

  @Test
  void allElseIsLeft() {
    double[] others = {
      0,
      -0.0,
      0.1 + 0.2,
      1.0 / 3,
      1e7,
      1e-4,
      0.0009,
      1e300,
      9_999_999.9999999,
      Math.PI,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.MIN_VALUE
    };
    for (double other : others) {
      assertEquals("", text(other));
    }
  }

  @Test
  void theTextIsTheShortestThatGivesTheDoubleBack() {
    Random random = new Random(42);
    int written = 0;
    for (int i = 0; i < 1_000_000; i++) {
      double places = Math.pow(10, random.nextInt(9));
      double size = Math.pow(10, random.nextInt(9) - 1);
      double value = Math.round((random.nextDouble() - 0.5) * size * places) / places;
      // Its neighbour too: a double that is no such decimal must not be written as one.
      for (double each : new double[] {value, Math.nextUp(value)}) {
        String text = text(each);
        if (!text.isEmpty()) {
          assertEquals(NumberOutput.toString(each, true), text);
          written++;
        }
      }
    }
    assertTrue(written > 500_000, written + " of 2,000,000");
  }
}
