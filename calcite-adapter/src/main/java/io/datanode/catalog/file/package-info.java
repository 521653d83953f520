/**
 * {@code catalog.yaml} and {@code catalog.json}: what a publisher writes down of storages and
 * nodes. Read strictly; every problem is reported with its line.
 *
 * <p>To add a key, add it to {@code Section}, read it in {@code NodeReader} or {@code
 * CatalogReader}, and describe it in {@code docs/catalog.md}, which a test compares.
 */
@NullMarked
package io.datanode.catalog.file;

import org.jspecify.annotations.NullMarked;
