/**
 * Fixed reads: the rows of one node between dates, for some of its assets, in a window for each of
 * them; the last observation of each; how far each has come. They are what the read calls of the
 * reference's client ask for.
 *
 * <p>{@link io.datanode.read.FixedRead} is the question, {@link io.datanode.read.FixedReadJson}
 * reads it from JSON, {@link io.datanode.read.FixedReads} answers it in a session. A read becomes a
 * query of {@code plan} whose text does not depend on how many assets or windows are asked for. The
 * page docs/search.md gives the meaning of every part. Used by {@code io.datanode.DataNodes} and by
 * the server; uses {@code engine} and the JSON places of {@code search}.
 */
@NullMarked
package io.datanode.read;

import org.jspecify.annotations.NullMarked;
