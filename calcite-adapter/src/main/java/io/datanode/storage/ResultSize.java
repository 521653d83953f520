package io.datanode.storage;

/**
 * What is known, before a statement runs, of how many rows it gives. A storage that reads rows in
 * portions at some cost can spare it for few rows.
 *
 * @param limit the rows its own LIMIT lets through; {@link #UNKNOWN} if it has none, or one that is
 *     only known when it runs
 * @param limitable true if it has neither LIMIT nor OFFSET, so that {@code LIMIT n} can be written
 *     after its text
 * @param reduced true if its rows are groups of others, so that they are probably few for the work
 *     they take
 */
public record ResultSize(long limit, boolean limitable, boolean reduced) {
  /** No limit is known. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  /** Of a statement of which nothing is known. */
  public static final ResultSize OF_ANY = new ResultSize(UNKNOWN, false, false);
}
