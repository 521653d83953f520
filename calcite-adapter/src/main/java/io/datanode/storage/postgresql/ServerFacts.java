package io.datanode.storage.postgresql;

/**
 * What of a database decides how SQL is written for it.
 *
 * @param version the major version, for example 18
 * @param binaryCollation true if the database compares text by code point unless told otherwise
 * @param timescale true if the extension {@code timescaledb} is installed in it
 * @param citus true if the extension {@code citus} is installed in it
 */
record ServerFacts(int version, boolean binaryCollation, boolean timescale, boolean citus) {}
