/**
 * What a data node is: its name, where its rows are, its columns and their roles. Values only;
 * knows no engine.
 */
@NullMarked
package io.datanode.node;

import org.jspecify.annotations.NullMarked;
