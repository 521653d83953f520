/**
 * Our roads beside their peers: {@link io.datanode.benchmarks.Race} runs both in turn, in one
 * process, and compares them round by round. Not part of the tests.
 */
@NullMarked
package io.datanode.benchmarks;

import org.jspecify.annotations.NullMarked;
