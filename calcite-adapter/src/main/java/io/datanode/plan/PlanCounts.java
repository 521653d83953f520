package io.datanode.plan;

/**
 * What became of requests for plans, since the start.
 *
 * @param found plans that were remembered
 * @param made plans that were not
 */
public record PlanCounts(long found, long made) {
  /** No requests. */
  public static final PlanCounts NONE = new PlanCounts(0, 0);

  /** Both together. */
  public PlanCounts plus(PlanCounts other) {
    return new PlanCounts(found + other.found, made + other.made);
  }
}
