package io.datanode.server.cli;

/** How events are logged: a line of text each, or an object in JSON. */
enum LogFormat {
  TEXT,
  JSON
}
