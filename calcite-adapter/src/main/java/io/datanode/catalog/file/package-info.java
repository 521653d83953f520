/**
 * {@code catalog.yaml} and {@code catalog.json}: what a publisher writes down of storages and
 * nodes. Every problem is reported with its line. The keys are those of {@link
 * io.datanode.catalog.declaration}.
 */
@NullMarked
package io.datanode.catalog.file;

import org.jspecify.annotations.NullMarked;
