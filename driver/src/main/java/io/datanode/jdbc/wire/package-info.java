/**
 * What driver and server say to each other: a small binary format, version 1, in the bodies of HTTP
 * POST requests.
 *
 * <p>Requests and responses are made and read by {@link io.datanode.jdbc.wire.WireFormat}. A
 * response is a sequence of frames, each one byte for its {@link io.datanode.jdbc.wire.Frame}, four
 * bytes for its length (little-endian), then that many bytes. The rows of a result are written by a
 * {@link io.datanode.jdbc.wire.ResultWriter}, column by column. Used by both sides; uses {@code
 * session} and {@code batch} only.
 */
package io.datanode.jdbc.wire;
