package io.datanode.server.rest;

/** Digits of whole numbers, in ASCII. */
final class Digits {
  /** The two digits of each number below 100, one number after the other. */
  private static final byte[] PAIRS = pairs();

  private Digits() {}

  private static byte[] pairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  /** Writes a number below 100 as two digits. */
  static void pair(int number, byte[] text, int place) {
    text[place] = PAIRS[2 * number];
    text[place + 1] = PAIRS[2 * number + 1];
  }

  /** Writes a number as so many digits, with zeros before it; gives the place behind. */
  static int fill(int number, int digits, byte[] text, int place) {
    int rest = number;
    for (int i = place + digits - 1; i >= place; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return place + digits;
  }
}
