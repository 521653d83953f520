package io.datanode.server.rest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * JSON of rows as UTF-8. What is between values is for the caller to write. A row is kept whole
 * until it is done, so that one whose value cannot be written leaves nothing behind.
 *
 * <p>Not a JsonGenerator, which spends more on each value's place in the document than writing the
 * value takes: rows all have the same places. Not thread-safe.
 */
final class JsonText {
  private static final int SEND_BYTES = 8192;

  /** Bytes that are enough for a number or a point in time in quotes. */
  private static final int LONGEST = IsoTimes.LONGEST + 2;

  private static final JsonStringEncoder STRINGS = JsonStringEncoder.getInstance();
  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  private final OutputStream out;
  private byte[] text;
  private int length;
  private int whole;

  JsonText(OutputStream out) {
    this(out, SEND_BYTES + 1024);
  }

  private JsonText(OutputStream out, int bytes) {
    this.out = out;
    this.text = new byte[bytes];
  }

  /** A piece of JSON. */
  static byte[] piece(Consumer<JsonText> writing) {
    JsonText json = new JsonText(OutputStream.nullOutputStream(), 128);
    writing.accept(json);
    return Arrays.copyOf(json.text, json.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes an ASCII character as it is. */
  void put(char character) {
    room(1);
    text[length++] = (byte) character;
  }

  /** Writes what is JSON already. */
  void put(byte[] json) {
    room(json.length);
    System.arraycopy(json, 0, text, length, json.length);
    length += json.length;
  }

  /** Writes what is JSON already, and ASCII. */
  void put(String json) {
    put(ascii(json));
  }

  void nothing() {
    put(NULL);
  }

  void truth(boolean value) {
    put(value ? TRUE : FALSE);
  }

  void number(long value) {
    room(LONGEST);
    length = NumberOutput.outputLong(value, text, length);
  }

  /** Writes a double, or the name of what JSON has no number for as a string. */
  void number(double value) {
    room(LONGEST);
    int end = ShortDoubles.write(value, text, length);
    if (end > length) {
      length = end;
    } else if (Double.isFinite(value)) {
      put(ascii(NumberOutput.toString(value, true)));
    } else {
      string(Double.toString(value));
    }
  }

  /** Writes a float as {@link #number(double)} does a double. */
  void number(float value) {
    if (Float.isFinite(value)) {
      put(ascii(NumberOutput.toString(value, true)));
    } else {
      string(Float.toString(value));
    }
  }

  /** Writes all digits, without an exponent. */
  void number(BigDecimal value) {
    put(ascii(value.toPlainString()));
  }

  /** Writes a string in quotes, escaped. */
  void string(String value) {
    room(value.length() + 2);
    int end = length;
    text[end++] = '"';
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        escaped(value);
        return;
      }
      text[end++] = (byte) c;
    }
    text[end++] = '"';
    length = end;
  }

  private void escaped(String value) {
    put('"');
    put(STRINGS.quoteAsUTF8(value));
    put('"');
  }

  /** Writes a point in time as a string. */
  void time(IsoTimes times, long value) {
    room(LONGEST);
    text[length++] = '"';
    length = times.write(value, text, length);
    text[length++] = '"';
  }

  /** What is written so far can be sent. */
  void endRow() throws IOException {
    whole = length;
    if (length >= SEND_BYTES) {
      flush();
    }
  }

  /** Takes back what was written since the last row ended. */
  void dropRow() {
    length = whole;
  }

  /** Hands what is written to the stream, which is not flushed: when to send is its decision. */
  void flush() throws IOException {
    out.write(text, 0, length);
    length = 0;
    whole = 0;
  }

  private void room(int bytes) {
    if (text.length - length < bytes) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, Math.addExact(length, bytes)));
    }
  }
}
