package io.datanode.server.session;

/**
 * How much one user may hold at the same time. Where nobody logs in, a user is who the client says
 * it is.
 *
 * @param sessions open sessions
 * @param runningStatements statements that have an unfinished result
 * @param memory bytes of requests that arrive or are answered, of answers that clients have not
 *     taken yet, and of rows shipped between storages; 0 for any number
 * @param requestsPerSecond requests, on average; 0 for any number
 */
public record UserLimits(int sessions, int runningStatements, long memory, int requestsPerSecond) {}
