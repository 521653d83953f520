package io.datanode.storage;

/**
 * Connections of a pool.
 *
 * @param active in use
 * @param idle open and not in use
 * @param waiting statements that wait for one
 * @param max how many there may be
 */
public record ConnectionCounts(int active, int idle, int waiting, int max) {}
