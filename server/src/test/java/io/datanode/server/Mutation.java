package io.datanode.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes requests at random: their bytes, and the words and numbers in them. */
final class Mutation {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]+|[0-9.]+|\"[^\"]*\"");

  /** What parsers, planners and storages find hard. */
  private static final List<String> HARD =
      List.of(
          "0",
          "-1",
          "2147483648",
          "-9223372036854775809",
          "1e999",
          "NaN",
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"%\"",
          "''",
          "' OR 1=1 --",
          "\"\\ud800\"",
          "\\u0000",
          "../../etc/passwd",
          "read_csv('/etc/passwd')",
          "SELECT",
          "(((((((((((((((",
          "metadata.queries",
          "\"daily_prices$versions\"",
          "INTERVAL '1' DAY",
          "TIMESTAMP '9999-12-31 23:59:59.999999'",
          "x".repeat(10_000));

  private final Random random;

  Mutation(Random random) {
    this.random = random;
  }

  /** The same with one to three changes. */
  byte[] of(byte[] bytes) {
    byte[] result = bytes;
    for (int times = 1 + random.nextInt(3); times > 0 && result.length > 0; times--) {
      result = random.nextBoolean() ? words(result) : bytes(result);
    }
    return result;
  }

  /** One word replaced by one that is hard, or by another word of the same request. */
  private byte[] words(byte[] bytes) {
    // One character for one byte, so that what is no text stays as it is.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<MatchResult> words = WORD.matcher(text).results().toList();
    if (words.isEmpty()) {
      return bytes(bytes);
    }
    MatchResult changed = words.get(random.nextInt(words.size()));
    String other =
        random.nextInt(3) > 0
            ? HARD.get(random.nextInt(HARD.size()))
            : words.get(random.nextInt(words.size())).group();
    return (text.substring(0, changed.start())
            + Matcher.quoteReplacement(other)
            + text.substring(changed.end()))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Some bytes replaced, removed, repeated, put in, or all after a place cut off. */
  private byte[] bytes(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(8), bytes.length - at);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    switch (random.nextInt(5)) {
      case 0:
        byte[] other = new byte[length];
        random.nextBytes(other);
        out.writeBytes(other);
        out.write(bytes, at + length, bytes.length - at - length);
        break;
      case 1:
        out.write(bytes, at + length, bytes.length - at - length);
        break;
      case 2:
        out.write(bytes, at, length);
        out.write(bytes, at, bytes.length - at);
        break;
      case 3:
        out.write((byte) random.nextInt(256));
        out.write(bytes, at, bytes.length - at);
        break;
      default:
        // Cut off here.
        break;
    }
    return out.toByteArray();
  }
}
