/**
 * Structured requests for rows: {@link io.datanode.search.SearchRequest}, its JSON ({@link
 * io.datanode.search.SearchJson}), and its translation to a query of {@code plan}.
 *
 * <p>The page docs/search.md gives the meaning of every part. {@code engine} runs what this package
 * makes; nothing here opens a storage.
 */
@NullMarked
package io.datanode.search;

import org.jspecify.annotations.NullMarked;
