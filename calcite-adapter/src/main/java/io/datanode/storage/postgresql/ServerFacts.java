package io.datanode.storage.postgresql;

/**
 * What of a database decides how SQL is written for it.
 *
 * @param version the major version, for example 18
 * @param binaryCollation true if the database compares text by code point unless told otherwise
 */
record ServerFacts(int version, boolean binaryCollation) {}
