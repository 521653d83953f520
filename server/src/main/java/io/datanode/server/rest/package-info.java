/**
 * Plain HTTP for people and programs without a driver: JSON requests under {@code /v1}, answered by
 * rows as JSON, CSV or Arrow while they are read. Each request runs in a session of its own, which
 * ends with it.
 *
 * <p>To add a format, write a {@link io.datanode.server.rest.RowsWriter} and list it in {@link
 * io.datanode.server.rest.RowsFormat}.
 */
@NullMarked
package io.datanode.server.rest;

import org.jspecify.annotations.NullMarked;
