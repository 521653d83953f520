package io.datanode.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * Two ways to the same answer, timed in turn. What counts is the ratio of the two times within a
 * round, so that whatever else the machine does hits both.
 */
public final class Race {
  private final int warmUps;
  private final int rounds;

  /**
   * A race.
   *
   * @param warmUps rounds that are not counted
   * @param rounds rounds that are
   */
  public Race(int warmUps, int rounds) {
    this.warmUps = warmUps;
    this.rounds = rounds;
  }

  /** Work that gives a number by which its answer is recognised. */
  public interface Work {
    /**
     * Does the work once.
     *
     * @param turn counts the repeats within a timing, from 0
     */
    double run(int turn) throws Exception;
  }

  /**
   * Runs both and prints one line.
   *
   * @param name what is compared
   * @param goal what the ratio, our time to the peer's, should be at most; NaN for no goal
   * @param repeats how often the work is done per timing
   */
  public Outcome run(String name, double goal, int repeats, Work ours, Work peer) throws Exception {
    double[] ourTimes = new double[rounds];
    double[] peerTimes = new double[rounds];
    double[] ratios = new double[rounds];
    for (int round = -warmUps; round < rounds; round++) {
      double[] first = round % 2 == 0 ? timed(ours, repeats) : timed(peer, repeats);
      double[] second = round % 2 == 0 ? timed(peer, repeats) : timed(ours, repeats);
      double[] our = round % 2 == 0 ? first : second;
      double[] other = round % 2 == 0 ? second : first;
      if (Math.abs(our[1] - other[1]) > 1e-9 * Math.abs(other[1])) {
        throw new IllegalStateException(
            name + ": the answers differ, " + our[1] + " and " + other[1]);
      }
      if (round >= 0) {
        ourTimes[round] = our[0];
        peerTimes[round] = other[0];
        ratios[round] = our[0] / other[0];
      }
    }
    Outcome outcome =
        new Outcome(
            name,
            goal,
            median(ourTimes),
            median(peerTimes),
            median(ratios),
            fastest(ourTimes) / fastest(peerTimes));
    System.out.println(outcome);
    return outcome;
  }

  /** Milliseconds for one run, and the answer. */
  private static double[] timed(Work work, int repeats) throws Exception {
    double answer = 0;
    long start = System.nanoTime();
    for (int i = 0; i < repeats; i++) {
      answer += work.run(i);
    }
    return new double[] {(System.nanoTime() - start) / 1e6 / repeats, answer};
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double fastest(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  /**
   * What a race came to.
   *
   * @param ours median milliseconds
   * @param peer median milliseconds
   * @param ratio median of our time to the peer's within a round
   * @param fastest our fastest time to the peer's fastest: the ratio on a machine that is busy with
   *     other things
   */
  public record Outcome(
      String name, double goal, double ours, double peer, double ratio, double fastest) {
    /** A row of a Markdown table. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %s | %.2f ms | %.2f ms | %.2f× | %.2f× | %s |",
          name,
          ours,
          peer,
          ratio,
          fastest,
          Double.isNaN(goal) ? "" : String.format(Locale.ROOT, "≤ %.2f×", goal));
    }

    /** The head of that table. */
    public static String head() {
      return "| what | ours | peer | ours / peer | fastest / fastest | goal |\n"
          + "|---|---|---|---|---|---|";
    }
  }
}
