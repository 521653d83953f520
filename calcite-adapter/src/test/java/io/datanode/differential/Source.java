package io.datanode.differential;

/** What stands after FROM, and the columns it gives. */
record Source(Sql sql, Scope scope) {}
