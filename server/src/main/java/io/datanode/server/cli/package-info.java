/**
 * The command line: {@link io.datanode.server.cli.Main} and one class per command. To add a
 * command, write a class with {@code @Command} and name it in {@code Main}.
 */
@NullMarked
package io.datanode.server.cli;

import org.jspecify.annotations.NullMarked;
