/** The HTTP server and the command line of DataNode SQL. */
package io.datanode.server;
