package io.datanode.differential;

import java.util.List;
import java.util.Random;

/** Choices that are the same for the same seed. */
final class Dice {
  private final Random random;

  /** Dice for one query of a seed, whatever was generated before it. */
  Dice(long seed, long query) {
    // Seeds that differ by little give first numbers of Random that differ by little.
    random = new Random((seed * 0x9E3779B97F4A7C15L) ^ (query * 0xC2B2AE3D27D4EB4FL));
    random.nextLong();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
