/**
 * What holds rows: a {@link io.datanode.storage.Storage} describes its tables and runs one {@link
 * io.datanode.storage.StorageQuery} at a time per {@link io.datanode.storage.RunningQuery}.
 *
 * <p>To add a storage, write a subpackage with a {@link io.datanode.storage.StorageProvider}, list
 * it in {@code META-INF/services}, and extend {@code StorageContract}.
 */
@NullMarked
package io.datanode.storage;

import org.jspecify.annotations.NullMarked;
